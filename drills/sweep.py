"""Lets silence count for a million occasions: how fast, and each once when sweeps run at once and are killed (kill -9)."""

import asyncio
import time
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg

from drills.killing.rising import quiet
from drills.rating.ground import none, occasions, within
from drills.waiting.two_sweeps import A_KILL, STEP, Sweeps, sweep_and_kill
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.simulation.backlog import ending
from haochaping.starter.progress import Say

LIMIT_SECONDS = 60
A_SECOND = 20_000
DAY = timedelta(days=1)

SWEPT: Final = """
SELECT (SELECT count(*) FROM ratings_defaultrating WHERE id = ANY($1::uuid[])) AS defaults,
       (SELECT count(*) FROM cases_waiting WHERE id = ANY($1::uuid[])) AS waiting,
       (SELECT coalesce(sum(d3), 0) FROM tallies_change) AS counted
"""
WAITING: Final = "SELECT count(*) FROM cases_waiting WHERE NOT default_provisional"


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1,000,000 undisturbed, and 50 times 10,000 by two sweeps of which one is killed; or 20,000, and twice."""
    calm, kills = (20_000, 2) if quick else (1_000_000, 50)
    with stage(say) as set_up:
        provisional = asyncio.run(_store(set_up, calm // 100, "provisional", provisional=True))
        say(f"sweeping {calm:,} occasions")
        ids = asyncio.run(_store(set_up, calm, "calm"))
        seconds = _sweep_undisturbed()
        first = asyncio.run(_swept(set_up, ids))
        say(f"two sweeps at once, one of them killed, {kills} times")
        killed, disturbed = _sweep_and_kill(set_up, kills)
        second = asyncio.run(_swept(set_up, disturbed))
        left = asyncio.run(_swept(set_up, provisional))
    rate, more = round(calm / seconds), len(disturbed)
    wrong = abs(first["counted"] - calm) + abs(second["counted"] - calm - more)
    return [
        Figure("occasions swept undisturbed", first["defaults"], "occasions", goal=f"value = {calm}",
               goal_met=first["defaults"] == calm),
        _a_second(rate, quick=quick),
        within("in all", seconds, LIMIT_SECONDS, quick=quick),
        Figure("sweeps killed, of two at once", killed, "kills"),
        Figure("occasions swept by them and after", second["defaults"], "occasions", goal=f"value = {more}",
               goal_met=second["defaults"] == more),
        none("still waiting", first["waiting"] + second["waiting"], "occasions"),
        none("in no tally or in two", wrong, "occasions"),
        none("set off by a provisional instant", left["defaults"], "occasions"),
        none("provisional and not waiting", len(provisional) - left["waiting"], "occasions"),
    ]  # fmt: skip


def _a_second(rate: int, *, quick: bool) -> Figure:
    if quick:
        return Figure("a second", rate, "occasions/s")
    return Figure("a second", rate, "occasions/s", goal=f"value >= {A_SECOND}", goal_met=rate >= A_SECOND)


async def _store(set_up: Stage, count: int, name: str, *, provisional: bool = False) -> list[UUID]:
    """Occasions whose silence counted since yesterday."""
    instants = ending(now() - DAY, provisional=provisional)
    return await occasions(set_up.dsn, count, instants=instants, platform=name)


def _sweep_undisturbed() -> float:
    """As the job does, one after the other; the seconds that it took."""
    from haochaping.jobs.minutely.defaults import run as sweep

    begin = time.monotonic()
    while sweep(now=now()):
        continue
    return time.monotonic() - begin


def _sweep_and_kill(set_up: Stage, kills: int) -> tuple[int, list[UUID]]:
    """How many sweeps were killed, and the occasions. Raises CouldNotRun."""
    ids: list[UUID] = []

    def store(round_: int) -> None:
        ids.extend(asyncio.run(_store(set_up, A_KILL, f"disturbed {round_}")))

    def calm() -> object:
        return asyncio.run(_swept(set_up, []))

    killed, _ = sweep_and_kill(Sweeps(store, _step, _sweep_undisturbed, calm, WAITING), kills)
    return killed, ids


def _step() -> bool:
    from haochaping.ratings.operations import default_due

    return bool(default_due(now=now(), limit=STEP))


async def _swept(set_up: Stage, ids: list[UUID]) -> "asyncpg.Record":
    connection = await quiet(set_up.dsn)
    try:
        return await connection.fetchrow(SWEPT, ids)
    finally:
        await connection.close()
