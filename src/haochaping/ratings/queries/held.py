"""Of what single ratings are, for who counts what followed them and for who leaves some of them out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from haochaping.ratings.fragments import COUNTED, STAFF_LEVEL
from haochaping.ratings.models import Rating

_COUNTED_AS: Final = f"""
SELECT rating_id, service_day, organisation_id, shared_with, weight, coalesce((
    SELECT level FROM ratings_laterword WHERE rating_id = r.rating_id AND counts ORDER BY ordinal DESC LIMIT 1
), level), channel, named, hall_id, window_id, item_id, staff_id, {STAFF_LEVEL}
FROM {COUNTED} AS r
WHERE rating_id = ANY (%s::uuid[]) AND coalesce((
    SELECT effect FROM ratings_voiding WHERE rating_id = r.rating_id ORDER BY ordinal DESC LIMIT 1
), '') = ''
"""  # noqa: S608  (fragments of our own)


@dataclass(frozen=True, slots=True)
class CountedAs:
    """As what a rating counts: on which service day, for which organisations (how often each), as which level, by which
    channel, 实名 or not; of what and whom (registry ids), and what it says of him."""

    day: date
    organisations: tuple[int, ...]
    weight: int
    level: int
    channel: int
    named: bool
    hall_id: int | None
    window_id: int | None
    item_id: int | None
    staff_id: int | None
    staff_level: int | None


@dataclass(frozen=True, slots=True)
class RatedOf:
    """Whose service a rating is of, on which day, of what and by whom (registry ids)."""

    day: date
    organisation_id: int
    hall_id: int | None
    window_id: int | None
    item_id: int | None
    staff_id: int | None


def rated_of(rating_ids: Collection[UUID]) -> Mapping[UUID, RatedOf]:
    """Rating id → whom it is of, whether it counts or not; an id that is no rating's is left out."""
    rows = Rating.objects.filter(pk__in=list(rating_ids))
    of = ("service_day", "organisation_id", "hall_id", "window_id", "item_id", "staff_id")
    return {pk: RatedOf(*about) for pk, *about in rows.values_list("pk", *of)}


def counted_as(rating_ids: Collection[UUID]) -> Mapping[UUID, CountedAs]:
    """Rating id → as what it counts now; one that does not count is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED_AS, [list(rating_ids)])
        return {
            rating_id: CountedAs(day, (whose, *(others or ())), *counted)
            for rating_id, day, whose, others, *counted in cursor.fetchall()
        }
