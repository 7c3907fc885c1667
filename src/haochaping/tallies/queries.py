"""Counts as they are at this moment: folded and pending in one snapshot, so that the fold is never seen."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from haochaping.tallies.declared import (
    CHANNEL_MONTH,
    DECLARED,
    ORGANISATION_DAY,
    ORGANISATION_MONTH,
    STAFF_MONTH,
    TAG_MONTH,
    Tally,
)
from haochaping.tallies.rules import MEASURES, Counts
from haochaping.tallies.sources import CHANGES

__all__ = [
    "Counts",
    "NotFilled",
    "both",
    "channel_totals",
    "counts_of",
    "is_filled",
    "organisation_day_counts",
    "organisation_months",
    "organisation_totals",
    "pending_deltas",
    "staff_month_counts",
    "staff_totals",
    "tag_totals",
    "totals_of",
]

Key = tuple[int, ...]

_A_DAY: Final = timedelta(days=1)
# From the first of any month on.
_INTO_THE_NEXT: Final = timedelta(days=31)


class NotFilled(LookupError):
    """A tally that was declared a moment ago is not counted yet: what it would tell is not all."""


def both(tally: Tally, groups: str, *, only: str = "true") -> str:
    """SQL for sums by `groups`: folded and pending, of the spans that begin from one day to another (the first two
    parameters, NULL for open); `only` of these rows."""
    key, columns = ", ".join(tally.key), ", ".join(tally.measures)
    # A span's count is small enough for 32 bits (if one ever were not, this would be refused): summed up so, not as
    # numeric, they take a third of the time and of the memory.
    sums = ", ".join(f"sum({measure}::int)" for measure in tally.measures)
    return f"""
