"""All tallies there are, in one place: what is counted, of whom, and by which span of time. Who writes a fact appends one
signed change in the same transaction, with all by which anything is counted; one fold adds every tally up out of the same
changes, so that another tally costs the writer nothing. `reconcile` counts all of them again from the rows.

No page shows a member of staff by name (design.md, section 4): his figures are there for scores.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from haochaping.tallies.rules import LEVELS, MEASURES
from haochaping.tallies.sources import (
    TODAY,
    Source,
    once,
    said_of_staff,
    weighed,
)


class Grain(StrEnum):
    """The span of time that one row is of; also the column with its day, of a month its first."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts of `measures`, `what` in words, by the columns `whose` (registry ids, codes) and `grain` of the day of service.

    `table`: where they are added up, out of `source`. `of`: out of which tally it is filled where that was counted before
    it. `from_rows`: it is filled from the rows of what happened, a month at a time; nobody reads it before all is.
    `proved`: it can be counted again from these rows.
    """

    what: str
    whose: tuple[str, ...]
    grain: Grain
    measures: tuple[str, ...]
    table: str
    source: Source
    of: "Tally | None" = None
    from_rows: bool = False
    proved: bool = True

    def __post_init__(self) -> None:
        # Rows are read by place.
        begin = MEASURES.index(self.measures[0])
        if MEASURES[begin : begin + len(self.measures)] != self.measures:
            raise ValueError(f"{self.table} measures no run of MEASURES: {', '.join(self.measures)}")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the table's key."""
        return *self.whose, self.grain.value

    def place(self, key: tuple[int, ...], begin: date) -> str:
        """A row in words for logs: whose by their ids, and the span."""
        names = (name.removesuffix("_id") for name in self.whose)
        whose = ", ".join(f"{name} {int(number)}" for name, number in zip(names, key, strict=True))
        return f"{whose}/{begin.isoformat()}"


_SERVED: Final = ("occasions", "late", *LEVELS)
_SAID: Final = LEVELS[:5]

ORGANISATION_DAY: Final = Tally(
    what="occasions that may be rated, reported too late, ratings by level, defaults by level",
    whose=("organisation_id",),
    grain=Grain.DAY,
    measures=MEASURES,
    table="tallies_organisationday",
    source=weighed("organisation_id", begin="day"),
)
# For rankings of quarters and years: a thirtieth of the rows.
ORGANISATION_MONTH: Final = Tally(
    what="the same by the month",
    whose=("organisation_id",),
    grain=Grain.MONTH,
    measures=MEASURES,
    table="tallies_organisationmonth",
    source=weighed("organisation_id"),
    of=ORGANISATION_DAY,
)
# A rating counts once, also where it counts for several cases of its organisation: it was said of one person.
STAFF_MONTH: Final = Tally(
    what="ratings of the member of staff himself by level; apart, defaults of services that he gave",
    whose=("staff_id",),
    grain=Grain.MONTH,
    measures=LEVELS,
    table="tallies_staffmonth",
    source=said_of_staff(),
)
STAFF_SERVICES: Final = Tally(
    what="services that he gave: that may be rated, reported too late, rated by level, met by silence; each once",
    whose=("staff_id",),
    grain=Grain.MONTH,
    measures=_SERVED,
    table="tallies_staffservice",
    source=once("staff_id", measures=_SERVED, only="staff_id IS NOT NULL"),
    from_rows=True,
)
WINDOW_MONTH: Final = Tally(
    what="what was done at a window: as of an organisation",
    whose=("window_id",),
    grain=Grain.MONTH,
    measures=MEASURES,
    table="tallies_windowmonth",
    source=weighed("window_id", only="window_id IS NOT NULL"),
    from_rows=True,
)
HALL_MONTH: Final = Tally(
    what="what was done in a hall: as of an organisation",
    whose=("hall_id",),
    grain=Grain.MONTH,
    measures=MEASURES,
    table="tallies_hallmonth",
    source=weighed("hall_id", only="hall_id IS NOT NULL"),
    from_rows=True,
)
# One item is often served by many organisations, each for its own place.
ITEM_MONTH: Final = Tally(
    what="services of an item that an organisation gave: as of an organisation",
    whose=("organisation_id", "item_id"),
    grain=Grain.MONTH,
    measures=MEASURES,
    table="tallies_itemmonth",
    source=weighed("organisation_id", "item_id", only="item_id IS NOT NULL"),
    from_rows=True,
)
CHANNEL_MONTH: Final = Tally(
    what="ratings of an organisation by channel (`pf`), 实名 or not, and level",
    whose=("organisation_id", "channel", "named"),
    grain=Grain.MONTH,
    measures=_SAID,
    table="tallies_channelmonth",
    source=weighed("organisation_id", "channel", "named", only="channel IS NOT NULL", levels_only=True),
    from_rows=True,
)
TAG_MONTH: Final = Tally(
    what="ratings of an organisation with a tag (its code), by level; each once",
    whose=("organisation_id", "tag"),
    grain=Grain.MONTH,
    measures=_SAID,
    table="tallies_tagmonth",
    source=once(
        *("organisation_id", "tag"),
        measures=_SAID,
        only="true",
        beside=" CROSS JOIN LATERAL unnest(tags) AS said (tag)",
    ),
    from_rows=True,
)
# What was counted of a day and is counted otherwise since: no rows tell on which day that was.
CORRECTION_DAY: Final = Tally(
    what="by how much corrections moved the counts of an organisation's day, by why (`rules.Correction`) and when",
    whose=("organisation_id", "why", "noted_on"),
    grain=Grain.DAY,
    measures=MEASURES,
    table="tallies_correctionday",
    source=weighed("organisation_id", "why", TODAY, begin="day", only="why <> 0"),
    proved=False,
)
DECLARED: Final = (
    ORGANISATION_DAY,
    ORGANISATION_MONTH,
    STAFF_MONTH,
    STAFF_SERVICES,
    WINDOW_MONTH,
    HALL_MONTH,
    ITEM_MONTH,
    CHANNEL_MONTH,
    TAG_MONTH,
    CORRECTION_DAY,
)
FROM_ROWS: Final = tuple(tally for tally in DECLARED if tally.from_rows)
