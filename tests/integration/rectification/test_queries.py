"""The desk in its order, within reach, and an order that tells no more than the handler may know."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.errors import NotFound
from haochaping.rectification.listing import Desk, DeskFilter, Show, desk
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.queries import order
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act, State
from tests.orders import City, lead_to, make_official, open_order

FAR, NEAR, GONE = timedelta(days=20), timedelta(days=2), timedelta(days=-2)


def look(official: UUID, now: datetime, *, closed: bool = False, **asked: Any) -> Desk:
    show = Show.CLOSED if closed else Show.OPEN
    return desk(official_id=official, now=now, filters=DeskFilter(**{"show": show, **asked}))


def test_overdue_then_near_then_far_then_undated_by_age(city: City, handler: UUID, now: datetime) -> None:
    new = open_order(city, now)
    old = open_order(city, now, service_day=date(2026, 10, 8))
    numbers = {}
    for name, ahead in (("far", FAR), ("gone", GONE), ("near", NEAR)):
        verified = lead_to(open_order(city, now), Act.VERIFY, handler, now)
        WorkOrder.objects.filter(id=verified.id).update(due_at=now + ahead)
        numbers[name] = verified.number
    # A limit that was met no longer presses.
    met = lead_to(open_order(city, now, service_day=date(2026, 9, 1)), Act.RECTIFY, handler, now)
    found = look(handler, now)
    wanted = [numbers["gone"], numbers["near"], numbers["far"], met.number, old.number, new.number]
    assert [row.number for row in found.rows] == wanted
    assert [row.clock.kind for row in found.rows][:1] == [ClockKind.OVERDUE]
    assert found.rows[3].clock.kind is ClockKind.MET
    assert (found.counts[Show.OPEN], found.counts[Show.CLOSED], found.total) == (6, 0, 6)


def test_a_row_says_what_where_which_week_and_what_is_next(city: City, handler: UUID, now: datetime) -> None:
    open_order(city, now, named=True)
    row = look(handler, now).rows[0]
    assert (row.organisation, row.item, row.week, row.named) == (
        "昆明市公安局",
        "户口迁移",
        date(2026, 11, 16),
        True,
    )
    assert (row.state, row.next_act, row.clock.kind) == (
        State.OPENED,
        Act.TAKE,
        ClockKind.BEFORE_VERIFICATION,
    )


def test_each_sees_what_his_posts_reach(city: City, handler: UUID, now: datetime) -> None:
    mine = open_order(city, now)
    theirs = open_order(city, now, organisation=city.county)
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    stranger = make_official(city.county, now, "stranger")
    reach = {
        who: {row.number for row in look(who, now).rows} for who in (handler, officer, stranger, uuid4())
    }
    assert list(reach.values()) == [{mine.number}, {mine.number, theirs.number}, {theirs.number}, set()]
    with pytest.raises(NotFound):
        order(official_id=handler, order_id=theirs.id, now=now)
    seen = order(official_id=officer, order_id=theirs.id, now=now)
    assert (seen.may_handle, seen.may_see_contact) == (False, False)


def test_closed_ones_have_their_own_list(city: City, handler: UUID, now: datetime) -> None:
    first = lead_to(open_order(city, now), Act.CLOSE, handler, now)
    second = lead_to(open_order(city, now), Act.CLOSE, handler, now + timedelta(days=1))
    found = look(handler, now + timedelta(days=2), closed=True)
    assert [row.number for row in found.rows] == [second.number, first.number]
    assert (found.counts[Show.OPEN], found.counts[Show.CLOSED]) == (0, 2)
    assert found.rows[0].next_act is None
    assert not look(handler, now).rows


def test_pages_turn_by_the_key_of_their_lines_both_ways(city: City, handler: UUID, now: datetime) -> None:
    numbers = sorted(open_order(city, now).number for _ in range(52))
    first = look(handler, now)
    assert [row.number for row in first.rows] == numbers[:50]
    assert (first.before, first.after, first.total) == ("", numbers[49], 52)
    second = look(handler, now, after=first.after)
    assert [row.number for row in second.rows] == numbers[50:]
    assert (second.before, second.after) == (numbers[50], "")
    back = look(handler, now, before=second.before)
    assert ([row.number for row in back.rows], back.before) == (numbers[:50], "")
    # A line that is not there any more begins anew.
    assert look(handler, now, after="CPGONE").rows == first.rows


def test_an_order_shows_facts_and_history_but_no_level_no_time_and_no_rating(
    city: City, handler: UUID, now: datetime
) -> None:
    received = now - timedelta(days=3, minutes=7)
    opened = open_order(city, received)
    view = order(official_id=handler, order_id=lead_to(opened, Act.VERIFY, handler, now).id, now=now)
    assert view.text == "排队两小时，请回电[电话]"
    assert len(view.tags) == 1
    assert "111" not in view.tags
    assert [(step.act, step.actor, step.at) for step in view.history] == [
        (Act.TAKE, "赵敏（handler）", now),
        (Act.VERIFY, "赵敏（handler）", now),
    ]
    assert (view.revision, view.may_handle, view.may_see_contact) == (2, True, False)
    told = repr(view)
    assert str(opened.subject_id) not in told
    assert repr(received) not in told
    assert "level" not in told
    assert (view.row.clock.kind, view.row.clock.days) == (ClockKind.RUNNING, 15)


def test_contact_is_offered_for_named_orders_only(city: City, handler: UUID, now: datetime) -> None:
    named = open_order(city, now, named=True)
    assert order(official_id=handler, order_id=named.id, now=now).may_see_contact