SELECT {groups}, {sums} FROM (
    SELECT {key}, {columns} FROM {tally.table} UNION ALL {tally.source.rows()}
) AS counted ({key}, {columns})
WHERE {tally.grain} >= coalesce(%s, '-infinity'::date) AND {tally.grain} <= coalesce(%s, 'infinity'::date) AND {only}
GROUP BY {groups}
"""  # noqa: S608  (only declared names)


_TOTALS: Final = {tally: both(tally, ", ".join(tally.whose)) for tally in DECLARED}
_OF_ONE: Final = both(ORGANISATION_MONTH, "month", only="organisation_id = %s")
_ROWS: Final = {tally: both(tally, ", ".join(tally.key)) for tally in DECLARED}
_IS_FILLED: Final = "SELECT FROM tallies_filled WHERE tally = %s"
_PENDING: Final = f"SELECT count(*) FROM {CHANGES}"  # noqa: S608  (a declared name)


def organisation_totals(*, from_day: date | None = None, to_day: date | None = None) -> Mapping[int, Counts]:
    """Organisation id → counts of the service days `from_day` to `to_day`, both included; None is open. Whole months are
    read by the month, the days before and after them by the day."""
    found: dict[int, Counts] = {}
    for tally, first, last in _spans(from_day, to_day):
        for (number,), counts in _read(tally, _TOTALS, first, last):
            found[number] = found[number] + counts if number in found else counts
    return found


def _spans(from_day: date | None, to_day: date | None) -> list[tuple[Tally, date | None, date | None]]:
    """Tallies of organisations and the days of which each is read: together the span, nothing twice."""
    first, last = from_day, to_day
    if first is not None and first.day > 1:
        first = (first.replace(day=1) + _INTO_THE_NEXT).replace(day=1)
    if last is not None and (last + _A_DAY).day > 1:
        last = last.replace(day=1) - _A_DAY
    none_whole = first is not None and last is not None and first > last
    if none_whole or not is_filled(ORGANISATION_MONTH):
        return [(ORGANISATION_DAY, from_day, to_day)]
    spans: list[tuple[Tally, date | None, date | None]] = [(ORGANISATION_MONTH, first, last)]
    if first is not None and first != from_day:
        spans.append((ORGANISATION_DAY, from_day, first - _A_DAY))
    if last is not None and last != to_day:
        spans.append((ORGANISATION_DAY, last + _A_DAY, to_day))
    return spans


def is_filled(tally: Tally) -> bool:
    """Whether all that ever happened is in it: always so of those that were counted from the first day on."""
    if tally.of is None and not tally.from_rows:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_IS_FILLED, [tally.table])
        return cursor.fetchone() is not None


def organisation_day_counts(
    *, from_day: date | None = None, to_day: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """(organisation id, service day) → counts; the days as in `organisation_totals`."""
    return _by_number(counts_of(ORGANISATION_DAY, from_day=from_day, to_day=to_day))


def staff_month_counts(
    *, from_month: date | None = None, to_month: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """(staff id, first day of the month of service) → counts of ratings and, apart, of defaults; months by their first days,
    both included."""
    return _by_number(counts_of(STAFF_MONTH, from_day=from_month, to_day=to_month))


def staff_totals(*, from_month: date | None = None, to_month: date | None = None) -> Mapping[int, Counts]:
    """Staff id → counts of these months together, as `staff_month_counts` has them by the month."""
    return {number: counts for (number,), counts in _read(STAFF_MONTH, _TOTALS, from_month, to_month)}


def channel_totals(
    *, from_month: date | None = None, to_month: date | None = None
) -> Mapping[tuple[int, int], Counts]:
    """(organisation id, channel `pf`) → ratings by level, of these months together; months by their first days, both
    included. Raises NotFilled."""
    found: dict[tuple[int, int], Counts] = {}
    for (whose, channel, _named), counts in totals_of(CHANNEL_MONTH, from_month, to_month).items():
        found[whose, channel] = found.get((whose, channel), Counts()) + counts
    return found


def tag_totals(
    *, from_month: date | None = None, to_month: date | None = None
) -> Mapping[tuple[int, int], Counts]:
    """(organisation id, code of a tag) → ratings with that tag by level, each once; the months as in `channel_totals`.
    Raises NotFilled."""
    found = totals_of(TAG_MONTH, from_month, to_month)
    return {(whose, tag): counts for (whose, tag), counts in found.items()}


def totals_of(
    tally: Tally, from_month: date | None = None, to_month: date | None = None
) -> Mapping[Key, Counts]:
    """The key of a tally of months without its month → counts of these months together. Raises NotFilled."""
    if not is_filled(tally):
        raise NotFilled(tally.table)
    return dict(_read(tally, _TOTALS, from_month, to_month))


def organisation_months(number: int, *, from_day: date, to_day: date) -> Mapping[date, Counts]:
    """First day of the month → counts of one organisation, in order: whole months, from the one with `from_day` on."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, [from_day.replace(day=1), to_day, number])
        return {month: Counts(*measures) for month, *measures in sorted(cursor.fetchall())}


def counts_of(
    tally: Tally, *, from_day: date | None = None, to_day: date | None = None
) -> Mapping[tuple[Key, date], Counts]:
    """The rows of a tally by their keys and spans, of which the spans begin on these days; what it does not measure is 0.
    Filled or not."""
    found = {}
    for (*key, begin), counts in _read(tally, _ROWS, from_day, to_day):
        found[tuple(key), begin] = counts
    return found


def _read(
    tally: Tally, statements: Mapping[Tally, str], from_day: date | None, to_day: date | None
) -> list[tuple[Any, Counts]]:
    """Keys, each with its counts."""
    with connection.cursor() as cursor:
        cursor.execute(statements[tally], [from_day, to_day])
        rows = cursor.fetchall()
    width, before = len(tally.measures), (0,) * MEASURES.index(tally.measures[0])
    return [(row[:-width], Counts(*before, *row[-width:])) for row in rows]


def _by_number(found: Mapping[tuple[Key, date], Counts]) -> Mapping[tuple[int, date], Counts]:
    return {(number, begin): counts for ((number,), begin), counts in found.items()}


def pending_deltas() -> int:
    """How many deltas wait for the fold: grows without end when no worker runs."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
