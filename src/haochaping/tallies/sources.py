"""What of one change a tally adds up: SQL over the rows in which changes wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from haochaping.tallies.rules import LEVELS, MEASURES

# Every change, with all by which anything is counted.
CHANGES: Final = "tallies_change"
# The local day on which something is added up, or looked at before that.
TODAY: Final = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
# The month of a day, as its first.
MONTH: Final = "day - (extract(day FROM day)::int - 1)"
_DEFAULTED: Final = " OR ".join(f"d{level} <> 0" for level in range(1, 6))


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Rows of the table `deltas`, each joined with what stands in `beside`; `only` of these.

    `whose`: SQL for each column of the tally's key before its span; `begin`: for the day with which that span begins;
    `measures`: for what the row adds to each.
    """

    deltas: str
    whose: tuple[str, ...]
    begin: str
    measures: Mapping[str, str]
    only: str = "true"
    beside: str = ""

    def rows(self, source: str = "") -> str:
        """SELECT of keys and measures, row by row; out of `source` instead of the table, where it is given."""
        columns = ", ".join((*self.whose, self.begin, *self.measures.values()))
        return f"SELECT {columns} FROM {source or self.deltas}{self.beside} WHERE {self.only}"  # noqa: S608  (declared)

    def sums(self, source: str) -> str:
        """The same of `source`, added up by the key."""
        sums = (f"sum({value})" for value in self.measures.values())
        columns = ", ".join((*self.whose, self.begin, *sums))
        groups = ", ".join(map(str, range(1, len(self.whose) + 2)))
        return f"SELECT {columns} FROM {source}{self.beside} WHERE {self.only} GROUP BY {groups}"  # noqa: S608  (declared)


def weighed(*whose: str, begin: str = MONTH, only: str = "true", levels_only: bool = False) -> Source:
    """Each as often as it counts for its organisation."""
    measures = {measure: measure for measure in (LEVELS[:5] if levels_only else MEASURES)}
    return Source(CHANGES, whose, begin, measures, only)


def once(*whose: str, measures: tuple[str, ...], only: str, beside: str = "") -> Source:
    """Each once, however often it counts."""
    each = {measure: f"CASE WHEN {measure} <> 0 THEN times ELSE 0 END" for measure in measures}
    return Source(CHANGES, whose, MONTH, each, only, beside)


def said_of_staff() -> Source:
    """What was said of the member of staff himself; apart, what silence about his services counted for. Each once."""
    said = {f"n{level}": f"CASE WHEN staff_level = {level} THEN times ELSE 0 END" for level in range(1, 6)}
    silent = {f"d{level}": f"CASE WHEN d{level} <> 0 THEN times ELSE 0 END" for level in range(1, 6)}
    only = f"staff_id IS NOT NULL AND (staff_level IS NOT NULL OR {_DEFAULTED})"
    return Source(CHANGES, ("staff_id",), MONTH, said | silent, only)
