"""Kills the door (kill -9) in the middle of submissions: what was acknowledged must be there, once."""

import asyncio
import random
import signal
import time
import uuid

import asyncpg

from haochaping.cases.token import mint, read
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.simulation.raters import Outcome, rate_all
from haochaping.starter.progress import Say

QR_CODE = 3
CONNECTIONS = 32
BEFORE_THE_KILL = (0.1, 0.6)


def run(*, quick: bool, say: Say) -> list[Figure]:
    """100 kills over 100,000 submissions, or 3 over 3,000."""
    kills, each = (3, 1_000) if quick else (100, 1_000)
    with stage(say) as set_up:
        tokens = asyncio.run(_prepare(set_up, kills * each))
        acknowledged: list[str] = []
        slowest = 0.0
        for number in range(kills):
            begin = time.monotonic()
            child = set_up.start_door()
            slowest = max(slowest, time.monotonic() - begin)
            part = tokens[number * each : (number + 1) * each]
            acknowledged += asyncio.run(_rate_and_kill(set_up.port, part, child.process.pid)).acknowledged
            child.process.wait()
        lost, doubled, uncounted = asyncio.run(_count(set_up, acknowledged))
    return [
        Figure("kills", kills, "kills"),
        Figure("acknowledged", len(acknowledged), "ratings", goal="value > 0", goal_met=bool(acknowledged)),
        Figure("acknowledged and lost", lost, "ratings", goal="value = 0", goal_met=lost == 0),
        Figure("stored twice", doubled, "ratings", goal="value = 0", goal_met=doubled == 0),
        Figure("stored and not counted", uncounted, "ratings", goal="value = 0", goal_met=uncounted == 0),
        Figure("slowest restart", round(slowest * 1000), "ms", goal="value <= 30000", goal_met=slowest <= 30),
    ]


async def _prepare(set_up: Stage, count: int) -> list[str]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        ids = await open_occasions(connection, count=count, now=now())
    finally:
        await connection.close()
    return [mint(identifier, QR_CODE, key_for("rating token")) for identifier in ids]


async def _rate_and_kill(port: int, tokens: list[str], process: int) -> Outcome:
    import os

    async def kill_soon() -> None:
        await asyncio.sleep(random.uniform(*BEFORE_THE_KILL))  # noqa: S311 - when, not what
        os.kill(process, signal.SIGKILL)

    killer = asyncio.create_task(kill_soon())
    outcome = await rate_all(port, tokens, connections=CONNECTIONS, level=1)
    await killer
    return outcome


async def _count(set_up: Stage, acknowledged: list[str]) -> tuple[int, int, int]:
    """How many acknowledged ratings are missing, how many occasions have two, how many ratings are in no tally."""
    ids: list[uuid.UUID] = [read(token, key_for("rating token")).occasion_id for token in acknowledged]
    connection = await asyncpg.connect(set_up.dsn)
    try:
        found = await connection.fetchval(
            "SELECT count(*) FROM ratings_rating WHERE id = ANY($1::uuid[])", ids
        )
        doubled = await connection.fetchval(
            "SELECT count(*) FROM (SELECT occasion_id FROM ratings_rating GROUP BY 1 HAVING count(*) > 1) twice"
        )
        uncounted = await connection.fetchval(
            "SELECT (SELECT count(*) FROM ratings_rating) - (SELECT coalesce(sum(n1), 0) FROM tallies_delta)"
        )
    finally:
        await connection.close()
    return len(ids) - found, doubled, abs(uncounted)
