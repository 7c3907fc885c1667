"""A password is changed by who knows it, is not taken up again, and may have to be another after some days."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from haochaping.accounts.models import Official, PastPassword
from haochaping.accounts.operations.officials import issue_login_link, set_password
from haochaping.accounts.operations.passwords import change_password
from haochaping.accounts.operations.sign_in import TooManyFailures
from haochaping.accounts.queries.passwords import password_expired
from haochaping.accounts.sign_in_rules import SignInRules
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Invalid, NotFound
from tests.orders import make_city, make_official

FIRST = "昆明-春城-2026-滇池"


@pytest.fixture
def official(db: None, now: datetime, settings: Settings) -> UUID:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = make_official(make_city().police, now, "zhao")
    set_password(token=issue_login_link(official_id=made, now=now, actor="test"), password=FIRST, now=now)
    return made


def change(official: UUID, old: str, new: str, now: datetime) -> str:
    """The code of the first problem, or "changed"."""
    try:
        change_password(official_id=official, old=old, new=new, now=now)
    except Invalid as refusal:
        return refusal.problems[0].code
    except TooManyFailures as refusal:
        return refusal.code
    return "changed"


def password(number: int) -> str:
    return f"翠湖-海鸥-第{number}次-红嘴鸥"


def test_none_of_the_last_five_is_taken_up_again(official: UUID, now: datetime) -> None:
    assert change(official, FIRST, FIRST, now) == "used"
    last = FIRST
    for number in range(4):
        now += timedelta(days=1)
        assert change(official, last, password(number), now) == "changed"
        last = password(number)
    assert change(official, last, FIRST, now) == "used"
    assert change(official, last, password(4), now + timedelta(days=1)) == "changed"
    assert change(official, password(4), FIRST, now + timedelta(days=2)) == "changed"
    assert PastPassword.objects.count() == 4


def test_a_link_takes_up_no_old_one_either(official: UUID, now: datetime) -> None:
    token = issue_login_link(official_id=official, now=now, actor="test")
    with pytest.raises(Invalid):
        set_password(token=token, password=FIRST, now=now)
    assert set_password(token=token, password=password(1), now=now).id == official


def test_an_installation_may_want_no_history(official: UUID, now: datetime, settings: Settings) -> None:
    settings.SIGN_IN_RULES = SignInRules(password_history=0)
    assert change(official, FIRST, password(1), now) == "changed"
    assert change(official, password(1), FIRST, now) == "changed"
    assert not PastPassword.objects.exists()


@pytest.mark.parametrize(("new", "code"), [("short", "weak"), ("password123", "weak"), ("8" * 20, "weak")])
def test_a_weak_one_is_refused(official: UUID, now: datetime, new: str, code: str) -> None:
    assert change(official, FIRST, new, now) == code
    assert Official.objects.get().check_password(FIRST)


def test_who_does_not_know_the_present_one_is_slowed_down(official: UUID, now: datetime) -> None:
    answers = [change(official, "wrong", password(1), now) for _ in range(6)]
    assert answers == ["wrong"] * 5 + ["locked"]
    assert change(official, FIRST, password(1), now + timedelta(minutes=1)) == "changed"
    assert AuditEntry.objects.filter(act="official.change_password", actor="official:zhao").count() == 1


def test_it_grows_old_only_where_days_are_laid_down(
    official: UUID, now: datetime, settings: Settings
) -> None:
    far = now + timedelta(days=3650)
    assert not password_expired(official_id=official, now=far)
    settings.SIGN_IN_RULES = SignInRules(password_days=90)
    day = now + timedelta(days=90)
    assert [password_expired(official_id=official, now=at) for at in (day - timedelta(seconds=1), day)] == [
        False,
        True,
    ]
    Official.objects.update(password_set_at=None)  # of an account of before: counted from when it was made
    assert password_expired(official_id=official, now=day)
    assert not password_expired(official_id=UUID(int=1), now=far)


def test_an_account_that_has_ended_has_no_password_to_change(official: UUID, now: datetime) -> None:
    Official.objects.update(is_active=False)
    with pytest.raises(NotFound):
        change_password(official_id=official, old=FIRST, new=password(1), now=now)
