"""Given when a bad rating was verified in Kunming, when one looks, then how the clock stands (article 12)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.clock import CN, local_day
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import ClockKind, Course, clock_of
from haochaping.rectification.states import State

CALENDAR = rulebook().calendar
VERIFIED = date(2026, 11, 23)
DEADLINE = rulebook().profile("530100", VERIFIED).rectification_deadline(VERIFIED)
assert DEADLINE is not None
DUE = DEADLINE.due_at


def course(
    state: State = State.VERIFIED,
    *,
    finding: str = "true",
    due_at: datetime | None = DUE,
    provisional: bool = False,
    rectified_at: datetime | None = None,
) -> Course:
    return Course(state, finding, due_at, provisional, "第十二条", rectified_at)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), CN)


def test_fifteen_working_days_from_the_day_after_verification() -> None:
    assert DEADLINE is not None
    assert (DEADLINE.last_day, DEADLINE.provisional) == (date(2026, 12, 14), False)


@pytest.mark.parametrize(
    ("day", "kind", "days"),
    [
        (date(2026, 11, 23), ClockKind.RUNNING, 15),
        (date(2026, 11, 28), ClockKind.RUNNING, 11),  # a Saturday: Monday 30 November is the next to count
        (date(2026, 12, 11), ClockKind.RUNNING, 1),
        (date(2026, 12, 14), ClockKind.LAST_DAY, 0),
        (date(2026, 12, 15), ClockKind.OVERDUE, 1),
        (date(2026, 12, 20), ClockKind.OVERDUE, 4),
    ],
)
def test_days_left_and_days_gone_are_working_days(day: date, kind: ClockKind, days: int) -> None:
    clock = clock_of(course(), at(day), CALENDAR)
    assert (clock.kind, clock.days, clock.last_day) == (kind, days, date(2026, 12, 14))
    assert clock.clause == "第十二条"


def test_the_last_instant_is_in_time_and_the_due_instant_is_not() -> None:
    just_before = DUE - timedelta(microseconds=1)
    assert clock_of(course(), just_before, CALENDAR).kind is ClockKind.LAST_DAY
    assert clock_of(course(), DUE, CALENDAR).kind is ClockKind.OVERDUE
    met = course(State.RECTIFIED, rectified_at=just_before)
    late = course(State.CLOSED, rectified_at=DUE)
    assert clock_of(met, DUE + timedelta(days=90), CALENDAR).kind is ClockKind.MET
    assert clock_of(late, DUE + timedelta(days=90), CALENDAR).kind is ClockKind.MET_LATE


def test_before_verification_nothing_runs() -> None:
    for state in (State.OPENED, State.TAKEN):
        assert (
            clock_of(course(state, due_at=None), at(VERIFIED), CALENDAR).kind is ClockKind.BEFORE_VERIFICATION
        )


def test_what_is_not_laid_down_is_told_apart_from_what_is_untrue() -> None:
    assert clock_of(course(due_at=None), at(VERIFIED), CALENDAR).kind is ClockKind.NOT_LAID_DOWN
    untrue = course(due_at=None, finding="untrue")
    assert clock_of(untrue, at(VERIFIED), CALENDAR).kind is ClockKind.UNTRUE


def test_a_provisional_limit_is_never_overdue() -> None:
    clock = clock_of(course(provisional=True), at(date(2026, 12, 30)), CALENDAR)
    assert (clock.kind, clock.provisional) == (ClockKind.PROVISIONAL_OVER, True)


@given(st.integers(0, 200 * 24 * 60))
def test_the_days_left_are_those_of_the_deadline_itself(minutes: int) -> None:
    now = at(VERIFIED, 0) + timedelta(minutes=minutes)
    clock = clock_of(course(), now, CALENDAR)
    today = local_day(now)
    if clock.kind is ClockKind.RUNNING:
        assert CALENDAR.deadline(today, clock.days).last_day == date(2026, 12, 14)
    else:
        assert (clock.kind is ClockKind.LAST_DAY) == (today == date(2026, 12, 14))
        assert (clock.kind is ClockKind.OVERDUE) == (today > date(2026, 12, 14))
