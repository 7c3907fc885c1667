"""How the clock of an order stands: by the law's days, not by hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.states import Finding, State

_ONE_DAY = timedelta(days=1)


class ClockKind(StrEnum):
    BEFORE_VERIFICATION = "before_verification"  # the limit counts from verification
    UNTRUE = "untrue"  # nothing to set right: a limit is laid down for what was verified as true
    NOT_LAID_DOWN = "not_laid_down"
    STANDS_STILL = "stands_still"  # while an objection is undecided, where the rules say so
    EXCLUDED = "excluded"  # closed without having been handled: no limit runs
    RUNNING = "running"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    PROVISIONAL_OVER = "provisional_over"  # counted over days that no notice has settled: sets nothing off
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True)
class Clock:
    """`days` are working days: left (RUNNING, today not counted) or gone since `last_day` (OVERDUE).

    `last_day` is None and `clause` empty where nothing is laid down, or not yet.
    """

    kind: ClockKind
    days: int = 0
    last_day: date | None = None
    provisional: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What the clock is read from. `rectified_at` is the instant of the act that stopped it."""

    state: State
    finding: str
    due_at: datetime | None
    provisional: bool
    clause: str
    rectified_at: datetime | None
    excluded: bool = False
    stands_still: bool = False


def clock_of(course: Course, now: datetime, calendar: WorkCalendar) -> Clock:
    """The clock as it stands at `now`. In time is what comes before the due instant."""
    if course.excluded:
        return Clock(ClockKind.EXCLUDED)
    if course.state in {State.OPENED, State.TAKEN}:
        return Clock(ClockKind.BEFORE_VERIFICATION)
    if course.stands_still:
        return Clock(ClockKind.STANDS_STILL)
    if course.due_at is None:
        untrue = course.finding == Finding.UNTRUE
        return Clock(ClockKind.UNTRUE if untrue else ClockKind.NOT_LAID_DOWN)
    kind, days = _kind(course, course.due_at, now, calendar)
    return Clock(kind, days, _last_day(course.due_at), course.provisional, course.clause)


def _kind(course: Course, due_at: datetime, now: datetime, calendar: WorkCalendar) -> tuple[ClockKind, int]:
    if course.rectified_at is not None:
        return (ClockKind.MET if course.rectified_at < due_at else ClockKind.MET_LATE), 0
    today, last_day = local_day(now), _last_day(due_at)
    if now >= due_at:
        kind = ClockKind.PROVISIONAL_OVER if course.provisional else ClockKind.OVERDUE
        return kind, _workdays_between(last_day, today, calendar)
    if today == last_day:
        return ClockKind.LAST_DAY, 0
    return ClockKind.RUNNING, _workdays_between(today, last_day, calendar)


def _last_day(due_at: datetime) -> date:
    return local_day(due_at) - _ONE_DAY


def _workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and with `end`, counted as the deadline itself is counted."""
    days = 0
    while calendar.deadline(start, days + 1).last_day <= end:
        days += 1
    return days
