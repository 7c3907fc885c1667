"""The desk as it stays quick with many orders: what it offers, and in which order its lines come, is read from indexes."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from haochaping.rectification.listing import DeskFilter, Show, desk
from haochaping.rectification.models import PRESSES, WorkOrder
from haochaping.rectification.states import State
from tests.orders import City, open_order


def put(city: City, now: datetime, unit: int, bad_class: str, state: State = State.OPENED) -> None:
    order = open_order(city, now, organisation=unit)
    ended = now if state is State.CLOSED else None
    WorkOrder.objects.filter(id=order.id).update(bad_class=bad_class, state=state, closed_at=ended)


def test_only_what_finds_something_is_offered(city: City, officer: UUID, now: datetime) -> None:
    for unit, bad_class, state in (
        (city.police, "", State.OPENED),
        (city.police, "simple", State.TAKEN),
        (city.police, "simple", State.CLOSED),
        (city.county, "complex", State.CLOSED),
        (city.county, "ordinary", State.CLOSED),
        # Its division's, and of a unit that the authority does not oversee.
        (987_654, "elsewhere", State.OPENED),
    ):
        put(city, now, unit, bad_class, state)
    offered = {
        show: desk(official_id=officer, now=now, filters=DeskFilter(show=show)).choices for show in Show
    }
    assert {number for number, _ in offered[Show.OPEN].organisations} == {city.police}
    assert {number for number, _ in offered[Show.CLOSED].organisations} == {city.police, city.county}
    assert [key for key, _ in offered[Show.OPEN].classes] == ["simple"]
    assert [key for key, _ in offered[Show.CLOSED].classes] == ["complex", "ordinary", "simple"]
    assert offered[Show.MINE] == offered[Show.OPEN]


def test_nothing_is_offered_where_nothing_is(city: City, officer: UUID, now: datetime) -> None:
    choices = desk(official_id=officer, now=now, filters=DeskFilter()).choices
    assert (choices.organisations, choices.classes) == ((), ())


def test_the_lines_come_out_of_an_index(city: City, now: datetime) -> None:
    put(city, now, city.police, "")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    still_open = WorkOrder.objects.exclude(state=State.CLOSED).annotate(presses=PRESSES)
    plan = still_open.order_by("presses", "week", "number").explain()
    assert "order_urgency" in plan
    assert "Sort" not in plan
