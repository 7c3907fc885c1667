"""Officials come in once by a link, then by their password, and only as far as the posts of the day reach."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from haochaping.accounts.models import LoginLink, Official, Post
from haochaping.accounts.operations.officials import NewPost, create_official, issue_login_link, set_password
from haochaping.accounts.queries.officials import holds, official, scope
from haochaping.accounts.rules import Permission, Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotFound
from tests.orders import City, make_city, make_official

PASSWORD = "昆明-春城-2026-滇池"


def test_a_link_sets_one_password_once(city: City, now: datetime) -> None:
    person = make_official(city.police, now, "zhao.min")
    assert not Official.objects.get().has_usable_password()
    token = issue_login_link(official_id=person, now=now, actor="test")
    assert set_password(token=token.lower(), password=PASSWORD, now=now).id == person
    assert Official.objects.get().check_password(PASSWORD)
    with pytest.raises(NotFound):
        set_password(token=token, password="another-password-1", now=now)
    assert Official.objects.get().check_password(PASSWORD)
    acts = list(AuditEntry.objects.order_by("id").values_list("act", "subject"))
    assert sorted(acts) == [
        ("official.create", "official:zhao.min"),
        ("official.login_link", "official:zhao.min"),
        ("official.set_password", "official:zhao.min"),
    ]


def test_only_a_keyed_hash_of_the_link_is_kept(city: City, now: datetime) -> None:
    token = issue_login_link(official_id=make_official(city.police, now, "zhao"), now=now, actor="test")
    assert len(bytes(LoginLink.objects.get().digest)) == 32
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l::text, (SELECT array_agg(a::text) FROM audit_auditentry a) FROM accounts_loginlink l"
        )
        assert token not in str(cursor.fetchone()).upper()


def test_a_link_ends_after_seven_days_and_when_a_newer_one_is_issued(city: City, now: datetime) -> None:
    person = make_official(city.police, now, "zhao")
    first = issue_login_link(official_id=person, now=now, actor="test")
    second = issue_login_link(official_id=person, now=now, actor="test")
    for token, when in ((first, now), (second, now + timedelta(days=7))):
        with pytest.raises(NotFound):
            set_password(token=token, password=PASSWORD, now=when)
    set_password(token=second, password=PASSWORD, now=now + timedelta(days=7, microseconds=-1))


@pytest.mark.parametrize("token", ["", "x", "U" * 26, "0" * 26, "昆" * 26, "0" * 500])
def test_a_token_that_is_none_is_refused_like_a_used_one(city: City, now: datetime, token: str) -> None:
    with pytest.raises(NotFound) as refusal:
        set_password(token=token, password=PASSWORD, now=now)
    assert refusal.value.code == "login_link"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short-1", "密码太短，请至少用10个字符。"),
        ("6174027593184", "密码不能全是数字，请加上文字、字母或符号。"),
        ("password123", "这是很多人都在用的密码，容易被猜中，请换一个。"),
        ("zhao.min.zhao1", "密码与用户名太相近，容易被猜中，请换一个。"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(
    city: City, now: datetime, password: str, words: str
) -> None:
    token = issue_login_link(
        official_id=make_official(city.police, now, "zhao.min.zhao"), now=now, actor="test"
    )
    with pytest.raises(Invalid) as refusal:
        set_password(token=token, password=password, now=now)
    assert [(problem.field, problem.message) for problem in refusal.value.problems] == [("password", words)]
    set_password(token=token, password=PASSWORD, now=now)


@pytest.mark.parametrize(
    ("username", "name", "posts", "field"),
    [
        ("Zhao", "赵敏", 1, "username"),
        ("zh", "赵敏", 1, "username"),
        ("zhao min", "赵敏", 1, "username"),
        ("taken", "赵敏", 1, "username"),
        ("zhao", " ", 1, "name"),
        ("zhao", "赵敏", 0, "posts"),
    ],
)
def test_what_an_official_needs(
    city: City, now: datetime, username: str, name: str, posts: int, field: str
) -> None:
    make_official(city.police, now, "taken")
    with pytest.raises(Invalid) as refusal:
        create_official(
            username=username,
            name=name,
            posts=[NewPost(city.police, Role.ORGANISATION_HANDLER)] * posts,
            now=now,
            actor="test",
        )
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert Official.objects.count() == 1


def test_how_far_a_post_reaches(city: City, now: datetime) -> None:
    day = local_day(now)
    handler = make_official(city.police, now, "handler")
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    view, handle = Permission.VIEW_ORDERS, Permission.HANDLE_ORDERS
    assert scope(official_id=handler, permission=view, on=day) == {city.police}
    assert scope(official_id=handler, permission=handle, on=day) == {city.police}
    assert scope(official_id=officer, permission=view, on=day) == {city.authority, city.police, city.county}
    assert scope(official_id=officer, permission=handle, on=day) == frozenset()
    assert holds(official_id=officer, permission=view, on=day)
    assert not holds(official_id=officer, permission=handle, on=day)
    assert not holds(official_id=uuid4(), permission=view, on=day)


def test_a_post_counts_on_its_days_and_an_ended_account_on_none(city: City, now: datetime) -> None:
    day = local_day(now)
    person = make_official(city.police, now, "zhao")
    Post.objects.update(valid_to=day + timedelta(days=1))

    def may(on: int) -> bool:
        return holds(official_id=person, permission=Permission.VIEW_ORDERS, on=day + timedelta(days=on))

    assert [may(on) for on in (-1, 0, 1, 2)] == [False, True, True, False]
    Official.objects.update(is_active=False)
    assert not may(0)
    assert official(official_id=person, on=day) is None


@pytest.mark.usefixtures("committed_db")
def test_two_who_use_one_link_at_once_set_one_password(now: datetime) -> None:
    token = issue_login_link(
        official_id=make_official(make_city().police, now, "zhao"), now=now, actor="test"
    )

    def use(password: str) -> bool:
        try:
            set_password(token=token, password=password, now=now)
        except NotFound:
            return False
        finally:
            connection.close()
        return True

    passwords = [f"{PASSWORD}-{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(use, passwords))
    assert won.count(True) == 1
    assert Official.objects.get().check_password(passwords[won.index(True)])
    assert AuditEntry.objects.filter(act="official.set_password").count() == 1
