"""Counts as they are at this moment: folded and pending in one snapshot, so that the fold is never seen."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from haochaping.tallies.rules import MEASURES, Counts

__all__ = ["Counts", "organisation_day_counts", "organisation_totals", "pending_deltas"]

_COLUMNS = ", ".join(MEASURES)
_SUMS = ", ".join(f"sum({measure})::bigint" for measure in MEASURES)
_BOTH = f"""
SELECT {{groups}}, {_SUMS} FROM (
    SELECT organisation_id, day, {_COLUMNS} FROM tallies_organisationday
    UNION ALL
    SELECT organisation_id, day, {_COLUMNS} FROM tallies_delta
) AS counted
WHERE day >= coalesce(%s, '-infinity'::date) AND day <= coalesce(%s, 'infinity'::date)
GROUP BY {{groups}}
"""  # noqa: S608  (only declared names)
_TOTALS = _BOTH.format(groups="organisation_id")
_DAYS = _BOTH.format(groups="organisation_id, day")


def organisation_totals(*, from_day: date | None = None, to_day: date | None = None) -> Mapping[int, Counts]:
    """Organisation id → counts of the service days `from_day` to `to_day`, both included; None is open."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [from_day, to_day])
        return {organisation: Counts(*measures) for organisation, *measures in cursor.fetchall()}


def organisation_day_counts(
    *, from_day: date | None = None, to_day: date | None = None
) -> Mapping[tuple[int, date], Counts]:
    """(organisation id, service day) → counts; the days as in `organisation_totals`."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [from_day, to_day])
        return {(organisation, day): Counts(*measures) for organisation, day, *measures in cursor.fetchall()}


def pending_deltas() -> int:
    """How many deltas wait for the fold: grows without end when no worker runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tallies_delta")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
