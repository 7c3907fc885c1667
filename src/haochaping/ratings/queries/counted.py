"""Days of organisations and months of members of staff, counted from the rows: what the tallies must agree with."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from haochaping.ratings.fragments import (
    COUNTED,
    STAFF_LEVEL,
    STANDING_RATINGS,
    UNCOUNTED_OCCASIONS,
    VOIDED_RATINGS,
)
from haochaping.ratings.states import VoidEffect

_Levels = tuple[int, int, int, int, int]
_LEFT_OUT = f"""(
    SELECT organisation_id, shared_with, service_day, weight, 1 AS level
    FROM {VOIDED_RATINGS} WHERE effect = '{VoidEffect.NOT_COUNTED}'
) left_out"""  # noqa: S608  (a fragment of our own)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Raw rows of an organisation and service day: ratings of its services by citizens per level 1 to 5, and what silence
    stands for. What is rated without a case is none of them, nor what was counted out; `left_out`: so many occasions are
    neither rated nor un-rated because of that.
    """

    organisation_id: int
    day: date
    ratings: tuple[int, int, int, int, int]
    defaults: tuple[int, int, int, int, int]
    left_out: int = 0


def counts_by_organisation_day() -> list[DayCounts]:
    """Counted from the rows themselves, ordered by organisation and day: what the tallies must agree with. A rating counts
    as what stands of it."""
    ratings = _levels(STANDING_RATINGS)
    silences = (
        "ratings_defaultrating WHERE superseded_at IS NULL",
        f"{VOIDED_RATINGS} WHERE effect = '{VoidEffect.DEFAULT}'",
    )
    defaults, again = (_levels(rows) for rows in silences)
    # Of these the level does not matter, only how many there are.
    left_out = _levels(_LEFT_OUT)
    nothing = (0, 0, 0, 0, 0)
    return [
        DayCounts(
            *key,
            ratings.get(key, nothing),
            _added(defaults.get(key, nothing), again.get(key, nothing)),
            sum(left_out.get(key, nothing)),
        )
        for key in sorted(ratings.keys() | defaults.keys() | again.keys() | left_out.keys())
    ]


_OF_STAFF: Final = f"""
SELECT staff_id, date_trunc('month', service_day::timestamp)::date AS month, said.of_staff, count(*)::int
FROM {COUNTED} AS r CROSS JOIN LATERAL (SELECT {STAFF_LEVEL} AS of_staff) AS said
WHERE said.of_staff IS NOT NULL AND staff_id IS NOT NULL
  AND coalesce((SELECT effect FROM ratings_voiding WHERE rating_id = r.rating_id ORDER BY ordinal DESC LIMIT 1), '') = ''
GROUP BY staff_id, month, said.of_staff
"""  # noqa: S608  (fragments of our own)
_SILENCE_OF_STAFF: Final = f"""
SELECT staff_id, date_trunc('month', service_day::timestamp)::date AS month, level, count(*)::int
FROM (
    SELECT staff_id, service_day, level FROM ratings_defaultrating WHERE superseded_at IS NULL
    UNION ALL SELECT staff_id, service_day, level FROM {VOIDED_RATINGS} WHERE effect = '{VoidEffect.DEFAULT}'
) AS silence
WHERE staff_id IS NOT NULL GROUP BY staff_id, month, level
"""  # noqa: S608  (a fragment of our own)


def counts_by_staff_month() -> dict[tuple[int, date], tuple[_Levels, _Levels]]:
    """(staff id, first day of the month of service) → ratings of the member of staff himself and defaults of services that
    he gave, from level 1 to 5: from the rows themselves, each once."""
    said, silent = _by_staff(_OF_STAFF), _by_staff(_SILENCE_OF_STAFF)
    nothing = (0, 0, 0, 0, 0)
    return {key: (said.get(key, nothing), silent.get(key, nothing)) for key in said.keys() | silent.keys()}


def _by_staff(statement: str) -> dict[tuple[int, date], _Levels]:
    found: dict[tuple[int, date], dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for staff_id, month, level, number in cursor.fetchall():
            found.setdefault((staff_id, month), {})[level] = number
    return {
        key: (by.get(1, 0), by.get(2, 0), by.get(3, 0), by.get(4, 0), by.get(5, 0))
        for key, by in found.items()
    }


_UNCOUNTED = f"""
SELECT whose, service_day, sum(weight)::int
FROM (SELECT unnest(array_prepend(organisation_id, shared_with)) AS whose, service_day, weight
      FROM {UNCOUNTED_OCCASIONS}) each
GROUP BY whose, service_day
"""  # noqa: S608  (a fragment of our own)


def uncounted_occasions() -> dict[tuple[int, date], int]:
    """(organisation id, service day) → occasions that are rated no more and were left out of the count with their rating."""
    with connection.cursor() as cursor:
        cursor.execute(_UNCOUNTED)
        return {(whose, day): number for whose, day, number in cursor.fetchall()}


def _added(one: _Levels, other: _Levels) -> _Levels:
    n1, n2, n3, n4, n5 = (a + b for a, b in zip(one, other, strict=True))
    return n1, n2, n3, n4, n5


def _levels(rows: str) -> dict[tuple[int, date], _Levels]:
    sums = ", ".join(f"coalesce(sum(weight) FILTER (WHERE level = {level}), 0)::int" for level in range(1, 6))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT whose, service_day, {sums}"  # noqa: S608  (the two tables above)
            " FROM (SELECT unnest(array_prepend(organisation_id, shared_with)) AS whose, service_day, level, weight"
            f" FROM {rows}) AS counted GROUP BY whose, service_day"
        )
        return {(whose, day): (n1, n2, n3, n4, n5) for whose, day, n1, n2, n3, n4, n5 in cursor.fetchall()}
