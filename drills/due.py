"""Sets off a million escalations that are due: how fast, and each once when sweeps run at once and are killed (kill -9)."""

import asyncio
import time
from datetime import timedelta
from typing import Final

import asyncpg

from drills.killing.rising import quiet
from drills.rating.ground import none, within
from drills.waiting.orders import office, overdue
from drills.waiting.two_sweeps import A_KILL, STEP, Sweeps, sweep_and_kill
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.starter.progress import Say

LIMIT_SECONDS = 60
DAY = timedelta(days=1)

# The handler of each is owed a notice, and the authority's officer one of each that goes to him too.
FOUND: Final = """
SELECT count(*) FILTER (WHERE e.state = 'set_off') AS set_off,
       count(*) FILTER (WHERE e.state = 'planned' AND NOT d.provisional) AS planned,
       count(*) FILTER (WHERE e.state = 'set_off' AND d.provisional) AS wrongly,
       count(*) FILTER (WHERE e.state = 'set_off') + count(*) FILTER (WHERE e.state = 'set_off' AND e.body <> '') AS owed,
       count(*) FILTER (WHERE e.state = 'set_off' AND coalesce(e.persons, 0) = 0) AS untold,
       (SELECT count(*) FROM notices_notice) AS notices,
       (SELECT count(DISTINCT (cause, official_id)) FROM notices_notice) AS different
FROM rectification_escalation e
JOIN rectification_orderdeadline d ON d.order_id = e.order_id AND d.step = e.step AND d.due_at = e.due_at
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
        killed, rounds = sweep_and_kill(_sweeps(set_up), kills)
        found = asyncio.run(_found(set_up))
    all_of_them = calm + rounds * A_KILL
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


def _sweeps(set_up: Stage) -> Sweeps:
    return Sweeps(
        store=lambda _: asyncio.run(overdue(set_up.dsn, A_KILL, due_at=now() - DAY)),
        step=_step,
        rest=_sweep_undisturbed,
        calm=lambda: asyncio.run(_found(set_up)),
        left=LEFT,
    )


def _sweep_undisturbed() -> float:
    """As the job does, one after the other; the seconds that it took."""
    from haochaping.jobs.minutely.escalations import LIMIT
    from haochaping.rectification.operations import set_off_due

    begin = time.monotonic()
    while any(set_off_due(now=now(), limit=LIMIT)):
        continue
    return time.monotonic() - begin


def _step() -> bool:
    from haochaping.rectification.operations import set_off_due

    return any(set_off_due(now=now(), limit=STEP))


async def _found(set_up: Stage) -> "asyncpg.Record":
    connection = await quiet(set_up.dsn)
    try:
        return await connection.fetchrow(FOUND)
    finally:
        await connection.close()
