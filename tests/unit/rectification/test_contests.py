"""What the rules let an objection be, without a database."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Due
from haochaping.policy.objections import Objection, Voiding
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.contests import (
    PENDING,
    PROPOSALS,
    TRANSITIONS,
    Act,
    Barrier,
    By,
    Decisions,
    Kind,
    Past,
    State,
    acts_in,
    barrier,
    effect_of,
    filers,
    ground_words,
    grounds_of,
    review_clock,
)
from haochaping.rectification.rules import ClockKind

LAST = date(2021, 4, 7)
DUE = Due(due_instant(LAST), LAST, False)
IN_TIME, LATE = DUE.due_at - timedelta(microseconds=1), DUE.due_at
RULE = Objection(decided_by="same_level_authority")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"rule": None}, Barrier.NOT_LAID_DOWN),
        ({"past": Past(pending=True)}, Barrier.PENDING),
        ({"past": Past(settled=True)}, Barrier.SETTLED),
        ({"rule": replace(RULE, times=2), "past": Past(times=1)}, None),
        ({"rule": replace(RULE, times=2), "past": Past(times=2)}, Barrier.TIMES),
        ({"now": LATE}, Barrier.LATE),
        ({"now": LATE, "due": DUE._replace(provisional=True)}, None),
        ({"now": LATE, "due": None}, None),
        ({"body": False}, Barrier.NO_BODY),
        ({"kind": Kind.APPEAL}, Barrier.NOTHING_DECIDED),
        ({"kind": Kind.APPEAL, "past": Past(refused=True)}, None),
    ],
)
def test_why_nothing_can_be_filed(changed: dict[str, object], expected: Barrier | None) -> None:
    asked: dict[str, object] = {
        "kind": Kind.OBJECTION,
        "rule": RULE,
        "due": DUE,
        "body": True,
        "past": Past(),
        "now": IN_TIME,
    }
    given = asked | changed
    assert barrier(given.pop("kind"), given.pop("rule"), **given) is expected  # type: ignore[arg-type]


def test_what_the_rules_leave_open_is_open() -> None:
    assert filers(RULE) == (By.ORGANISATION, By.PERSON)
    assert filers(replace(RULE, by=("rated_person",))) == (By.PERSON,)
    assert {"mistaken", "malicious", "other_unit"} < set(grounds_of(RULE))
    assert grounds_of(replace(RULE, grounds=("named:设备故障",))) == ("named:设备故障",)
    assert (ground_words("mistaken"), ground_words("named:设备故障")) == ("误评", "设备故障")


def test_only_a_ground_that_the_rules_name_has_an_effect() -> None:
    voiding = Voiding(grounds=("mistaken",), effect="unrated")
    assert effect_of(voiding, "mistaken") == "unrated"
    assert effect_of(voiding, "malicious") == ""
    assert effect_of(None, "mistaken") == ""


def test_what_can_be_done_in_each_state() -> None:
    assert set(TRANSITIONS) == set(Act) - {Act.FILE, Act.LAPSE, Act.ESCALATE}
    found = {state: acts_in(state, effect="", voids=False) for state in State}
    assert found[State.FILED] == (Act.WITHDRAW, Act.ACCEPT, Act.DECIDE)
    assert found[State.ACCEPTED] == (Act.WITHDRAW, Act.DECIDE)
    assert found[State.PROPOSED] == (Act.WITHDRAW, Act.CONFIRM, Act.SEND_BACK)
    assert found[State.DECIDED] == found[State.WITHDRAWN] == ()
    assert acts_in(State.DECIDED, effect="not_counted", voids=True) == (Act.RESTORE,)
    assert acts_in(State.DECIDED, effect="", voids=True) == (Act.VOID,)
    assert {State.PROPOSED} == PENDING & PROPOSALS


@pytest.mark.parametrize(
    ("at", "kind", "days"),
    [
        # Ching Ming: 3 to 5 April off; the last day is Wednesday the 7th.
        (datetime(2021, 4, 2, 9, tzinfo=CN), ClockKind.RUNNING, 2),
        (datetime(2021, 4, 7, 23, 59, tzinfo=CN), ClockKind.LAST_DAY, 0),
        (datetime(2021, 4, 8, 0, 0, tzinfo=CN), ClockKind.OVERDUE, 1),
        (datetime(2021, 4, 11, 9, 0, tzinfo=CN), ClockKind.OVERDUE, 2),
    ],
)
def test_days_left_are_working_days(at: datetime, kind: ClockKind, days: int) -> None:
    calendar = Rulebook.load().calendar
    clock = review_clock(DUE.due_at, provisional=False, clause="c", now=at, calendar=calendar)
    assert (clock.kind, clock.days, clock.last_day) == (kind, days, LAST)
    if kind is ClockKind.OVERDUE:
        clock = review_clock(DUE.due_at, provisional=True, clause="c", now=at, calendar=calendar)
        assert clock.kind is ClockKind.PROVISIONAL_OVER
    none = review_clock(None, provisional=False, clause="c", now=at, calendar=calendar)
    assert (none.kind, none.last_day) == (ClockKind.NOT_LAID_DOWN, None)


def test_the_share_that_was_upheld_is_of_what_persons_decided() -> None:
    assert Decisions(1, 2, 1, by_silence=5, pending=3).overturned == Decimal("0.25")
    assert Decisions(pending=3).overturned is None
