"""Citizen against citizen: two people with the same token, at two doors."""

import asyncio
from uuid import UUID

import asyncpg

from drills.racing.raters import each_of, rated, writers
from drills.rating.ground import none, occasions
from haochaping.cli.figures import Figure
from haochaping.foundation.clock import now
from haochaping.intake.submission import Kind

ONE_EACH = """
SELECT count(*) FROM unnest($1::uuid[]) AS raced (id)
WHERE (SELECT count(*) FROM ratings_rating r WHERE r.id = raced.id) <> 1
   OR (SELECT count(*) FROM ratings_receipt c WHERE c.rating_id = raced.id) <> 1
   OR EXISTS (SELECT FROM cases_waiting w WHERE w.id = raced.id)
"""
COUNTED = "SELECT coalesce(sum(n5), 0) FROM tallies_change"


async def race(dsn: str, races: int) -> list[Figure]:
    """Each occasion is rated by two at once: one is told of a receipt, the other that it is over. What other races left in
    the tallies is not counted."""
    ids = await occasions(dsn, races, platform="tokens")
    before, wrong = await _counted(dsn), 0

    async with writers(dsn) as pair:

        async def both(occasion_id: UUID) -> None:
            nonlocal wrong
            kinds = await asyncio.gather(*(rated(writer, occasion_id, now()) for writer in pair))
            wrong += {Kind.CREATED, Kind.GONE} != set(kinds)

        await each_of(ids, both)
    connection = await asyncpg.connect(dsn)
    try:
        stored = await connection.fetchval(ONE_EACH, ids)
    finally:
        await connection.close()
    counted = await _counted(dsn) - before
    return [
        Figure("citizen against citizen", races, "races"),
        none("not one receipt and one 410", wrong, "races"),
        none("not one rating stored", stored, "races"),
        none("not counted once", abs(races - counted), "ratings"),
    ]


async def _counted(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(COUNTED))
    finally:
        await connection.close()
