"""Milliseconds of rankings out of tallies, their cost and freshness, and bytes, at 1 and 12.5 million ratings.

A thousand organisations with fifty members of staff each, two years of service; beside each question the same one asked of
the ratings themselves, and of the nightly export by DuckDB. HAOCHAPING_BENCH_RATINGS is another number for the larger of the
two; above 12.5 million the smaller one is 12.5 million. How much disk that takes is said first, and refused where it is not
there.
"""

import os
import resource
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.counted import asking, filling, widths, writing
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import Stage, stage
from haochaping.starter.progress import Say

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

SIZES, QUICK_SIZES = (1_000_000, 12_500_000), (20_000, 100_000)
ROUNDS, QUICK_ROUNDS = 15, 3
BATCHES, QUICK_BATCHES = 500, 20
READINGS, QUICK_READINGS = 50, 5
RATING: Final = 200  # bytes
DEAREST: Final = Decimal("1.25")
FRESH: Final = 2_000  # milliseconds
GROWTH: Final = Decimal("1.5")
DISK: Final = 60 * filling.GIB
MEMORY: Final = 1_024  # MiB: what DuckDB is given, and all that a worker is besides

Found = Mapping[str, asking.Taken]


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1 and 12.5 million ratings, or 20,000 and 100,000."""
    sizes = _sizes(quick=quick)
    with stage(say) as set_up:
        from django.db import connection

        home = set_up.layout.data
        folder = set_up.cluster.folder if set_up.cluster else home
        filling.ensure_room(sizes[1], (home, folder), say)
        found: list[Found] = []
        with connection.cursor() as cursor:
            figures = widths.widths(cursor)
            for begin, end in ((0, sizes[0]), sizes):
                told, taken = _measured(cursor, home, (begin, end), quick=quick, say=say)
                figures += told
                found.append(taken)
            figures += [_growth(name, found, judged=sizes[0] == SIZES[1]) for name in asking.GOALS]
            figures += [_width(cursor, sizes[1], judged=not quick), _disk(cursor, home, sizes[1])]
        figures += _stored(set_up, quick=quick, say=say)
    return figures


def _sizes(*, quick: bool) -> tuple[int, int]:
    """Raises CouldNotRun for a number that is none or too small."""
    small, large = QUICK_SIZES if quick else SIZES
    given = os.environ.get("HAOCHAPING_BENCH_RATINGS", str(large))
    larger = int(given) if given.isascii() and given.isdigit() else 0
    if larger > SIZES[1]:
        small = SIZES[1]
    if larger <= small:
        raise CouldNotRun(f"HAOCHAPING_BENCH_RATINGS must be a number above {small:,}")
    return small, larger


def _measured(
    cursor: "CursorWrapper", home: Path, span: tuple[int, int], *, quick: bool, say: Say
) -> tuple[list[Figure], Found]:
    """Fills up to a size, exports it, and asks."""
    from haochaping.analysis.operations.exporting import export
    from haochaping.foundation.clock import now

    begin, end = span
    say(f"making {end:,} ratings")
    filling.fill(cursor, begin, end, say)
    say(f"exporting {end:,} ratings")
    started = time.perf_counter()
    made = export(now=now(), tell=False)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    say(f"asking of {end:,} ratings")
    taken = asking.asked(cursor, home / "analysis", QUICK_ROUNDS if quick else ROUNDS)
    differ = made.differences
    return [
        *_told(taken, end, judged=not quick),
        Figure(f"export of {end:,} ratings", _tenths(seconds), "s"),
        Figure(
            f"export of {end:,} ratings: memory at most",
            memory,
            "MiB",
            goal=f"value <= {MEMORY:,}",
            goal_met=memory <= MEMORY,
        ),
        Figure(
            f"export of {end:,} ratings: differs from tallies",
            differ,
            "places",
            None,
            None,
            "value = 0",
            not differ,
        ),
    ], taken


def _told(found: Found, ratings: int, *, judged: bool) -> list[Figure]:
    """Each with the rows beside it, and then what the export needs for the same."""
    figures = []
    for name, goal in asking.GOALS.items():
        took, whole = found[name], f"{name}, {ratings:,} ratings"
        figures += [
            Figure(
                whole,
                _tenths(took.tallies),
                "ms",
                _tenths(took.rows),
                _tenths(took.tallies / took.rows),
                f"value <= {goal}" if judged else "",
                took.tallies <= goal if judged else None,
            ),
            Figure(
                f"{whole}: by the export",
                _tenths(took.export),
                "ms",
                _tenths(took.rows),
                _tenths(took.export / took.rows),
            ),
        ]
    return figures


def _growth(name: str, found: list[Found], *, judged: bool) -> Figure:
    """How much longer it takes with more ratings. `judged`: from 12.5 million on; of a million many a member of staff has
    no rating yet in many a month, so that there is less to add up."""
    small, large = (each[name].tallies for each in found)
    ratio = _tenths(large / small)
    goal, met = (f"ratio <= {GROWTH}", ratio <= GROWTH) if judged else ("", None)
    return Figure(f"{name}: growth", _tenths(large), "ms", _tenths(small), ratio, goal, met)


def _width(cursor: "CursorWrapper", ratings: int, *, judged: bool) -> Figure:
    """Of few ratings the indexes are wider."""
    cursor.execute("SELECT pg_total_relation_size('ratings_rating')")
    width = cursor.fetchone()[0] // ratings
    goal, met = (f"value <= {RATING}", width <= RATING) if judged else ("", None)
    return Figure("a rating with its indexes", width, "bytes", goal=goal, goal_met=met)


def _disk(cursor: "CursorWrapper", home: Path, ratings: int) -> Figure:
    size = filling.taken(cursor, home / "analysis")
    goal = f"value <= {DISK >> 20:,}"
    return Figure(
        f"disk of {ratings:,} ratings, tallies, export", size >> 20, "MiB", goal=goal, goal_met=size <= DISK
    )


def _stored(set_up: Stage, *, quick: bool, say: Say) -> list[Figure]:
    """On top of all that was filled."""
    batches, readings = (QUICK_BATCHES, QUICK_READINGS) if quick else (BATCHES, READINGS)
    found = writing.written(set_up.dsn, batches=batches, readings=readings, say=say)
    ratio = _tenths(found.with_tallies / found.without)
    return [
        Figure(
            "a rating stored with its tallies",
            _tenths(found.with_tallies),
            "µs",
            _tenths(found.without),
            ratio,
            f"ratio <= {DEAREST}" if not quick else "",
            ratio <= DEAREST if not quick else None,
        ),
        Figure(
            "from its commit to the figures",
            _tenths(found.fresh),
            "ms",
            goal=f"value <= {FRESH:,}",
            goal_met=found.fresh <= FRESH,
        ),
    ]


def _tenths(number: float) -> Decimal:
    return Decimal(number).quantize(Decimal("0.01"))
