"""Things with their histories, by code and by id: what the copy of the registry in memory is made of. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar


class Row(Protocol):
    """A row of one of the SELECTs in fragments.py, by position: asyncpg's and psycopg's serve alike."""

    def __getitem__(self, position: Any, /) -> Any: ...


class Coded(Protocol):
    """Whatever the registry holds: one identity for ever, and a code."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...


Thing = TypeVar("Thing", bound=Coded)


@dataclass(frozen=True, slots=True)
class Held(Generic[Thing]):
    """What a thing was from one legal day to another, both included."""

    start: date
    end: date
    thing: Thing


class Shelf(Generic[Thing]):
    """All things of one sort with their histories, by code and by id."""

    def __init__(self, make: Callable[..., Thing], rows: Iterable[Row]) -> None:
        held = [Held(row[0] or date.min, row[1] or date.max, make(*row[2:])) for row in rows]
        held.sort(key=lambda one: (one.thing.id, one.start))
        self._by_id: dict[int, tuple[Held[Thing], ...]] = {
            number: tuple(records) for number, records in groupby(held, key=attrgetter("thing.id"))
        }
        self._by_code: dict[str, tuple[Held[Thing], ...]] = {
            records[0].thing.code: records for records in self._by_id.values()
        }

    def by_code(self, code: str, day: date) -> Thing | None:
        """The thing as it was on the day, None when unknown or not valid then."""
        return _valid(self._by_code.get(code, ()), day)

    def id_of(self, code: str) -> int | None:
        """The identity behind a code, valid at any time; None for a code that was never there."""
        records = self._by_code.get(code)
        return records[0].thing.id if records else None

    def by_id(self, number: int, day: date) -> Thing | None:
        """The thing as of the day, else as it last was, else as it came to be; None for an unknown id."""
        records = self._by_id.get(number)
        return _latest(records, day).thing if records else None

    def histories(self) -> Iterable[tuple[Held[Thing], ...]]:
        """All that each was, in order."""
        return self._by_id.values()

    def valid(self, day: date) -> tuple[Thing, ...]:
        """All that are valid on the day, by code."""
        things = (_valid(records, day) for records in self._by_id.values())
        return tuple(sorted((thing for thing in things if thing is not None), key=attrgetter("code")))


def _latest(records: tuple[Held[Thing], ...], day: date) -> Held[Thing]:
    return records[max(0, bisect_right(records, day, key=attrgetter("start")) - 1)]


def _valid(records: tuple[Held[Thing], ...], day: date) -> Thing | None:
    if not records:
        return None
    held = _latest(records, day)
    return held.thing if held.start <= day <= held.end else None
