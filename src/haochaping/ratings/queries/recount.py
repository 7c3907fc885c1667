"""Ratings and defaults counted from their rows, by whatever a tally counts them: what the tallies must agree with."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import connection

from haochaping.ratings.fragments import STANDING_RATINGS, UNCOUNTED_OCCASIONS, VOIDED_RATINGS
from haochaping.ratings.states import VoidEffect
from haochaping.tallies.rules import Counts

# (Whose, first day of the month of service) → counts.
Recounted = dict[tuple[tuple[int, ...], date], Counts]

_MONTH: Final = "date_trunc('month', service_day::timestamp)::date AS month"
_WITHIN: Final = (
    "service_day >= coalesce(%s, '-infinity'::date) AND service_day <= coalesce(%s, 'infinity'::date)"
)
# What adds to which measure, and what takes off.
_PARTS: Final = (
    ("'n' || level", 1, STANDING_RATINGS),
    ("'d' || level", 1, "ratings_defaultrating WHERE superseded_at IS NULL"),
    ("'d' || level", 1, f"{VOIDED_RATINGS} WHERE effect = '{VoidEffect.DEFAULT}'"),
    ("'occasions'", -1, f"{VOIDED_RATINGS} WHERE effect = '{VoidEffect.NOT_COUNTED}'"),
    ("'occasions'", -1, UNCOUNTED_OCCASIONS),
)


def services_recounted(
    by: Sequence[str], *, once: bool, first: date | None = None, last: date | None = None
) -> Recounted:
    """By columns of what was rated, as of its own organisation: ratings and defaults by level, and, less than none, the
    occasions that were left out with their ratings. Of the service days from `first` to `last`; each `once`, or as often as
    it counts."""
    whose, number = ", ".join(by), "1" if once else "weight"
    rows = " UNION ALL ".join(
        f"SELECT {whose}, service_day, {measure} AS measure, {sign} * {number} AS number FROM {part}"  # noqa: S608
        for measure, sign, part in _PARTS
    )
    known = " AND ".join(f"{column} IS NOT NULL" for column in by)
    return _read(
        f"SELECT {whose}, {_MONTH}, measure, sum(number)::bigint FROM ({rows}) AS counted "  # noqa: S608  (our own)
        f"WHERE {known} AND {_WITHIN} GROUP BY {whose}, month, measure",
        [first, last],
    )


def channels_recounted(*, first: date | None = None, last: date | None = None) -> Recounted:
    """Ratings by (organisation, channel, 实名), for all organisations for which they count."""
    return _read(
        f"SELECT whose, channel, named, {_MONTH}, 'n' || level AS measure, sum(weight)::bigint "  # noqa: S608  (our own)
        f"FROM {STANDING_RATINGS} CROSS JOIN LATERAL unnest(array_prepend(organisation_id, shared_with)) AS f (whose) "
        f"WHERE {_WITHIN} GROUP BY whose, channel, named, month, measure",
        [first, last],
    )


def tags_recounted(*, first: date | None = None, last: date | None = None) -> Recounted:
    """Ratings by (organisation, tag), each once, for all organisations for which they count."""
    return _read(
        f"SELECT whose, tag, {_MONTH}, 'n' || level AS measure, count(*) "  # noqa: S608  (our own)
        f"FROM {STANDING_RATINGS} CROSS JOIN LATERAL unnest(array_prepend(organisation_id, shared_with)) AS f (whose) "
        f"CROSS JOIN LATERAL unnest(tags) AS t (tag) WHERE {_WITHIN} GROUP BY whose, tag, month, measure",
        [first, last],
    )


def _read(statement: str, within: list[date | None]) -> Recounted:
    found: dict[tuple[tuple[int, ...], date], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, within)
        for *key, month, measure, number in cursor.fetchall():
            found.setdefault((tuple(key), month), {})[measure] = number
    return {key: Counts(**measures) for key, measures in found.items()}
