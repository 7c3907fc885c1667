"""The desk narrowed: each filter finds its own and nothing that the viewer may not know; what is somebody's to do."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from haochaping.accounts.rules import Role
from haochaping.rectification.listing import Carrier, DeskFilter, Due, Show, desk, lists_of
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act, State
from haochaping.registry import models as registry
from tests.joint import put_part
from tests.objections import put_objection
from tests.orders import City, do_act, lead_to, make_official, open_order

DAY = timedelta(days=1)


def found(official: UUID, now: datetime, **asked: Any) -> AbstractSet[str]:
    rows = desk(official_id=official, now=now, filters=DeskFilter(**asked)).rows
    return {row.number for row in rows}


def test_limits_are_told_apart_and_counted(city: City, handler: UUID, now: datetime) -> None:
    numbers = {}
    # Monday morning in Kunming; three working days are over on Thursday night.
    for name, due in (
        ("overdue", now - DAY),
        ("today", now + timedelta(hours=14)),
        ("soon", now + 3 * DAY),
        ("later", now + 5 * DAY),
    ):
        order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
        WorkOrder.objects.filter(id=order.id).update(due_at=due)
        numbers[Due(name)] = order.number
    still = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    WorkOrder.objects.filter(id=still.id).update(due_at=None)
    numbers[Due.NONE] = still.number
    for due, number in numbers.items():
        assert found(handler, now, due=due) == {number}, due
    everything = desk(official_id=handler, now=now, filters=DeskFilter())
    assert everything.limits == dict.fromkeys(Due, 1)
    narrowed = desk(official_id=handler, now=now, filters=DeskFilter(due=Due.TODAY))
    assert (narrowed.total, narrowed.limits) == (1, everything.limits)
    # What no notice has settled is overdue for nobody.
    WorkOrder.objects.filter(number=numbers[Due.OVERDUE]).update(due_provisional=True)
    assert found(handler, now, due=Due.OVERDUE) == set()
    assert numbers[Due.OVERDUE] in found(handler, now, due=Due.SOON)


def test_what_was_rectified_has_no_limit_that_runs(city: City, handler: UUID, now: datetime) -> None:
    order = lead_to(open_order(city, now), Act.RECTIFY, handler, now)
    assert order.due_at is not None
    assert found(handler, now, due=Due.NONE) == {order.number}
    assert sum(desk(official_id=handler, now=now, filters=DeskFilter()).limits.values()) == 1


def test_each_filter_finds_its_own(city: City, officer: UUID, handler: UUID, now: datetime) -> None:
    plain = open_order(city, now)
    other = open_order(city, now, organisation=city.county, named=True, service_day=date(2026, 11, 9))
    taken = lead_to(open_order(city, now), Act.TAKE, handler, now)
    WorkOrder.objects.filter(id=taken.id).update(bad_class="at_once")
    put_objection(taken, now, body=city.authority)
    mine = {plain.number, taken.number}
    assert found(officer, now, organisation=city.county) == {other.number}
    assert found(officer, now, named=True) == {other.number}
    assert found(officer, now, named=False) == mine
    assert found(officer, now, week=date(2026, 11, 9)) == {other.number}
    assert found(officer, now, state=State.TAKEN) == {taken.number}
    assert found(officer, now, bad_class="at_once") == {taken.number}
    assert found(officer, now, bad_class="") == {plain.number, other.number}
    assert found(officer, now, contested=True) == {taken.number}
    assert found(officer, now, contested=False) == {plain.number, other.number}
    put_part(other, city.police)
    assert found(officer, now, joint=True) == {other.number}
    assert found(officer, now, joint=False) == mine
    assert found(officer, now, item_type="07") == {*mine, other.number}
    assert found(officer, now, item_type="01") == set()
    assert found(officer, now, named=False, state=State.OPENED) == {plain.number}


def test_the_channel_is_for_who_oversees_and_never_for_the_rated(
    city: City, officer: UUID, handler: UUID, now: datetime
) -> None:
    order = open_order(city, now)
    own = open_order(city, now, organisation=city.authority)
    assert WorkOrder.objects.get(id=order.id).channel == 3
    assert found(officer, now, carrier=Carrier.CODE) == {order.number}
    assert found(officer, now, carrier=Carrier.OTHER) == set()
    assert found(handler, now, carrier=Carrier.CODE) == set()
    assert own.number in found(officer, now)
    WorkOrder.objects.filter(id=order.id).update(channel=7)
    assert found(officer, now, carrier=Carrier.OTHER) == {order.number}
    offered = {
        who: desk(official_id=who, now=now, filters=DeskFilter()).choices for who in (officer, handler)
    }
    assert (offered[officer].carriers, offered[handler].carriers) == (True, False)
    assert [name for _, name in offered[officer].organisations] == ["昆明市公安局", "昆明市政务服务管理局"]
    assert offered[handler].organisations == ()


def test_a_filter_reaches_no_further_than_the_posts(city: City, handler: UUID, now: datetime) -> None:
    open_order(city, now, organisation=city.county)
    assert found(handler, now, organisation=city.county) == set()


def test_mine_is_what_the_next_step_asks_of_me(
    city: City, handler: UUID, officer: UUID, now: datetime
) -> None:
    approver = make_official(city.police, now, "approver", Role.ORGANISATION_APPROVER)
    opened = open_order(city, now)
    returned, drafted, asked = (open_order(city, now) for _ in range(3))
    WorkOrder.objects.filter(id=returned.id).update(state=State.RETURNED)
    WorkOrder.objects.filter(id=drafted.id).update(state=State.DRAFTED, revision=1)
    WorkOrder.objects.filter(id=asked.id).update(state=State.VERIFIED, revision=1)
    step(drafted, Act.ANSWER, handler, now)
    step(asked, Act.ASK_EXTENSION, handler, now, waits="yes")
    mine = {who: found(who, now, show=Show.MINE) for who in (handler, approver, officer)}
    # His own answer waits for another person.
    assert mine[handler] == {opened.number, asked.number}
    assert mine[approver] == {drafted.number}
    assert mine[officer] == {returned.number, asked.number}
    step(asked, Act.REFUSE_EXTENSION, officer, now, revision=2)
    assert found(officer, now, show=Show.MINE) == {returned.number}
    counts = desk(official_id=officer, now=now, filters=DeskFilter()).counts
    assert counts == {Show.MINE: 1, Show.OPEN: 4, Show.CLOSED: 0}


def step(
    order: WorkOrder, act: Act, official: UUID, now: datetime, *, revision: int = 1, **said: str
) -> None:
    OrderStep.objects.create(
        id=UUID(int=WorkOrder.objects.count() * 100 + OrderStep.objects.count()),
        order=order,
        act=act,
        from_state="",
        to_state="",
        actor="",
        at=now,
        revision=revision,
        official_id=official,
        said=said,
    )


def test_an_inspector_has_nothing_to_do_and_sees_everything(city: City, now: datetime) -> None:
    inspector = make_official(city.authority, now, "inspector", Role.INSPECTOR)
    order = open_order(city, now)
    assert found(inspector, now, show=Show.MINE) == set()
    assert found(inspector, now) == {order.number}
    assert not desk(official_id=inspector, now=now, filters=DeskFilter()).dispatches
    handler = make_official(city.police, now, "handler")
    assert lists_of(official_id=inspector, on=now.date()) == (Show.OPEN, Show.CLOSED)
    assert lists_of(official_id=handler, on=now.date()) == tuple(Show)


def test_what_was_dispatched_elsewhere_is_the_other_units_to_do(
    city: City, handler: UUID, officer: UUID, now: datetime
) -> None:
    order = open_order(city, now)
    county = registry.Organisation.objects.get(id=city.county).credit_code
    do_act(order, Act.DISPATCH, officer, now, text="由县区承办", organisation=county)
    assert found(handler, now) == set()
    assert found(make_official(city.county, now, "county"), now, show=Show.MINE) == {order.number}
