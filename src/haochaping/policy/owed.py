"""Dated duties: which are due between two days, for which period."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import WorkCalendar, due_instant
from haochaping.policy.counting import Course, Due, due
from haochaping.policy.publicity import DatedDuty, YearDay

_ONE_DAY = timedelta(days=1)
_MONTHS: Final = {"month": 1, "two_months": 2, "quarter": 3, "half_year": 6, "year": 12}


class Period(NamedTuple):
    """First and last day, both within."""

    first: date
    last: date


class Owed(NamedTuple):
    """A duty for a period. `due` is None where no day is laid down: it belongs to the period, and that is all."""

    period: Period
    due: Due | None


def period_of(every: str, day: date) -> Period:
    """The day, week, month, two months (the first begin in January), quarter ... with this day; `once`: the day alone."""
    if every in ("day", "once"):
        return Period(day, day)
    if every == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6))
    months = _MONTHS[every]
    begin = day.year * 12 + (day.month - 1) // months * months
    return Period(_month(begin), _month(begin + months) - _ONE_DAY)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def periods(every: str, first: date, last: date) -> Iterator[Period]:
    """The periods from the one with `first` to the one with `last`."""
    period = period_of(every, first)
    while period.first <= last:
        yield period
        if every == "once":
            return
        period = period_of(every, period.last + _ONE_DAY)


def owed(duty: DatedDuty, first: date, last: date, calendar: WorkCalendar) -> list[Owed]:
    """What the duty demands for the periods from the one with `first` to the one with `last`, in order."""
    begin = first if duty.first is None else max(first, period_of(duty.every, duty.first).first)
    if duty.every == "once" and duty.first is not None:
        begin = duty.first
    end = last if duty.last is None else min(last, duty.last)
    return [Owed(period, due_of(duty, period, calendar)) for period in periods(duty.every, begin, end)]


def due_of(duty: DatedDuty, period: Period, calendar: WorkCalendar) -> Due | None:
    """Until when the duty for a period is to be met; None where no day is laid down."""
    if duty.on is not None:
        last = _day(period.last.year + duty.on.following, duty.on)
        return Due(due_instant(last), last, False)
    if duty.limit is None:
        return None
    start = period.first
    opens = datetime(start.year, start.month, start.day, tzinfo=CN)
    return due(duty.limit, Course({"period_start": opens, "period_end": due_instant(period.last)}), calendar)


def _day(year: int, on: YearDay) -> date:
    last = _month(year * 12 + on.month) - _ONE_DAY
    return last.replace(day=min(on.day, last.day))
