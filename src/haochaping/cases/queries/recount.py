"""Occasions counted from their rows, by whatever a tally counts them: what the tallies must agree with."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from haochaping.tallies.rules import Counts


def occasions_recounted(
    by: Sequence[str], *, once: bool, first: date | None = None, last: date | None = None
) -> dict[tuple[tuple[int, ...], date], Counts]:
    """(Values of the columns `by`, first day of the month of service) → occasions of the service days from `first` to
    `last` that may be rated, and late ones; each `once`, or as often as it counts, for its own organisation."""
    whose, number = ", ".join(by), "1" if once else "weight"
    known = " AND ".join(f"{column} IS NOT NULL" for column in by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {whose}, date_trunc('month', service_day::timestamp)::date AS month, "  # noqa: S608  (our own names)
            f"coalesce(sum({number}) FILTER (WHERE NOT late), 0)::bigint, "
            f"coalesce(sum({number}) FILTER (WHERE late), 0)::bigint "
            f"FROM cases_serviceoccasion WHERE weight > 0 AND {known} "
            "AND service_day >= coalesce(%s, '-infinity'::date) AND service_day <= coalesce(%s, 'infinity'::date) "
            f"GROUP BY {whose}, month",
            [first, last],
        )
        return {
            (tuple(key), month): Counts(occasions=on_time, late=late)
            for *key, month, on_time, late in cursor.fetchall()
        }
