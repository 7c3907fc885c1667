"""Whoever was rated may see the order, and may do nothing about it; a deputy does, and is named."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.models import Deputy, Post
from haochaping.accounts.rules import Permission
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed
from haochaping.foundation.ids import new_id
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations import act, see_contact
from haochaping.rectification.operations.reach import order_for
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.queries import order as order_view
from haochaping.rectification.states import Act
from tests.objections import People, confirm, decide, file, link_to_staff, name_staff
from tests.orders import SERVICE_DAY, City, make_official, open_order

DAY = timedelta(days=1)


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    """Of a rating that names a member of staff."""
    return name_staff(open_order(city, now, named=True))


@pytest.fixture
def rated(city: City, now: datetime) -> UUID:
    return link_to_staff(make_official(city.police, now, "rated"), SERVICE_DAY)


def take(order: WorkOrder, official: UUID, now: datetime) -> None:
    act(order_id=order.id, act=Act.TAKE, official_id=official, revision=order.revision, now=now)


def test_the_rated_is_refused_every_act_in_clear_words(order: WorkOrder, rated: UUID, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="评价的是您本人") as refusal:
        take(order, rated, now)
    assert refusal.value.code == "own_case"
    with pytest.raises(NotAllowed, match="评价的是您本人"):
        see_contact(order_id=order.id, official_id=rated, purpose="核实情况", now=now)
    shown = order_view(official_id=rated, order_id=order.id, now=now)
    assert (shown.may_handle, shown.may_see_contact, shown.own_case) == (False, False, True)
    assert not AuditEntry.objects.filter(actor="official:rated").exists()


def test_a_colleague_is_not(order: WorkOrder, city: City, now: datetime) -> None:
    colleague = make_official(city.police, now, "colleague")
    take(order, colleague, now)
    shown = order_view(official_id=colleague, order_id=order.id, now=now)
    assert (shown.may_handle, shown.own_case) == (True, False)


@pytest.mark.parametrize(
    ("first", "last", "own"),
    [
        (SERVICE_DAY, SERVICE_DAY, True),  # also when he is that no longer
        (SERVICE_DAY + DAY, None, False),
        (SERVICE_DAY - DAY, SERVICE_DAY - DAY, False),
    ],
)
def test_it_is_his_who_was_rated_on_the_day_of_the_service(
    order: WorkOrder, city: City, now: datetime, first: date, last: date | None, own: bool
) -> None:
    official = link_to_staff(make_official(city.police, now, "zhao"), first, last)
    assert is_own_case(subject_id=order.subject_id, official_id=official) is own


def test_a_rating_that_names_nobody_or_is_not_there_is_nobodys_case(
    city: City, rated: UUID, now: datetime
) -> None:
    assert not is_own_case(subject_id=open_order(city, now).subject_id, official_id=rated)
    assert not is_own_case(subject_id=UUID(int=1), official_id=rated)


def test_the_rated_does_nothing_as_a_deputy_either(
    order: WorkOrder, city: City, rated: UUID, now: datetime
) -> None:
    holder = make_official(city.police, now, "holder")
    Post.objects.filter(official_id=rated).update(organisation_id=city.county)
    deputise(holder, rated, now)
    with pytest.raises(NotAllowed) as refusal:
        take(order, rated, now)
    assert refusal.value.code == "own_case"


def test_his_deputy_acts_and_is_named_in_the_step_and_in_the_trail(
    order: WorkOrder, city: City, rated: UUID, now: datetime
) -> None:
    deputy = make_official(city.county, now, "li.si")
    deputise(rated, deputy, now)
    take(order, deputy, now)
    assert OrderStep.objects.get(order=order).actor == "赵敏（代赵敏）"
    row = AuditEntry.objects.get(act="order.take")
    assert row.actor == "official:li.si for official:rated"
    order.refresh_from_db()
    assert order_for(order.id, deputy, Permission.HANDLE_ORDERS, now)[1].deputy_of is not None


def deputise(holder: UUID, deputy: UUID, now: datetime) -> None:
    today = local_day(now)
    Deputy.objects.create(
        id=new_id(now),
        post=Post.objects.get(official_id=holder),
        official_id=deputy,
        valid_from=today,
        valid_to=today,
    )


def test_who_was_rated_and_has_moved_to_the_body_since_decides_nothing_about_it(
    city: City, order: WorkOrder, now: datetime
) -> None:
    people = People(city, now)
    link_to_staff(people.first, SERVICE_DAY, SERVICE_DAY)
    filed = file(order, people.handler, now, by="rated_person")
    with pytest.raises(NotAllowed) as refusal:
        decide(filed, people.first, now)
    assert refusal.value.code == "own_case"
    decide(filed, people.second, now)
    with pytest.raises(NotAllowed):
        confirm(filed, people.first, now)
