"""Hours of the office: when they next begin, how they are counted, and how a clock stands still in between."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.publicity import OfficeHours

_ONE_DAY = timedelta(days=1)


class Pause(NamedTuple):
    """A step that is pending from `start` until `end` (None: still). Its first day is still counted, its last is not."""

    start: datetime
    end: datetime | None


class Stop(NamedTuple):
    """A pause that is over."""

    start: datetime
    end: datetime


def opening(at: datetime, calendar: WorkCalendar, hours: Sequence[OfficeHours]) -> tuple[datetime, bool]:
    """The event itself where it falls into office hours, else when they next begin; and whether notices settle it."""
    first = local_day(at)
    day = calendar.on_or_after(first)
    while True:
        for span in hours:
            if at < at_time(day, span.to):
                return max(at, at_time(day, span.from_)), calendar.settled(first, day)
        day = calendar.on_or_after(day + _ONE_DAY)


def later(begins: datetime, length: timedelta, pauses: Sequence[Stop]) -> datetime:
    """So long after the beginning, the pauses not counted."""
    ends, counted = begins + length, begins
    for pause in pauses:
        stopped = max(pause.start, counted)
        if stopped >= ends:
            break
        counted = max(stopped, pause.end)
        ends += counted - stopped
    return ends


def working_hours(
    begins: datetime, n: int, calendar: WorkCalendar, hours: Sequence[OfficeHours], pauses: Sequence[Stop]
) -> tuple[datetime, bool]:
    """The end of so many office hours, the pauses not counted; and whether notices settle the days passed over."""
    left, first = timedelta(hours=n), local_day(begins)
    day = calendar.on_or_after(first)
    while True:
        for span in hours:
            opens, closes = max(at_time(day, span.from_), begins), at_time(day, span.to)
            for opening, closing in _open_spans(opens, closes, pauses):
                if left <= closing - opening:
                    return opening + left, calendar.settled(first, day)
                left -= closing - opening
        day = calendar.on_or_after(day + _ONE_DAY)


def _open_spans(opens: datetime, closes: datetime, pauses: Sequence[Stop]) -> list[tuple[datetime, datetime]]:
    """What the pauses leave of these hours, in order; some of it may be of no length."""
    spans = []
    closes = max(opens, closes)
    for pause in pauses:
        spans.append((opens, max(opens, min(pause.start, closes))))
        opens = max(opens, min(pause.end, closes))
    return [*spans, (opens, closes)]


def at_time(day: date, at: time) -> datetime:
    """A time of day of Asia/Shanghai, aware."""
    return datetime.combine(day, at, CN)
