"""Posts with their days, deputies, who is which member of staff: what a system administrator may lay down, and for whom."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.models import Deputy, Official, OfficialSession, Post, StaffLink
from haochaping.accounts.operations import posts as operations
from haochaping.accounts.operations.appointing import appoint, let_in_again
from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.queries.directory import official_sheet, officials_in_reach
from haochaping.accounts.queries.officials import acting, is_staff, official, scope
from haochaping.accounts.rules import Permission, Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.registry import models as registry
from tests.orders import City, make_official

DAY = timedelta(days=1)
VIEW, HANDLE = Permission.VIEW_ORDERS, Permission.HANDLE_ORDERS


@pytest.fixture
def admin(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def wang(city: City, now: datetime) -> UUID:
    return named(city.police, now, "wang.wu", "王五")


@pytest.fixture
def li(city: City, now: datetime) -> UUID:
    return named(city.county, now, "li.si", "李四")


def named(organisation: int, now: datetime, username: str, name: str) -> UUID:
    posts = [NewPost(organisation, Role.ORGANISATION_HANDLER)]
    return create_official(username=username, name=name, posts=posts, now=now, actor="test")


def post_of(official_id: UUID) -> UUID:
    return Post.objects.get(official_id=official_id).id


def deputise(holder: UUID, username: str, first: date, last: date, admin: UUID, now: datetime) -> None:
    operations.add_deputy(
        post_id=post_of(holder),
        deputy_username=username,
        valid_from=first,
        valid_to=last,
        administrator_id=admin,
        now=now,
    )


def problems(call: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        call()
    return [(each.field, each.code) for each in refusal.value.problems]


def test_a_deputy_acts_with_the_others_post_on_the_days_laid_down_and_is_named_as_one(
    city: City, admin: UUID, wang: UUID, li: UUID, now: datetime
) -> None:
    today = local_day(now)
    deputise(wang, "li.si", today + DAY, today + 2 * DAY, admin, now)

    def reach(after: int) -> frozenset[int]:
        return scope(official_id=li, permission=HANDLE, on=today + after * DAY)

    assert [city.police in reach(after) for after in range(4)] == [False, True, True, False]
    there = acting(official_id=li, permission=HANDLE, on=today + DAY, organisation_id=city.police)
    assert there is not None
    assert (there.label, there.actor) == ("李四（代王五）", "official:li.si for official:wang.wu")
    own = acting(official_id=li, permission=HANDLE, on=today + DAY, organisation_id=city.county)
    assert own is not None
    assert (own.label, own.actor) == ("李四（li.si）", "official:li.si")
    anywhere = acting(official_id=li, permission=HANDLE, on=today + DAY)
    assert anywhere is not None
    assert anywhere.deputy_of is None
    assert acting(official_id=li, permission=HANDLE, on=today, organisation_id=city.police) is None
    assert acting(official_id=wang, permission=HANDLE, on=today + DAY, organisation_id=city.police)
    row = AuditEntry.objects.get(act="official.deputy.add")
    assert (row.actor, row.subject, row.detail["deputy"]) == (
        "official:admin",
        "official:wang.wu",
        "official:li.si",
    )


def test_a_deputy_whose_account_or_whose_days_have_ended_acts_no_more(
    city: City, admin: UUID, wang: UUID, li: UUID, now: datetime
) -> None:
    today = local_day(now)
    deputise(wang, "li.si", today, today + 9 * DAY, admin, now)
    assert city.police in scope(official_id=li, permission=HANDLE, on=today)
    operations.end_deputy(deputy_id=Deputy.objects.get().id, administrator_id=admin, now=now)
    assert city.police not in scope(official_id=li, permission=HANDLE, on=today)
    deputise(wang, "li.si", today, today + 9 * DAY, admin, now)
    operations.end_post(post_id=post_of(wang), last_day=today, administrator_id=admin, now=now)
    assert city.police in scope(official_id=li, permission=HANDLE, on=today)
    assert city.police not in scope(official_id=li, permission=HANDLE, on=today + DAY)
    Official.objects.filter(id=li).update(is_active=False)
    assert scope(official_id=li, permission=HANDLE, on=today) == frozenset()


def test_what_makes_no_deputy(city: City, admin: UUID, wang: UUID, li: UUID, now: datetime) -> None:
    today = local_day(now)
    make_official(city.county, now, "auditor", Role.AUDIT_ADMINISTRATOR)
    Post.objects.filter(official_id=wang).update(valid_to=today + 5 * DAY)
    for username, first, last, wanted in (
        ("nobody", today, today, [("deputy", "unknown")]),
        ("wang.wu", today, today, [("deputy", "oneself")]),
        ("admin", today, today, [("deputy", "oneself")]),
        ("auditor", today, today, [("deputy", "apart")]),
        ("li.si", today - DAY, today, [("valid_from", "past"), ("valid_to", "outside")]),
        ("li.si", today + DAY, today, [("valid_to", "order")]),
        ("li.si", today, today + 6 * DAY, [("valid_to", "outside")]),
    ):
        assert problems(lambda a=username, b=first, c=last: deputise(wang, a, b, c, admin, now)) == wanted
    assert not Deputy.objects.exists()


def add(
    official_id: UUID, organisation: int, role: str, admin: UUID, now: datetime, **days: date | None
) -> None:
    between = {"valid_from": local_day(now), "valid_to": None} | days
    operations.add_post(
        official_id=official_id,
        organisation_id=organisation,
        role=role,
        administrator_id=admin,
        now=now,
        **between,  # type: ignore[arg-type]
    )


def test_a_post_has_days_a_place_in_reach_and_a_role_that_goes_with_the_others(
    city: City, admin: UUID, wang: UUID, now: datetime
) -> None:
    today = local_day(now)
    add(wang, city.county, "organisation_approver", admin, now, valid_from=today + DAY, valid_to=today + DAY)
    found = {
        after: official(official_id=wang, on=today + after * DAY).posts  # type: ignore[union-attr]
        for after in range(3)
    }
    assert [len(found[after]) for after in range(3)] == [1, 2, 1]
    for organisation, role, days, wanted in (
        (city.police, "boss", {}, [("role", "unknown")]),
        (10**6, "inspector", {}, [("organisation", "reach")]),
        (city.police, "inspector", {"valid_from": today - DAY}, [("valid_from", "past")]),
        (city.police, "inspector", {"valid_to": today - DAY}, [("valid_to", "order")]),
        (city.police, "system_administrator", {}, [("role", "apart")]),
    ):
        assert problems(lambda o=organisation, r=role, d=days: add(wang, o, r, admin, now, **d)) == wanted
    # After the other post has ended it goes.
    operations.end_post(
        post_id=Post.objects.get(official_id=wang, role="organisation_handler").id,
        last_day=today,
        administrator_id=admin,
        now=now,
    )
    add(wang, city.police, "security_administrator", admin, now, valid_from=today + 2 * DAY)
    assert AuditEntry.objects.filter(act="official.post.add", actor="official:admin").count() == 2


def test_roles_that_do_not_go_together_make_no_official(city: City, now: datetime) -> None:
    posts = [NewPost(city.police, Role.ORGANISATION_HANDLER), NewPost(city.police, Role.AUDIT_ADMINISTRATOR)]
    with pytest.raises(Invalid):
        create_official(username="both", name="赵敏", posts=posts, now=now, actor="test")
    assert not Official.objects.exists()


def test_nobody_manages_himself_nor_whom_his_post_does_not_reach(
    city: City, admin: UUID, wang: UUID, li: UUID, now: datetime
) -> None:
    of_police = make_official(city.police, now, "police.admin", Role.SYSTEM_ADMINISTRATOR)
    today = local_day(now)

    def refused(by: UUID, whom: UUID) -> str:
        with pytest.raises(Refused) as refusal:
            let_in_again(official_id=whom, administrator_id=by, now=now)
        return refusal.value.code

    assert refused(admin, admin) == "oneself"
    assert refused(of_police, li) == "official"
    assert refused(wang, li) == "official"
    assert let_in_again(official_id=wang, administrator_id=of_police, now=now)
    # Who holds a post elsewhere as well is for whoever reaches both.
    add(wang, city.county, "inspector", admin, now, valid_from=today)
    assert refused(of_police, wang) == "elsewhere"
    assert let_in_again(official_id=wang, administrator_id=admin, now=now)
    seen = officials_in_reach(administrator_id=of_police, now=now)
    assert [row.username for row in seen.rows] == ["police.admin", "wang.wu"]
    with pytest.raises(NotFound):
        official_sheet(official_id=li, administrator_id=of_police, now=now)


def test_an_official_is_made_in_reach_and_let_in(city: City, admin: UUID, now: datetime) -> None:
    new = {"username": "zhao", "name": "赵敏", "role": "inspector", "administrator_id": admin, "now": now}
    made, token = appoint(organisation_id=city.county, **new)  # type: ignore[arg-type]
    assert len(token) == 26
    assert official(official_id=made, on=local_day(now)).posts[0].organisation_id == city.county  # type: ignore[union-attr]
    assert problems(lambda: appoint(organisation_id=10**6, **new | {"role": ""})) == [  # type: ignore[arg-type]
        ("role", "unknown"),
        ("organisation", "reach"),
    ]
    with pytest.raises(NotAllowed):
        appoint(organisation_id=city.county, **new | {"administrator_id": made})  # type: ignore[arg-type]


def test_an_end_takes_everything_with_it(
    city: City, admin: UUID, wang: UUID, li: UUID, now: datetime
) -> None:
    today = local_day(now)
    deputise(li, "wang.wu", today, today + DAY, admin, now)
    OfficialSession.objects.create(
        session_key="k",
        session_data="",
        expire_date=now + DAY,
        label=UUID(int=1),
        official_id=wang,
        begun_at=now,
        seen_at=now,
    )
    operations.end_official(official_id=wang, administrator_id=admin, now=now)
    assert official(official_id=wang, on=today) is None
    assert not OfficialSession.objects.exists()
    assert Post.objects.get(official_id=wang).valid_to == today
    assert Deputy.objects.get().valid_to < today
    with pytest.raises(Conflict):
        operations.end_official(official_id=wang, administrator_id=admin, now=now)


def test_who_is_which_member_of_staff_has_days(city: City, admin: UUID, wang: UUID, now: datetime) -> None:
    today = local_day(now)
    staff = registry.Staff.objects.create(code="KM001")
    police = registry.Organisation.objects.get(id=city.police)
    registry.StaffRecord.objects.create(staff=staff, name="王五", organisation=police)

    def link(code: str) -> None:
        operations.link_staff(
            official_id=wang, staff_code=code, valid_from=today - 9 * DAY, administrator_id=admin, now=now
        )

    link(" KM001 ")
    with pytest.raises(Conflict):
        link("KM001")
    assert problems(lambda: link("KM002")) == [("staff", "unknown")]
    operations.unlink_staff(link_id=StaffLink.objects.get().id, administrator_id=admin, now=now)
    days = [is_staff(official_id=wang, staff_id=staff.id, on=today + off * DAY) for off in (-10, -9, 0, 1)]
    assert days == [False, True, True, False]
    with pytest.raises(NotFound):
        operations.unlink_staff(link_id=StaffLink.objects.get().id, administrator_id=admin, now=now)
