"""Counts as they are at this moment: folded and pending in one snapshot, so that the fold is never seen."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db import connection

from haochaping.tallies.declared import DECLARED, ORGANISATION_DAY, ORGANISATION_MONTH, STAFF_MONTH, Tally
from haochaping.tallies.models import Filled
from haochaping.tallies.rules import Counts

__all__ = [
    "Counts",
    "counts_of",
    "is_filled",
    "organisation_day_counts",
    "organisation_months",
    "organisation_totals",
    "pending_deltas",
    "staff_month_counts",
    "staff_totals",
]


def _both(tally: Tally, groups: str, *, only: str = "true") -> str:
    """Folded and pending, of the spans that begin from one day to another; `only` of these rows."""
    of, columns = ", ".join(tally.key), ", ".join(tally.measures)
    sums = ", ".join(f"sum({measure})::bigint" for measure in tally.measures)
    return f"""
SELECT {groups}, {sums} FROM (
    SELECT {of}, {columns} FROM {tally.table} WHERE {only}
    UNION ALL
    SELECT {tally.whose}, {tally.begin}, {columns} FROM {tally.deltas} WHERE {only}
) AS counted
WHERE {tally.grain} >= coalesce(%s, '-infinity'::date) AND {tally.grain} <= coalesce(%s, 'infinity'::date)
GROUP BY {groups}
"""  # noqa: S608  (only declared names)


_TOTALS: Final = {tally: _both(tally, tally.whose) for tally in DECLARED}
_OF_ONE: Final = _both(ORGANISATION_MONTH, "month", only="organisation_id = %s")
_ROWS: Final = {tally: _both(tally, ", ".join(tally.key)) for tally in DECLARED}
_WAITING: Final = dict.fromkeys(tally.deltas for tally in DECLARED)
_PENDING: Final = "SELECT " + " + ".join(f"(SELECT count(*) FROM {deltas})" for deltas in _WAITING)  # noqa: S608


def organisation_totals(*, from_day: date | None = None, to_day: date | None = None) -> Mapping[int, Counts]:
    """Organisation id → counts of the service days `from_day` to `to_day`, both included; None is open. Whole months are
    read by the month."""
    whole = _whole_months(from_day, to_day) and is_filled(ORGANISATION_MONTH)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS[ORGANISATION_MONTH if whole else ORGANISATION_DAY], [from_day, to_day])
        return {organisation: Counts(*measures) for organisation, *measures in cursor.fetchall()}


def _whole_months(from_day: date | None, to_day: date | None) -> bool:
    begins = from_day is None or from_day.day == 1
    return begins and (to_day is None or (to_day + timedelta(days=1)).day == 1)


def is_filled(tally: Tally) -> bool:
    """Whether all that was ever folded is in it: always so of one with deltas of its own."""
    return tally.of is None or Filled.objects.filter(pk=tally.table).exists()


def organisation_day_counts(
    *, from_day: date | None = None, to_day: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """(organisation id, service day) → counts; the days as in `organisation_totals`."""
    return counts_of(ORGANISATION_DAY, from_day=from_day, to_day=to_day)


def staff_month_counts(
    *, from_month: date | None = None, to_month: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """(staff id, first day of the month of service) → counts of ratings and, apart, of defaults; months by their first days,
    both included."""
    return counts_of(STAFF_MONTH, from_day=from_month, to_day=to_month)


def staff_totals(*, from_month: date | None = None, to_month: date | None = None) -> Mapping[int, Counts]:
    """Staff id → counts of these months together, as `staff_month_counts` has them by the month."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS[STAFF_MONTH], [from_month, to_month])
        return {number: Counts(0, 0, *measures) for number, *measures in cursor.fetchall()}


def organisation_months(number: int, *, from_day: date, to_day: date) -> Mapping[date, Counts]:
    """First day of the month → counts of one organisation, in order: whole months, from the one with `from_day` on."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, [number, number, from_day.replace(day=1), to_day])
        return {month: Counts(*measures) for month, *measures in sorted(cursor.fetchall())}


def counts_of(
    tally: Tally, *, from_day: date | None = None, to_day: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """The rows of a tally by their keys, of which the spans begin on these days; what it does not measure is 0."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS[tally], [from_day, to_day])
        return {
            (number, begin): Counts(**dict(zip(tally.measures, measures, strict=True)))
            for number, begin, *measures in cursor.fetchall()
        }


def pending_deltas() -> int:
    """How many deltas wait for the fold: grows without end when no worker runs."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
