"""All tallies there are, in one place: what is counted, of whom, and by which span of time. Who writes a fact appends a
signed delta in the same transaction; the same fold adds them all up, and `reconcile` counts all of them again from the rows.

No page shows a member of staff by name (design.md, section 4): his figures are there for scores.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from haochaping.tallies.rules import LEVELS, MEASURES


class Grain(StrEnum):
    """The span of time that one row is of; also the column with its day, of a month its first."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of `measures`, `what` in words, by `whose` (a registry id, also the column) and `grain` of the day of service.

    `deltas` and `table` are those in which changes wait and in which they are added up. What one delta holds of a measure is
    at most `most`. `of`: the tally whose deltas these are as well, of shorter spans that this one adds up.
    """

    what: str
    whose: str
    grain: Grain
    measures: tuple[str, ...]
    deltas: str
    table: str
    most: int
    of: "Tally | None" = None

    @property
    def begin(self) -> str:
        """SQL: with which day the span of a delta begins."""
        return "day - (extract(day FROM day)::int - 1)" if self.of is not None else self.grain.value

    @property
    def key(self) -> tuple[str, str]:
        """The columns of the table's key."""
        return self.whose, self.grain.value

    def place(self, number: int, begin: date) -> str:
        """A row in words for logs: whose by its id, and the span."""
        return f"{self.whose.removesuffix('_id')} {number}/{begin.isoformat()}"


ORGANISATION_DAY: Final = Tally(
    what="occasions that may be rated, reported too late, ratings by level, defaults by level",
    whose="organisation_id",
    grain=Grain.DAY,
    measures=MEASURES,
    deltas="tallies_delta",
    table="tallies_organisationday",
    most=30_000,
)
# For rankings of quarters and years: a thirtieth of the rows.
ORGANISATION_MONTH: Final = Tally(
    what="the same by the month",
    whose="organisation_id",
    grain=Grain.MONTH,
    measures=MEASURES,
    deltas="tallies_delta",
    table="tallies_organisationmonth",
    most=30_000,
    of=ORGANISATION_DAY,
)
# A rating counts once, also where it counts for several cases of its organisation: it was said of one person.
STAFF_MONTH: Final = Tally(
    what="ratings of the member of staff himself by level; apart, defaults of services that he gave",
    whose="staff_id",
    grain=Grain.MONTH,
    measures=LEVELS,
    deltas="tallies_staffdelta",
    table="tallies_staffmonth",
    most=2_000_000_000,
)
DECLARED: Final = (ORGANISATION_DAY, ORGANISATION_MONTH, STAFF_MONTH)
