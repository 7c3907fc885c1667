"""Of which ratings a sample is drawn, as they stood at an instant: read one after the other, and again the same."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from haochaping.ratings.models import DefaultRating
from haochaping.ratings.queries import rating_for_order

_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Population:
    """Ratings of these organisations that came in within a span, or `defaults` that silence became in it. `levels`: only
    those that counted as one of them; None: any. `as_of`: what was said and decided before it has been."""

    organisations: Collection[int]
    begin: datetime
    end: datetime
    as_of: datetime
    levels: tuple[int, ...] | None = None
    defaults: bool = False


class Drawable(NamedTuple):
    """`agreed`: whoever gave it agreed to be contacted, and his occasion is known; of a default nobody agreed."""

    id: UUID
    organisation_id: int
    agreed: bool


# What was counted out or in is said by the last decision, what a level is by the last word.
_RATINGS: Final = """
SELECT r.id, r.organisation_id, r.named AND r.occasion_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM ratings_withdrawnconsent c WHERE c.rating_id = r.id AND c.withdrawn_at < %(as_of)s
)
FROM ratings_rating r
WHERE r.organisation_id = ANY(%(organisations)s::integer[])
  AND r.received_at >= %(begin)s AND r.received_at < %(end)s
  AND NOT EXISTS (SELECT FROM ratings_withdrawal x WHERE x.rating_id = r.id AND x.withdrawn_at < %(as_of)s)
  AND coalesce((
      SELECT v.effect FROM ratings_voiding v WHERE v.rating_id = r.id AND v.at < %(as_of)s ORDER BY v.ordinal DESC LIMIT 1
  ), '') = ''
  AND (%(levels)s::smallint[] IS NULL OR coalesce((
      SELECT w.level FROM ratings_laterword w WHERE w.rating_id = r.id AND w.counts AND w.received_at < %(as_of)s
      ORDER BY w.ordinal DESC LIMIT 1
  ), r.level) = ANY(%(levels)s::smallint[]))
"""
_DEFAULTS: Final = """
SELECT d.id, d.organisation_id, false FROM ratings_defaultrating d
WHERE d.organisation_id = ANY(%(organisations)s::integer[])
  AND d.defaulted_at >= %(begin)s AND d.defaulted_at < %(end)s
  AND (d.superseded_at IS NULL OR d.superseded_at >= %(as_of)s)
"""

_CHANGED: Final = """
SELECT rating_id, false FROM ratings_withdrawal WHERE rating_id = ANY(%(ids)s::uuid[])
UNION ALL SELECT rating_id, true FROM ratings_withdrawnconsent WHERE rating_id = ANY(%(ids)s::uuid[])
UNION ALL SELECT rating_id, false FROM (
    SELECT DISTINCT ON (rating_id) rating_id, effect FROM ratings_voiding WHERE rating_id = ANY(%(ids)s::uuid[])
    ORDER BY rating_id, ordinal DESC
) last WHERE effect <> ''
"""
_SUPERSEDED: Final = """
SELECT id, false FROM ratings_defaultrating WHERE id = ANY(%(ids)s::uuid[]) AND superseded_at IS NOT NULL
"""


def drawable(of: Population) -> Iterator[Drawable]:
    """All of them, in no particular order, however many: ten thousand are held at a time. In the caller's transaction."""
    values: dict[str, Any] = {
        "organisations": list(of.organisations),
        "begin": of.begin,
        "end": of.end,
        "as_of": of.as_of,
        "levels": list(of.levels) if of.levels is not None else None,
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(_DEFAULTS if of.defaults else _RATINGS, values)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from map(Drawable._make, rows)


def changed(ids: Collection[UUID], *, defaults: bool) -> Mapping[UUID, bool]:
    """Those of them whose rater is not to be asked any more: whether they still count (he no longer agrees), or were taken
    back, counted out or, of defaults, followed by a rating in their place."""
    with connection.cursor() as cursor:
        cursor.execute(_SUPERSEDED if defaults else _CHANGED, {"ids": list(ids)})
        found: dict[UUID, bool] = {}
        for rating_id, counts in cursor.fetchall():
            found[rating_id] = counts and found.get(rating_id, True)
        return found


def occasion_to_ask(rating_id: UUID, *, defaults: bool) -> UUID | None:
    """Whose rater may be asked about it now; None where he did not agree, or it does not count."""
    if rating_id in changed([rating_id], defaults=defaults):
        return None
    if defaults:
        found = DefaultRating.objects.filter(pk=rating_id).values_list("occasion_id", flat=True)
        return next((occasion or rating_id for occasion in found), None)
    rating = next(iter(rating_for_order([rating_id])), None)
    return rating.occasion_id if rating is not None and rating.contactable else None
