"""Which day has how many services, in halls and online, and in which portions they are stored. Pure.

The services of a city are numbered from 0: the number alone, with the seed, says what a service is like.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from haochaping.foundation.workdays import CalendarMissing, WorkCalendar
from haochaping.simulation.marginals import HOLIDAY, STREAMS, Shape, parted

# A delta holds at most 30,000 of a measure.
AT_ONCE: Final = 30_000
_WORKING: Final = 2  # a day of rest on which people work is like a Wednesday


@dataclass(frozen=True, slots=True)
class Piece:
    """Services `first` to `first + count - 1` are those of one day, in halls or online (`stream`, a place in STREAMS)."""

    day: date
    stream: int
    first: int
    count: int


def kind_of_day(calendar: WorkCalendar, day: date) -> int:
    """Its place among the weights of days. Where the holidays are not known, it is what its weekday is."""
    weekday = day.weekday()
    try:
        works = calendar.is_workday(day)
    except CalendarMissing:
        return weekday
    if works:
        return weekday if weekday < 5 else _WORKING
    return weekday if weekday >= 5 else HOLIDAY


def pieces(shape: Shape, calendar: WorkCalendar, *, occasions: int, first: date, days: int) -> list[Piece]:
    """So many services over so many days from the first one, in order of days."""
    span = [first + timedelta(days=later) for later in range(days)]
    kinds = [kind_of_day(calendar, day) for day in span]
    channels = [sum(getattr(shape.channels, stream).values()) for stream in STREAMS]
    shares = parted(occasions, [Decimal(each) for each in channels])
    counts = [
        parted(share, [Decimal(getattr(shape.weekdays, stream)[kind]) for kind in kinds])
        for stream, share in zip(STREAMS, shares, strict=True)
    ]
    found, number = [], 0
    for place, day in enumerate(span):
        for stream in range(len(STREAMS)):
            if count := counts[stream][place]:
                found.append(Piece(day, stream, number, count))
                number += count
    return found


def portions(of: Iterable[Piece], at_once: int = AT_ONCE) -> Iterator[Sequence[Piece]]:
    """The same in portions of at most so many, none of which is ever cut otherwise."""
    held: list[Piece] = []
    room = at_once
    for piece in of:
        while piece.count > room:
            held.append(Piece(piece.day, piece.stream, piece.first, room))
            piece = Piece(piece.day, piece.stream, piece.first + room, piece.count - room)
            yield held
            held, room = [], at_once
        held.append(piece)
        room -= piece.count
    if held:
        yield held
