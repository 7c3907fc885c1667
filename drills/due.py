"""Sets off a million escalations that are due: how fast, and each once when sweeps run at once and are killed (kill -9)."""

import asyncio
import multiprocessing
import random
import time
from datetime import timedelta
from multiprocessing.process import BaseProcess
from typing import Final

import asyncpg

from drills.killing.rising import quiet
from drills.rating.ground import none, within
from drills.waiting.orders import office, overdue
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.starter.progress import Say

LIMIT_SECONDS = 60
AT_ONCE = 2
BEFORE_THE_KILL = (0.0, 0.1)
# Escalations for two sweeps of which one is killed, in steps so small that they are in the middle of it for a while.
A_KILL = 10_000
STEP = 100
PATIENCE = 600.0
DAY = timedelta(days=1)

# The handler of each is owed a notice, and the authority's officer one of each that goes to him too.
FOUND: Final = """
SELECT count(*) FILTER (WHERE e.state = 'set_off') AS set_off,
       count(*) FILTER (WHERE e.state = 'planned' AND NOT o.due_provisional) AS planned,
       count(*) FILTER (WHERE e.state = 'set_off' AND o.due_provisional) AS wrongly,
       count(*) FILTER (WHERE e.state = 'set_off') + count(*) FILTER (WHERE e.state = 'set_off' AND e.body <> '') AS owed,
       count(*) FILTER (WHERE e.state = 'set_off' AND coalesce(e.persons, 0) = 0) AS untold,
       (SELECT count(*) FROM notices_notice) AS notices,
       (SELECT count(DISTINCT (cause, official_id)) FROM notices_notice) AS different
FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
"""
LEFT: Final = "SELECT count(*) FROM rectification_escalation WHERE state = 'planned' AND at <= now()"


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1,000,000 undisturbed, and 50 times 10,000 by two sweeps of which one is killed; or 20,000, and twice."""
    calm, kills = (20_000, 2) if quick else (1_000_000, 50)
    with stage(say) as set_up:
        office()
        _store(set_up, calm)
        say(f"setting off {calm:,} escalations")
        seconds = _sweep_undisturbed()
        first = asyncio.run(_found(set_up))
        say(f"two sweeps at once, one of them killed, {kills} times")
        killed, disturbed = _sweep_and_kill(set_up, kills)
        found = asyncio.run(_found(set_up))
    all_of_them = calm + disturbed
    return [
        Figure("escalations set off undisturbed", first["set_off"], "escalations", goal=f"value = {calm}",
               goal_met=first["set_off"] == calm),
        Figure("a second", round(calm / seconds), "escalations/s"),
        within("in all", seconds, LIMIT_SECONDS, quick=quick),
        Figure("sweeps killed, of two at once", killed, "kills"),
        Figure("set off in all", found["set_off"], "escalations", goal=f"value = {all_of_them}",
               goal_met=found["set_off"] == all_of_them),
        Figure("notices put out", found["notices"], "notices", goal=f"value = {found['owed']}",
               goal_met=found["notices"] == found["owed"]),
        none("put out twice", found["notices"] - found["different"], "notices"),
        none("set off and told nobody", found["untold"], "escalations"),
        none("still planned", found["planned"], "escalations"),
        none("set off by a provisional end", found["wrongly"], "escalations"),
    ]  # fmt: skip


def _store(set_up: Stage, count: int) -> None:
    """Orders that are overdue since yesterday, and some whose end is provisional."""
    asyncio.run(overdue(set_up.dsn, count, due_at=now() - DAY))
    asyncio.run(overdue(set_up.dsn, max(count // 100, 1), due_at=now() - DAY, provisional=True))


def _sweep_undisturbed() -> float:
    """As the job does, one after the other; the seconds that it took."""
    from haochaping.jobs.minutely.escalations import LIMIT
    from haochaping.rectification.operations import set_off_due

    begin = time.monotonic()
    while any(set_off_due(now=now(), limit=LIMIT)):
        continue
    return time.monotonic() - begin


def _sweep_and_kill(set_up: Stage, kills: int) -> tuple[int, int]:
    """Again and again two processes sweep and one of them is killed; the other goes on, and the next minute's sweep takes
    what it left. How many were killed in the middle of it, and of how many escalations. Raises CouldNotRun."""
    from django.db import connections

    limit, killed, stored = time.monotonic() + PATIENCE, 0, 0
    while killed < kills:
        connections.close_all()  # no connection is shared with the processes
        asyncio.run(overdue(set_up.dsn, A_KILL, due_at=now() - DAY))
        stored += A_KILL
        victim, other = (_start() for _ in range(AT_ONCE))
        _wait_until_begun(limit)
        time.sleep(random.uniform(*BEFORE_THE_KILL))  # noqa: S311 - when, not what
        killed += victim.is_alive()
        victim.kill()
        victim.join()
        other.join(PATIENCE)
        if other.exitcode != 0:
            raise CouldNotRun(f"a sweep ended with {other.exitcode}")
        _sweep_undisturbed()
    # What a dead one held was given back meanwhile.
    asyncio.run(_found(set_up))
    _sweep_undisturbed()
    return killed, stored


def _wait_until_begun(limit: float) -> None:
    """Until some are set off, so that the kill comes in the middle. Raises CouldNotRun."""
    from django.db import connection

    left = A_KILL
    while left >= A_KILL:
        with connection.cursor() as cursor:
            cursor.execute(LEFT)
            left = cursor.fetchone()[0]
        if time.monotonic() > limit:
            raise CouldNotRun("the sweeps do not begin")


def _start() -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_sweep_all)
    process.start()
    return process


def _sweep_all() -> None:
    from haochaping.rectification.operations import set_off_due

    while any(set_off_due(now=now(), limit=STEP)):
        continue


async def _found(set_up: Stage) -> "asyncpg.Record":
    connection = await quiet(set_up.dsn)
    try:
        return await connection.fetchrow(FOUND)
    finally:
        await connection.close()
