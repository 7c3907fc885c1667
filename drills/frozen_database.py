"""Freezes PostgreSQL (SIGSTOP) under a crowd: 503, no more memory, and late for nobody, though the door starts anew."""

import asyncio
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg

from drills.killing.processes import frozen, kill, resident
from drills.rating.ground import at_most, held, none, occasions, some, tokens, tokens_of, within
from drills.rating.saying import Broken, Said, Tally, both_ways, say, say_all, until_told
from haochaping.cases.token import read
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import HOST, Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import ending
from haochaping.starter.progress import Say

# More than may wait for the database at once (intake.lookups, intake.writer: 2,000).
CROWD = 2_500
FEW = 64
FILES = 8_192
JUST_IN_TIME = 50
# How long before the end of their window those send whose window closes meanwhile.
CLOSES_AFTER = timedelta(seconds=4)
A_LOOK = 0.5
# On a busy machine time flies between two of them.
LOOKS = 4
# Nobody who waits for the database is sent away so soon.
AT_ONCE = 2.5
SLOWEST_ANSWER = 15
GROWTH = 16
RECOVERED = 30
RECEIVED = "SELECT count(*) FROM ratings_rating WHERE id = ANY($1::uuid[]) AND received_at < $2"


@dataclass(slots=True)
class Found:
    """`memory` in MiB, as time went by, while all were `pressing`. `counted` and `late`: of those who came before and after
    their window closed, how many were taken."""

    pressing: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    memory: list[int] = field(default_factory=list)
    thawed: float = 0.0
    recovered: float = 0.0
    counted: int = 0
    late: int = 0


def run(*, quick: bool, say: Say) -> list[Figure]:
    """20 seconds, or 10; 2,500 people at once press again and again."""
    seconds = 10 if quick else 20
    _allow_connections()
    with stage(say) as set_up:
        crowd = both_ways(asyncio.run(tokens(set_up.dsn, 2 * CROWD)))
        set_up.start_door()
        say(f"{CROWD:,} people rate")
        asyncio.run(_calm(set_up, crowd[:CROWD]))
        say(f"freezing the database for {seconds} s")
        found = asyncio.run(_freeze(set_up, crowd[CROWD:], seconds))
        kept = asyncio.run(held(set_up.dsn, crowd))
    told = [each for each in found.pressing.answers if each.at < found.thawed]
    half = len(found.memory) // 2
    return [
        Figure("frozen", seconds, "s"),
        some("answered 503 meanwhile", sum(each.status == 503 for each in told), "answers"),
        none("answered otherwise meanwhile", sum(each.status != 503 for each in told), "answers"),
        none("broken meanwhile", found.pressing.broken, "connections"),
        _at_once(sum(each.seconds < AT_ONCE for each in told), quick=quick),
        within("slowest answer", max(each.seconds for each in told), SLOWEST_ANSWER, quick=quick),
        Figure("the door's memory, first half", max(found.memory[:half]), "MiB"),
        at_most("more in the second half", max(found.memory[half:]) - max(found.memory[:half]), "MiB", GROWTH),
        within("all told after the end", found.recovered, RECOVERED, quick=quick),
        none("refused after", found.after.refused(), "answers"),
        none("answered with another receipt", found.pressing.otherwise + found.after.otherwise, "ratings"),
        Figure("received before their window closed, counted by another door", found.counted, "ratings",
               goal=f"value = {JUST_IN_TIME}", goal_met=found.counted == JUST_IN_TIME),
        none("received after it closed, and taken", found.late, "ratings"),
        *kept.figures(),
    ]  # fmt: skip


def _at_once(told: int, *, quick: bool) -> Figure:
    """A matter of time as well: a busy machine needs longer than that to let the crowd in."""
    name = "told at once that too many wait"
    return Figure(name, told, "answers") if quick else some(name, told, "answers")


def _allow_connections() -> None:
    """The door inherits it. Raises CouldNotRun."""
    now_allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FILES:
        raise CouldNotRun(f"a crowd needs {FILES} open files, and this system allows {most}: see ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now_allowed, FILES), most))


async def _calm(set_up: Stage, said: Sequence[Said]) -> None:
    """Everybody once, so that the door has seen a crowd of this size."""
    tally = Tally()
    await say_all(set_up.port, said, tally, connections=CROWD)
    await until_told(set_up.port, said, tally, connections=FEW)


async def _freeze(set_up: Stage, crowd: Sequence[Said], seconds: float) -> Found:
    closes_at = now() + CLOSES_AFTER
    ids = await occasions(set_up.dsn, 2 * JUST_IN_TIME, instants=ending(closes_at), platform="closing")
    said = both_ways(tokens_of(ids))
    in_time, late = said[:JUST_IN_TIME], said[JUST_IN_TIME:]
    found, door, over = Found(), set_up.children[0].process.pid, asyncio.Event()
    with frozen(set_up):
        begun = time.monotonic()
        first = asyncio.create_task(say_all(set_up.port, in_time, found.pressing, connections=JUST_IN_TIME))
        await asyncio.sleep(A_LOOK)
        pressing = [asyncio.create_task(_press(set_up, each, found.pressing, over)) for each in crowd]
        while time.monotonic() - begun < seconds or len(found.memory) < LOOKS:
            found.memory.append(resident(door))
            await asyncio.sleep(A_LOOK)
        found.thawed = time.monotonic()
    over.set()
    await asyncio.gather(first, *pressing)
    await until_told(set_up.port, crowd, found.after, connections=FEW)
    found.recovered = time.monotonic() - found.thawed
    await asyncio.to_thread(_another_door, set_up)
    await _after_the_window(set_up, in_time, late, closes_at, found)
    return found


def _another_door(set_up: Stage) -> None:
    """One that has seen no first attempt: what it knows of them is what comes back with the second."""
    kill(set_up, [child.process.pid for child in set_up.children])
    set_up.stop()
    set_up.start_door()


async def _press(set_up: Stage, said: Said, tally: Tally, over: asyncio.Event) -> None:
    """One person, who presses again after each 503."""
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(HOST, set_up.port)
        try:
            while said.receipt is None and not over.is_set():
                await say(reader, writer, said, tally)
                await asyncio.sleep(A_LOOK)
        except Broken:
            tally.broken += 1
        finally:
            writer.close()


async def _after_the_window(
    set_up: Stage, in_time: Sequence[Said], late: Sequence[Said], closes_at: datetime, found: Found
) -> None:
    """Silence has counted for all of them by now: who was in time takes its place, who was not is turned away."""
    from haochaping.ratings.operations import default_due

    await asyncio.to_thread(default_due, now=now())
    await until_told(set_up.port, in_time, found.after, connections=FEW)
    key = key_for("rating token")
    connection = await asyncpg.connect(set_up.dsn)
    try:
        ids = [read(each.token, key).occasion_id for each in in_time]
        found.counted = await connection.fetchval(RECEIVED, ids, closes_at)
    finally:
        await connection.close()
    turned_away = Tally()
    await say_all(set_up.port, late, turned_away, connections=FEW)
    found.late = len(late) - turned_away.statuses[410]
