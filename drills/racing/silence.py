"""Citizen against the default sweep: who was received in time counts, and who was not does not, whoever comes first."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import asyncpg

from drills.racing.raters import each_of, parts, rated, writers
from drills.rating.ground import none, occasions, some
from haochaping.cli.figures import Figure
from haochaping.foundation.clock import now
from haochaping.intake.submission import Kind
from haochaping.simulation.backlog import ending

MOMENT = timedelta(microseconds=1)
SWEEPS = 2
# Small, so that the sweeps are in the middle of it for as long as the raters are.
SWEPT_AT_ONCE = 20
PART = 500
# So many are rated before any sweep, and so many only after all of them.
UNDISTURBED = 20
DAY = timedelta(days=1)

STANDING = """
SELECT
  count(*) FILTER (WHERE raced.in_time AND (r.id IS NULL OR d.id IS NOT NULL AND d.superseded_at IS NULL)) AS denied,
  count(*) FILTER (WHERE NOT raced.in_time AND (r.id IS NOT NULL OR d.id IS NULL OR d.superseded_at IS NOT NULL)) AS late,
  count(*) FILTER (WHERE raced.in_time AND d.id IS NULL) AS before,
  count(*) FILTER (WHERE raced.in_time AND d.id IS NOT NULL) AS after,
  count(w.id) AS waiting
FROM unnest($1::uuid[], $2::boolean[]) AS raced (id, in_time)
LEFT JOIN ratings_rating r ON r.id = raced.id LEFT JOIN ratings_defaultrating d ON d.id = raced.id
LEFT JOIN cases_waiting w ON w.id = raced.id
"""
COUNTED = "SELECT coalesce(sum(n5), 0) AS rated, coalesce(sum(d3), 0) AS silent FROM tallies_change"


async def race(dsn: str, races: int, random: Random) -> list[Figure]:
    """Half are received in the last moment of their window, half at its end; two sweeps run meanwhile."""
    due_at = now() - DAY
    ids = await occasions(dsn, races, instants=ending(due_at), platform="silence")
    in_time = {each: place % 2 == 0 for place, each in enumerate(ids)}
    order = random.sample(ids, len(ids))
    connection = await asyncpg.connect(dsn)
    try:
        before = await connection.fetchrow(COUNTED)
        wrong = await _run(dsn, order, in_time, due_at)
        after = await connection.fetchrow(COUNTED)
        row = await connection.fetchrow(STANDING, ids, list(in_time.values()))
    finally:
        await connection.close()
    half = sum(in_time.values())
    uncounted = abs(after["rated"] - before["rated"] - half)
    uncounted += abs(after["silent"] - before["silent"] - (races - half))
    return [
        Figure("citizen against the sweep", races, "races"),
        some("citizen first", row["before"], "races"),
        some("sweep first, and its default superseded", row["after"], "races"),
        none("told otherwise than due", wrong, "races"),
        none("in time and not counted", row["denied"], "races"),
        none("late and counted", row["late"], "races"),
        none("without an outcome", row["waiting"], "races"),
        none("in no tally or in two", uncounted, "ratings"),
    ]


async def _run(dsn: str, order: Sequence[UUID], in_time: dict[UUID, bool], due_at: datetime) -> int:
    """How many were told otherwise than due."""
    wrong = 0
    async with writers(dsn) as pair:

        async def rate(occasion_id: UUID) -> None:
            nonlocal wrong
            early = in_time[occasion_id]
            kind = await rated(pair[occasion_id.int % 2], occasion_id, due_at - MOMENT if early else due_at)
            wrong += kind is not (Kind.CREATED if early else Kind.GONE)

        await each_of(order[:UNDISTURBED], rate)
        for part in parts(order[UNDISTURBED:-UNDISTURBED], PART):
            left = asyncio.Event()
            sweeps = [asyncio.create_task(_sweep(left)) for _ in range(SWEEPS)]
            await each_of(part, rate)
            left.set()
            await asyncio.gather(*sweeps)
        await asyncio.to_thread(_to_the_end)
        await each_of(order[-UNDISTURBED:], rate)
    return wrong


async def _sweep(left: asyncio.Event) -> None:
    while not left.is_set():
        await asyncio.to_thread(_swept)


def _swept() -> int:
    from django.db import connection

    from haochaping.ratings.operations import default_due

    try:
        return default_due(now=now(), limit=SWEPT_AT_ONCE)
    finally:
        connection.close()


def _to_the_end() -> None:
    while _swept():
        continue
