"""How the clock of an order stands: by the law's days, not by hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.states import Finding, State

_MOMENT = timedelta(microseconds=1)


class ClockKind(StrEnum):
    BEFORE_VERIFICATION = "before_verification"  # the limit counts from verification
    UNTRUE = "untrue"  # nothing to set right: a limit is laid down for what was verified as true
    NO_BASIS = "no_basis"  # nothing to set right: what is asked has no legal basis
    NOT_LAID_DOWN = "not_laid_down"
    STANDS_STILL = "stands_still"  # while an objection is undecided, where the rules say so
    EXCLUDED = "excluded"  # closed without having been handled: no limit runs
    RUNNING = "running"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    PROVISIONAL_OVER = "provisional_over"  # counted over days that no notice has settled: sets nothing off
    MET = "met"
    MET_LATE = "met_late"


_WITHOUT_LIMIT = {Finding.UNTRUE.value: ClockKind.UNTRUE, Finding.NO_BASIS.value: ClockKind.NO_BASIS}


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
    if course.stands_still:
        return Clock(ClockKind.STANDS_STILL)
    if course.due_at is None:
        return Clock(_WITHOUT_LIMIT.get(course.finding, _before_it(course.state)))
    return step_clock(
        course.due_at,
        now,
        calendar,
        met_at=course.rectified_at,
        provisional=course.provisional,
        clause=course.clause,
    )


def _before_it(state: State) -> ClockKind:
    before = state in {State.OPENED, State.RETURNED, State.TAKEN}
    return ClockKind.BEFORE_VERIFICATION if before else ClockKind.NOT_LAID_DOWN


def step_clock(
    due_at: datetime,
    now: datetime,
    calendar: WorkCalendar,
    *,
    met_at: datetime | None,
    provisional: bool,
    clause: str,
) -> Clock:
    """The clock of one step that is due at this instant, and was done at `met_at`, or is not."""
    kind, days = _kind(due_at, met_at, now, calendar)
    if kind is ClockKind.OVERDUE and provisional:
        kind = ClockKind.PROVISIONAL_OVER
    return Clock(kind, days, last_day_of(due_at), provisional, clause)


def _kind(
    due_at: datetime, met_at: datetime | None, now: datetime, calendar: WorkCalendar
) -> tuple[ClockKind, int]:
    if met_at is not None:
        return (ClockKind.MET if met_at < due_at else ClockKind.MET_LATE), 0
    today, last_day = local_day(now), last_day_of(due_at)
    if now >= due_at:
        return ClockKind.OVERDUE, _workdays_between(last_day, today, calendar)
    if today == last_day:
        return ClockKind.LAST_DAY, 0
    return ClockKind.RUNNING, _workdays_between(today, last_day, calendar)


def last_day_of(due_at: datetime) -> date:
    """Of a limit in days the last one; of one in hours the day on which it ends."""
    return local_day(due_at - _MOMENT)


def _workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and with `end`, counted as the deadline itself is counted."""
    days = 0
    while calendar.deadline(start, days + 1).last_day <= end:
        days += 1
    return days


@dataclass(frozen=True, slots=True)
class Said:
    """What an official says with an act beside its text, as it was typed; "" for nothing.

    `finding`: one of states.Finding. `reasonable` and `reached`: "yes" or "no". `bad_class`: a key of the rules' classes.
    `means`: by which the rater was called. `ground`: why an order is sent back. `step`: for whose limit more time is asked
    for, `until`: an ISO date. `organisation`: the credit code of whom an order is dispatched to.
    """

    finding: str = ""
    reasonable: str = ""
    bad_class: str = ""
    means: str = ""
    reached: str = ""
    ground: str = ""
    until: str = ""
    organisation: str = ""
    step: str = ""
