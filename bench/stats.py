"""Milliseconds of rankings out of tallies, and the bytes of a rating, at 1 and 12.5 million ratings.

A thousand organisations with fifty members of staff each, two years of service; beside each question the same one asked of
the ratings themselves. HAOCHAPING_BENCH_RATINGS is another number for the larger of the two.
"""

import os
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Final

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import stage
from haochaping.starter.progress import Say

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

ORGANISATIONS: Final = 1_000
STAFF_OF_EACH: Final = 50
FIRST: Final = date(2025, 1, 1)
DAYS: Final = 730
QUARTER: Final = (date(2026, 7, 1), date(2026, 9, 30))
SIZES, QUICK_SIZES = (1_000_000, 12_500_000), (20_000, 100_000)
ROUNDS, QUICK_ROUNDS = 15, 3
# Few organisations have most of the ratings; one in 11,000 is bad (Guangdong, July 2023).
_RATINGS: Final = """
INSERT INTO ratings_rating (id, occasion_id, level, staff_level, tags, text, channel, origin, named, norm_version,
    received_at, submission, service_day, division_id, organisation_id, staff_id, item_id, profile)
SELECT made.id, made.id, CASE WHEN i %% 11000 = 0 THEN 1 WHEN i %% 9 = 0 THEN 4 ELSE 5 END,
    CASE WHEN i %% 3 = 0 THEN 5 END, '{}', '', 3, 'citizen', i %% 4 = 0, 2,
    made.day + time '10:00' AT TIME ZONE 'Asia/Shanghai', decode(md5(i::text), 'hex'), made.day, 1, made.whose,
    made.whose * %(each)s + i %% %(each)s, 1 + i %% 500, 'kunming'
FROM generate_series(%(begin)s::bigint, %(end)s::bigint - 1) AS i CROSS JOIN LATERAL (
    SELECT (lpad(to_hex(i), 12, '0') || '7000' || '8000' || substr(md5(i::text), 1, 12))::uuid AS id,
           %(first)s::date + (i * 7919 %% %(days)s)::int AS day,
           1 + (power(random(), 2) * (%(organisations)s - 1))::int AS whose
) AS made
"""
_TALLIES: Final = """
TRUNCATE tallies_organisationday, tallies_organisationmonth, tallies_staffmonth, tallies_filled;
INSERT INTO tallies_organisationday
SELECT organisation_id, service_day, count(*), 0, {levels}, 0, 0, 0, 0, 0 FROM ratings_rating GROUP BY 1, 2;
INSERT INTO tallies_organisationmonth
SELECT organisation_id, date_trunc('month', day)::date, {sums} FROM tallies_organisationday GROUP BY 1, 2;
INSERT INTO tallies_staffmonth
SELECT staff_id, date_trunc('month', service_day)::date, 0, 0, 0, 0, count(*), 0, 0, 0, 0, 0
FROM ratings_rating WHERE staff_level IS NOT NULL GROUP BY 1, 2;
INSERT INTO tallies_filled VALUES ('tallies_organisationmonth', now())
"""
_RAW: Final = """
SELECT {whose}, count(*) FILTER (WHERE level >= 3), count(*) FROM ratings_rating
WHERE service_day BETWEEN %s AND %s GROUP BY 1
"""
_RAW_OF_ONE: Final = """
SELECT date_trunc('month', service_day), count(*) FILTER (WHERE level >= 3), count(*) FROM ratings_rating
WHERE organisation_id = %s AND service_day BETWEEN %s AND %s GROUP BY 1
"""


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1 and 12.5 million ratings, or 20,000 and 100,000."""
    sizes = QUICK_SIZES if quick else SIZES
    sizes = (sizes[0], int(os.environ.get("HAOCHAPING_BENCH_RATINGS", sizes[1])))
    if not 0 < sizes[0] < sizes[1]:
        raise CouldNotRun(f"there must be more than {sizes[0]:,} ratings")
    with stage(say):
        from django.db import connection

        found: list[dict[str, float]] = []
        figures: list[Figure] = []
        with connection.cursor() as cursor:
            for begin, end in ((0, sizes[0]), sizes):
                say(f"making {end:,} ratings")
                _fill(cursor, begin, end)
                say(f"asking of {end:,} ratings")
                taken = _asked(cursor, QUICK_ROUNDS if quick else ROUNDS)
                figures += _told(taken, end, judged=not quick)
                found.append(taken)
            figures += [_growth(name, found, judged=not quick) for name in _GOALS]
            figures.append(_width(cursor, sizes[1]))
    return figures


_GOALS: Final = {
    "quarter's ranking of 1,000 organisations": 10,
    "quarter's ranking of 50,000 staff": 500,
    "one organisation's months": 50,
}


def _fill(cursor: "CursorWrapper", begin: int, end: int) -> None:
    counts = {"begin": begin, "end": end, "days": DAYS, "organisations": ORGANISATIONS, "each": STAFF_OF_EACH}
    cursor.execute(_RATINGS, {**counts, "first": FIRST})
    levels = ", ".join(f"count(*) FILTER (WHERE level = {level})" for level in range(1, 6))
    names = ("occasions", "late", *(f"n{n}" for n in range(1, 6)), *(f"d{n}" for n in range(1, 6)))
    for statement in _TALLIES.format(levels=levels, sums=", ".join(f"sum({name})" for name in names)).split(
        ";"
    ):
        cursor.execute(statement)
    cursor.execute("VACUUM (ANALYZE)")


def _asked(cursor: "CursorWrapper", rounds: int) -> dict[str, float]:
    """Question → median milliseconds; of the ratings themselves under "raw: ...", asked three times."""
    from haochaping.tallies.queries import organisation_months, organisation_totals, staff_totals
    from haochaping.tallies.rules import Counts

    first, last = QUARTER

    def best_first(totals: object) -> list[Counts]:
        found: list[Counts] = list(totals.values())  # type: ignore[attr-defined]
        return sorted(found, key=lambda each: each.active_good_rate or Decimal(0), reverse=True)

    def raw(statement: str, *values: object) -> Callable[[], object]:
        def ask() -> object:
            cursor.execute(statement, values)
            return cursor.fetchall()

        return ask

    organisations, staff, one = _GOALS
    asked: dict[str, Callable[[], object]] = {
        organisations: lambda: best_first(organisation_totals(from_day=first, to_day=last)),
        staff: lambda: best_first(staff_totals(from_month=first, to_month=last)),
        one: lambda: organisation_months(1, from_day=FIRST, to_day=last),
    }
    plain = {
        organisations: raw(_RAW.format(whose="organisation_id"), first, last),
        staff: raw(_RAW.format(whose="staff_id"), first, last),
        one: raw(_RAW_OF_ONE, 1, FIRST, last),
    }
    taken = {name: _median(ask, rounds) for name, ask in asked.items()}
    return taken | {f"raw: {name}": _median(ask, 3) for name, ask in plain.items()}


def _median(ask: Callable[[], object], rounds: int) -> float:
    ask()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken)


def _told(taken: dict[str, float], ratings: int, *, judged: bool) -> list[Figure]:
    """Each with the raw rows beside it."""
    return [
        Figure(
            f"{name}, {ratings:,} ratings",
            _tenths(taken[name]),
            "ms",
            _tenths(taken[f"raw: {name}"]),
            _tenths(taken[name] / taken[f"raw: {name}"]),
            f"value <= {goal}" if judged else "",
            taken[name] <= goal if judged else None,
        )
        for name, goal in _GOALS.items()
    ]


def _growth(name: str, found: list[dict[str, float]], *, judged: bool) -> Figure:
    """How much longer it takes with more ratings; the goal is that of 12.5 to 100 million."""
    small, large = (each[name] for each in found)
    ratio = large / small
    goal = "ratio <= 1.5" if judged else ""
    met = ratio <= 1.5 if judged else None
    return Figure(f"{name}: growth", _tenths(large), "ms", _tenths(small), _tenths(ratio), goal, met)


def _width(cursor: "CursorWrapper", ratings: int) -> Figure:
    cursor.execute("SELECT pg_total_relation_size('ratings_rating')")
    width = cursor.fetchone()[0] // ratings
    return Figure("a rating with its indexes", width, "bytes", goal="value <= 200", goal_met=width <= 200)


def _tenths(number: float) -> Decimal:
    return Decimal(number).quantize(Decimal("0.01"))
