"""Ratings by static codes: what they were of, what of them found its case, and how many came by one code on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from haochaping.cases.static_code import StaticCode, rated_by
from haochaping.foundation.asked_once import once
from haochaping.foundation.clock import local_day
from haochaping.ratings.models import NamedCase, Rating
from haochaping.ratings.states import Origin, Settled

_PLACE: Final = ("window_id", "hall_id", "item_id", "organisation_id")


def static_codes_rated(rating_ids: Collection[UUID]) -> dict[UUID, StaticCode]:
    """Rating id → what it is of, of those that were given without a case."""
    return _rated(frozenset(rating_ids))


@once
def _rated(rating_ids: frozenset[UUID]) -> dict[UUID, StaticCode]:
    rows = Rating.objects.filter(pk__in=rating_ids, occasion_id=None).values_list("pk", *_PLACE)
    return {pk: rated_by(**dict(zip(_PLACE, ids, strict=True))) for pk, *ids in rows}


def named_cases_left(*, day: date) -> int:
    """Numbers of cases that were named before the day and should be gone."""
    return NamedCase.objects.filter(day__lt=day).exclude(number="").count()


def rated_without_case_by_others(*, without: Collection[int]) -> bool:
    """Whether anybody but a simulation rated something without a case, other than of the organisations `without`."""
    rows = Rating.objects.filter(occasion_id=None).exclude(origin=Origin.SIMULATION)
    return rows.exclude(organisation_id__in=without).exists()


@dataclass(frozen=True, slots=True)
class CodeDay:
    """What came by one static code on a local day: ratings, the bad ones among them by their levels (2 and 1), and from how
    many devices (address and browser; those that told neither count as one)."""

    of: StaticCode
    organisation_id: int
    ratings: int
    bad: int
    devices: int


_BUSIEST: Final = """
SELECT r.window_id, r.hall_id, r.item_id, r.organisation_id, count(*)::int,
       count(*) FILTER (WHERE r.level <= 2)::int, count(DISTINCT (t.address, t.device))::int
FROM ratings_rating r LEFT JOIN ratings_trace t ON t.rating_id = r.id
WHERE r.occasion_id IS NULL AND r.service_day = %s AND r.organisation_id = ANY (%s::integer[])
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 6 DESC, 1, 2, 3, 4 LIMIT %s
"""


def busiest_codes(*, day: date, organisations: Collection[int], most: int) -> list[CodeDay]:
    """The codes by which most ratings of these organisations came on the day, the busiest first."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSIEST, [day, list(organisations), most])
        rows = cursor.fetchall()
    return [CodeDay(rated_by(**dict(zip(_PLACE, row[:4], strict=True))), row[3], *row[4:]) for row in rows]


@dataclass(frozen=True, slots=True)
class NamedCounts:
    """What became of the cases that were named with ratings by static codes in a span of days. `waiting`: not settled."""

    named: int
    waiting: int
    settled: Mapping[Settled, int]


_NAMED: Final = """
SELECT n.outcome, count(*)::int FROM ratings_namedcase n JOIN ratings_rating r ON r.id = n.rating_id
WHERE n.day >= %s AND r.organisation_id = ANY (%s::integer[]) GROUP BY n.outcome
"""


def named_counts(*, days: int, organisations: Collection[int], now: datetime) -> NamedCounts:
    """Of these organisations' windows in the last so many local days, today included."""
    first = local_day(now) - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [first, list(organisations)])
        found = dict(cursor.fetchall())
    settled = {outcome: found.get(outcome.value, 0) for outcome in Settled}
    return NamedCounts(sum(found.values()), found.get("", 0), settled)
