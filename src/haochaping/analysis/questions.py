"""What may be asked of the export: by which facts, in which months. A question is put together out of what is declared here;
nobody's SQL is ever run. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from haochaping.analysis.counting import ORDERS_SUM, SUMS, counted
from haochaping.analysis.sets import DEFAULTS, OCCASIONS, ORDERS, RATINGS, SETS, ExportedSet


class Dimension(StrEnum):
    """A fact by which is asked, or to which a question is narrowed."""

    ORGANISATION = "organisation"
    HALL = "hall"
    WINDOW = "window"
    ITEM = "item"
    CHANNEL = "channel"
    LEVEL = "level"
    TAG = "tag"
    HOUR = "hour"
    WEEKDAY = "weekday"
    MONTH = "month"
    ORIGIN = "origin"
    NAMED = "named"
    DEFAULT = "default"


_SERVED: Final = (RATINGS, DEFAULTS, OCCASIONS)
# Of which sets a dimension is known, and how; the two that are not here follow from what a row counts as.
_INSIDE: Final[Mapping[Dimension, Mapping[ExportedSet, str]]] = {
    Dimension.HALL: dict.fromkeys(_SERVED, "hall_id"),
    Dimension.WINDOW: dict.fromkeys(_SERVED, "window_id"),
    Dimension.ITEM: dict.fromkeys(SETS, "item_id"),
    Dimension.CHANNEL: dict.fromkeys((RATINGS, ORDERS), "channel"),
    Dimension.TAG: dict.fromkeys((RATINGS, ORDERS), "tag"),
    Dimension.HOUR: {RATINGS: "hour"},
    Dimension.WEEKDAY: dict.fromkeys(_SERVED, "isodow(day)"),
    Dimension.MONTH: {
        **dict.fromkeys(_SERVED, "date_trunc('month', day)::DATE"),
        ORDERS: "date_trunc('month', week)::DATE",
    },
    Dimension.ORIGIN: {RATINGS: "origin"},
    Dimension.NAMED: dict.fromkeys((RATINGS, ORDERS), "named"),
}
_OUTSIDE: Final[Mapping[Dimension, str]] = {
    Dimension.ORGANISATION: "whose",
    Dimension.LEVEL: "said",
    Dimension.DEFAULT: "kind = 'd'",
}
# What was said, not who is asked about: a group is no smaller for it.
SAID: Final = frozenset({Dimension.LEVEL, Dimension.DEFAULT})
MOST_DIMENSIONS: Final = 3
# So many groups are told; what has more is to be asked more narrowly.
MOST_GROUPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """Figures by up to three dimensions, of the months `first` to `last` (their first days, both included; None: open),
    narrowed to one value of each dimension of `where`: a registry id, a number, a word, a month, or a bool."""

    by: tuple[Dimension, ...]
    where: Mapping[Dimension, object] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    @property
    def used(self) -> tuple[Dimension, ...]:
        """Every dimension that it names."""
        return (*self.by, *(each for each in self.where if each not in self.by))

    @property
    def sets(self) -> tuple[ExportedSet, ...]:
        """Of which all that is asked by is known: nothing is counted of the others."""
        said = SAID & set(self.used)
        known = (RATINGS, DEFAULTS) if said else SETS
        inside = [each for each in self.used if each in _INSIDE]
        return tuple(each for each in known if all(each in _INSIDE[one] for one in inside))

    def within(self, month: date) -> bool:
        """Whether a month is asked about."""
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)


def statement(
    question: Question,
    paths: Mapping[ExportedSet, Sequence[Path]],
    reach: Sequence[int] | None,
    without: Sequence[int],
) -> tuple[str, list[object]]:
    """SQL and its values. Rows: the dimensions in order, then the measures as `Counts` has them, then orders; the largest
    first, one more than MOST_GROUPS at most. Of the organisations in `reach` (None: of all), and of none of `without`. What
    counts for several organisations does so where organisations are asked about; else it counts once, as of its own."""
    inside = {each: f"at_{each}" for each in question.used if each in _INSIDE}
    rows = " UNION ALL ".join(
        counted(
            one,
            paths[one],
            {inside[each]: _INSIDE[each][one] for each in inside},
            by_tag=Dimension.TAG in question.used,
            shared=Dimension.ORGANISATION in question.used,
        )
        for one in question.sets
        if paths[one]
    )
    named = {each: inside.get(each) or _OUTSIDE[each] for each in question.used}
    values: list[object] = [list(without)]
    narrowed = ["kind <> 'x'", "NOT list_contains(?::INTEGER[], whose)"]
    if SAID & set(question.used):
        narrowed.append("kind IN ('n', 'd')")
    if reach is not None:
        narrowed.append("whose IN (SELECT unnest(?::INTEGER[]))")
        values.append(list(reach))
    for each, value in question.where.items():
        narrowed.append(f"({named[each]}) = ?")
        values.append(value)
    keys = "".join(f"{named[each]} AS key_{place}, " for place, each in enumerate(question.by))
    places = ", ".join(str(place + 1) for place in range(len(question.by)))
    grouped = f" GROUP BY {places}" if places else ""
    order = ", ".join(
        ["sum(number) FILTER (WHERE kind = 'n') DESC NULLS LAST", *([places] if places else [])]
    )
    return (
        f"SELECT {keys}{SUMS}, {ORDERS_SUM} FROM ({rows}) WHERE {' AND '.join(narrowed)}"  # noqa: S608  (declared pieces)
        f"{grouped} ORDER BY {order} LIMIT {MOST_GROUPS + 1}",
        values,
    )
