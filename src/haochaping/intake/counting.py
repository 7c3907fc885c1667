"""What a call adds to the counts of occasions, and takes off them again: added up by place before it is appended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from haochaping.tallies.fragments import APPEND_REPORTED

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# What a column of a change holds at most.
_MOST_AT_ONCE: Final = 30_000


class Where(NamedTuple):
    """Where an occasion is counted: its organisation, service day, hall, window, item and member of staff (registry ids)."""

    organisation_id: int
    day: date
    hall_id: int | None = None
    window_id: int | None = None
    item_id: int | None = None
    staff_id: int | None = None


@dataclass(slots=True)
class OccasionCounts:
    """Occasions that may be rated, and late ones, by where they are counted; never both of one."""

    _sums: dict[tuple[Where, bool, int], list[int]] = field(default_factory=dict)

    def add(
        self, where: Where, weight: int, *, late: bool, shared_with: Iterable[int] = (), sign: int = 1
    ) -> None:
        """Counts an occasion as often as it weighs, for the organisations that share it as well; `sign` -1 takes it off."""
        if not weight:
            return
        for place in (where, *(Where(other, where.day) for other in shared_with)):
            sums = self._sums.setdefault((place, late, sign), [0, 0])
            sums[0] += weight
            sums[1] += 1

    async def append(self, connection: "Connection") -> None:
        """In the caller's transaction."""
        rows = list(self._rows())
        if rows:
            await connection.execute(APPEND_REPORTED, *map(list, zip(*rows, strict=True)))

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for (where, late, sign), (number, times) in self._sums.items():
            for more, of in _portions(number, times):
                yield *where, 0 if late else sign * more, sign * more if late else 0, sign * of


def _portions(number: int, times: int) -> Iterator[tuple[int, int]]:
    """Both in parts that a row holds: large batches that are counted by their cases add up. `number` is never less than
    `times`, so that no part of the second is without one of the first."""
    while number:
        more = min(_MOST_AT_ONCE, number)
        of = min(more, times)
        yield more, of
        number, times = number - more, times - of
