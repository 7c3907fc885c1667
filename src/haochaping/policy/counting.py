"""When a limit ends: from the events that have happened, by the calendar of the place.

Days are legal days of Asia/Shanghai; the last one is wholly in time. Minutes and hours run from the instant.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import WorkCalendar, due_instant
from haochaping.policy.limits import DAY_UNITS, END_UNITS, Limit, Span
from haochaping.policy.office_time import Pause, Stop, at_time, later, opening, working_hours
from haochaping.policy.publicity import OfficeHours

_ONE_DAY = timedelta(days=1)
_MONTHS_OF = {"month": 1, "year": 12, "month_end": 1, "quarter_end": 3, "year_end": 12}
# At 00:00 these mean the end of the day before: they are ends of legal spans, not things that somebody did.
_ENDS = frozenset({"due", "period_end"})
MIDNIGHT = time(0)


class Due(NamedTuple):
    """`due_at` (aware): what comes before it is in time. `last_day`: of limits in days, the last one; else None.

    `provisional` (推定): counted over days that no notice has settled; it must set nothing off.
    """

    due_at: datetime
    last_day: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What has happened: event → aware instant; and the pending steps by the event that began them."""

    events: Mapping[str, datetime]
    pauses: Mapping[str, Sequence[Pause]] = field(default_factory=dict)


def counts_days(limit: Span) -> bool:
    """Whether the end depends on the legal days of the events alone: equal days, equal ends."""
    if limit.unit not in DAY_UNITS or limit.from_opening or limit.cutoff:
        return False
    if not _ENDS.isdisjoint(limit.starts()):
        return False
    if not isinstance(limit, Limit):
        return True
    # What follows a first span is counted from its end, which days decide as well.
    then = limit.then
    return (then is None or counts_days(replace(then, after="service"))) and all(
        counts_days(bound) for bound in (limit.cap, limit.floor) if bound is not None
    )


def due(
    limit: Span, course: Course, calendar: WorkCalendar, *, hours: Sequence[OfficeHours] = ()
) -> Due | None:
    """When the limit ends; None while its event has not happened, while it stands still, or where it cannot be
    counted because it needs office hours and none are laid down.

    Raises CalendarMissing for days beyond the calendar's years.
    """
    event = limit.start(course.events)
    if event is None:
        return None
    pauses = _pauses(limit, event, course)
    if pauses is None:
        return None
    found = _end(limit, event, course.events[event], calendar, hours, pauses)
    if found is None or not isinstance(limit, Limit):
        return found
    if limit.then is not None:
        further = due(limit.then, Course({"due": found.due_at}), calendar, hours=hours)
        if further is None:
            return None
        found = further._replace(provisional=found.provisional or further.provisional)
    for bound, better in ((limit.cap, min), (limit.floor, max)):
        other = due(bound, course, calendar, hours=hours) if bound is not None else None
        if other is not None:
            chosen = better(found, other, key=lambda each: each.due_at)
            # Which of the two is the earlier is itself unsettled while one of them is.
            found = chosen._replace(provisional=found.provisional or other.provisional)
    return found


def _pauses(limit: Span, event: str, course: Course) -> list[Stop] | None:
    """The pauses after the limit began, in order; None while one is still open."""
    words = limit.suspended_by if isinstance(limit, Limit) else ()
    if not words:
        return []
    began = course.events[event]
    found = [pause for word in words for pause in course.pauses.get(word, ())]
    ended = [Stop(pause.start, pause.end) for pause in found if pause.end is not None]
    return sorted(stop for stop in ended if stop.end > began) if len(ended) == len(found) else None


def _end(
    limit: Span,
    event: str,
    at: datetime,
    calendar: WorkCalendar,
    hours: Sequence[OfficeHours],
    pauses: Sequence[Stop],
) -> Due | None:
    known = True
    if limit.from_opening:
        if not hours:
            return None
        at, known = opening(at, calendar, hours)
    if limit.unit not in DAY_UNITS:
        found = _of_hours(limit, event, at, calendar, hours, pauses)
        return found and found._replace(provisional=found.provisional or not known)
    start, settled = start_day(limit, event, at, calendar)
    settled = settled and known
    last = _back(limit, start, calendar) if limit.before else _forward(limit, start, calendar)
    if pauses:
        last = _past_pauses(limit, start, last, pauses, calendar)
    if limit.unit == "workday" and limit.n:
        passed = _passed(limit, start, last)
        settled = settled and calendar.settled(*passed)
    if limit.roll != "none":
        rolled = _rolled(limit, last, calendar)
        settled = settled and calendar.settled(min(last, rolled), max(last, rolled))
        last = rolled
    if limit.until is not None:
        return Due(at_time(last, limit.until), None, not settled)
    return Due(due_instant(last), last, not settled)


