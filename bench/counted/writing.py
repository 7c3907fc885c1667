"""What tallies cost whoever stores ratings, and how soon a rating is in the figures: by the door's own statement."""

import os
import re
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from statistics import median
from typing import Any, Final

import asyncpg
import uvloop
from asgiref.sync import sync_to_async
from django.db import connections

from haochaping.cli.figures import CouldNotRun
from haochaping.foundation.clock import local_day, now
from haochaping.intake.statement import STORE_RATINGS, Fate, Prepared, arguments, prepare
from haochaping.intake.submission import Submission
from haochaping.intake.writer import PLANNING
from haochaping.ratings.receipt import receipt_keys
from haochaping.ratings.rules import RatingContent
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.progress import Say

# As many as come together while the one before commits (bench intake).
A_BATCH: Final = 30
# A rating in so many says something of the member of staff as well.
_OF_STAFF: Final = 3
_APPENDS: Final = re.compile(r"INSERT INTO tallies_\w+\s*\([^)]*\)\s*(?=SELECT)")


@dataclass(frozen=True, slots=True)
class Written:
    """Microseconds a rating with tallies and without, medians of batches in turns; milliseconds from the commit of a rating
    to the figure that has it, the longest of all."""

    with_tallies: float
    without: float
    fresh: float


def without_tallies(statement: str = STORE_RATINGS) -> str:
    """The door's statement as it would be if nothing were counted: what is not inserted is not worked out. Raises
    CouldNotRun when it is put together otherwise than this knows."""
    found = _APPENDS.sub("", statement)
    if found == statement or "INSERT INTO tallies" in found:
        raise CouldNotRun("the deltas were not found in the door's statement")
    return found


def written(dsn: str, *, batches: int, readings: int, say: Say) -> Written:
    """So many batches of either kind in turns, then so many ratings one by one, each looked for in the figures."""
    say(f"storing {2 * batches * A_BATCH:,} ratings by the door's statement")
    return uvloop.run(_written(dsn, batches, readings))


async def _written(dsn: str, batches: int, readings: int) -> Written:
    connection = await asyncpg.connect(dsn, server_settings={"synchronous_commit": "on", **PLANNING})
    try:
        # Some of both kinds come first and are not measured.
        warm = max(2, batches // 10)
        ids = await open_occasions(connection, count=2 * (batches + warm) * A_BATCH + readings, now=now())
        waiting = iter(ids)
        statements = [await connection.prepare(each) for each in (STORE_RATINGS, without_tallies())]
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(2 * (batches + warm)):
            seconds = await _stored(statements[number % 2], tuple(islice(waiting, A_BATCH)))
            if number >= 2 * warm:
                took[number % 2].append(seconds / A_BATCH * 1e6)
        fresh = [await _seen(connection, statements[0], each) for each in waiting]
        await sync_to_async(connections.close_all)()
    finally:
        await connection.close()
    return Written(median(took[0]), median(took[1]), max(fresh) * 1000)


async def _stored(statement: Any, ids: "tuple[uuid.UUID, ...]") -> float:
    """Seconds from the batch to its commit."""
    made = [_prepared(each, number) for number, each in enumerate(ids)]
    begin = time.perf_counter()
    rows = await statement.fetch(*arguments(made, now()))
    seconds = time.perf_counter() - begin
    if {row["fate"] for row in rows} != {Fate.CREATED.value}:
        raise CouldNotRun("ratings were not stored")
    return seconds


async def _seen(connection: "asyncpg.Connection[asyncpg.Record]", statement: Any, each: uuid.UUID) -> float:
    """Seconds from the commit of a rating until its organisation's figures of the day have it, folded or not."""
    whose = await connection.fetchval("SELECT organisation_id FROM cases_serviceoccasion WHERE id = $1", each)
    counted = sync_to_async(_counted)
    before = await counted(whose)
    await _stored(statement, (each,))
    begin = time.perf_counter()
    while await counted(whose) == before:
        if time.perf_counter() - begin > 60:
            raise CouldNotRun("a rating did not come into the figures for a minute")
    return time.perf_counter() - begin


def _counted(whose: int) -> int:
    from haochaping.tallies.queries import organisation_day_counts

    today = local_day(now())
    return sum(
        counts.rated
        for (number, _), counts in organisation_day_counts(from_day=today, to_day=today).items()
        if number == whose
    )


def _prepared(occasion: uuid.UUID, number: int) -> Prepared:
    content = RatingContent(
        level=5, bad=False, tags=(), text="", named=False, submission=os.urandom(16),
        staff_level=5 if number % _OF_STAFF == 0 else None,
    )  # fmt: skip
    return prepare(
        Submission(
            occasion,
            content,
            "trial",
            3,
            now() - timedelta(seconds=1),
            address=bytes(31) + b"a",
            device=bytes(31) + b"d",
        ),
        receipt_keys(),
    )