def start_day(limit: Span, event: str, at: datetime, calendar: WorkCalendar) -> tuple[date, bool]:
    """The legal day from which a limit is counted, and whether notices settle it."""
    local = at.astimezone(CN)
    day = local.date()
    if event in _ENDS and local.time() == MIDNIGHT:
        day -= _ONE_DAY
    elif limit.cutoff is not None and local.time() >= limit.cutoff:
        day += _ONE_DAY
    if not limit.start_on_workday:
        return day, True
    moved = calendar.on_or_after(day)
    return moved, calendar.settled(day, moved)


def _passed(limit: Span, start: date, last: date) -> tuple[date, date]:
    if limit.before:
        return last, start if limit.count_first else start - _ONE_DAY
    return start if limit.count_first else start + _ONE_DAY, last


def _forward(limit: Span, start: date, calendar: WorkCalendar) -> date:
    if limit.unit in END_UNITS:
        return period_end(limit.unit, start, limit.n)
    if limit.n == 0:
        return start
    first = bool(limit.count_first)
    if limit.unit == "workday":
        return calendar.deadline(start, limit.n, count_first=first).last_day
    if limit.unit in _MONTHS_OF:
        return _same_day(start, limit.n * _MONTHS_OF[limit.unit], before_it=first)
    days = limit.n * (7 if limit.unit == "week" else 1)
    return start + timedelta(days=days - 1 if first else days)


def _back(limit: Span, start: date, calendar: WorkCalendar) -> date:
    if limit.n == 0:
        return start
    first = bool(limit.count_first)
    if limit.unit == "workday":
        return calendar.back(start, limit.n, count_first=first)
    if limit.unit in _MONTHS_OF:
        found = _same_day(start, -limit.n * _MONTHS_OF[limit.unit], before_it=False)
        return found + _ONE_DAY if first else found
    days = limit.n * (7 if limit.unit == "week" else 1)
    return start - timedelta(days=days - 1 if first else days)


def _same_day(start: date, months: int, *, before_it: bool) -> date:
    """The same day so many months later, or that month's last; the day before it when the first day counted.

    A month that begins on the 1st and counts it ends on the 31st, not on the next 1st.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    longest = monthrange(year, month + 1)[1]
    if start.day > longest:
        return date(year, month + 1, longest)
    same = date(year, month + 1, start.day)
    return same - _ONE_DAY if before_it else same


def period_end(unit: str, start: date, n: int) -> date:
    """The last day of the week, month, quarter or year with this day, or of the n-th after it."""
    if unit == "week_end":
        return start + timedelta(days=6 - start.weekday() + 7 * n)
    months = _MONTHS_OF[unit]
    first = start.year * 12 + (start.month - 1) // months * months
    year, month = divmod(first + months * (n + 1) - 1, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _past_pauses(
    limit: Span, start: date, last: date, pauses: Sequence[Stop], calendar: WorkCalendar
) -> date:
    """Later by the days on which the clock stood still: those after a pause began, up to the one on which it ended."""
    for first, final in _stood_still(start, pauses):
        if first > last:
            break
        if limit.unit == "workday":
            stood = calendar.workdays_between(first, final)
            last = calendar.deadline(last, stood).last_day if stood else last
        else:
            last += final - first + _ONE_DAY
    return last


def _stood_still(start: date, pauses: Sequence[Stop]) -> list[tuple[date, date]]:
    """The days that are not counted, as spans in order, none overlapping."""
    spans: list[tuple[date, date]] = []
    for pause in pauses:
        first, final = max(local_day(pause.start), start) + _ONE_DAY, local_day(pause.end)
        if spans:
            first = max(first, spans[-1][1] + _ONE_DAY)
        if first <= final:
            spans.append((first, final))
    return spans


def _rolled(limit: Span, last: date, calendar: WorkCalendar) -> date:
    if limit.roll == "next_workday":
        return calendar.on_or_after(last)
    return calendar.back(last, 1, count_first=True)


def _of_hours(
    limit: Span,
    event: str,
    at: datetime,
    calendar: WorkCalendar,
    hours: Sequence[OfficeHours],
    pauses: Sequence[Stop],
) -> Due | None:
    begins, settled = _hour_start(limit, event, at, calendar)
    if limit.unit == "working_hour":
        if not hours:
            return None
        ends, known = working_hours(begins, limit.n, calendar, hours, pauses)
        settled = settled and known
    else:
        length = timedelta(minutes=limit.n) if limit.unit == "minute" else timedelta(hours=limit.n)
        ends = begins - length if limit.before else later(begins, length, pauses)
    if limit.roll == "none":
        return Due(ends, None, not settled)
    day = local_day(ends)
    rolled = _rolled(limit, day, calendar)
    settled = settled and calendar.settled(min(day, rolled), max(day, rolled))
    # On a day off there is no hour to keep: the whole of the working day that it moves to is in time.
    return Due(ends if rolled == day else due_instant(rolled), None, not settled)


def _hour_start(limit: Span, event: str, at: datetime, calendar: WorkCalendar) -> tuple[datetime, bool]:
    day, settled = start_day(limit, event, at, calendar)
    return (
        (at, settled) if day == local_day(at) or at == due_instant(day) else (at_time(day, MIDNIGHT), settled)
    )
