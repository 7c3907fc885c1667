"""Fills PostgreSQL's disk, of its data and of its WAL: 503 and no false receipt meanwhile, then it recovers alone."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import asyncpg

from drills.filling.disks import Disk, own_mounts
from drills.rating.ground import Held, held, none, occasions, some, tokens_of, within
from drills.rating.saying import Said, Tally, both_ways, say_all, until_told
from haochaping.cli import port
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import HOST, Stage, stage
from haochaping.starter.processes import Supervisor
from haochaping.starter.progress import Say

WAL, DATA = "pg_wal", "base"
# By the folder of PostgreSQL's that lies on the small disk, in MB: twice of what is there at the beginning, and more.
DISKS = {WAL: 256, DATA: 128}
WORDS = {WAL: "WAL", DATA: "data"}
CONNECTIONS = 16
READY_SECONDS = 60
REFUSED_WITHIN = 60.0
A_LOOK = 0.1
PARTS = 40
# Writes WAL and nothing else: what others on the same server do all day.
MESSAGE = "SELECT pg_logical_emit_message(false, 'drill', repeat('x', 1000000))"


@dataclass(slots=True)
class Filled:
    """What happened on one full disk. `recovered`: seconds from the moment there was room again."""

    said: Sequence[Said]
    meanwhile: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    recovered: float = 0.0
    kept: Held = field(default_factory=lambda: Held(0, 0, 0))


def run(*, quick: bool, say: Say) -> list[Figure]:
    """5,000 ratings on each, full for 20 seconds; or 500, for 5."""
    each, seconds = (500, 5) if quick else (5_000, 20)
    own_mounts()
    figures: list[Figure] = []
    disks: list[Disk] = []
    try:
        with stage(say) as set_up:
            for folder, megabytes in DISKS.items():
                say(f"a full disk for the {WORDS[folder]}")
                disks.append(disk := _moved(set_up, folder, megabytes, say))
                found = _filled(set_up, disk, folder, each, seconds, say)
                figures += _figures(WORDS[folder], found, quick=quick)
    finally:
        # The stage's server stood on them until its end.
        for disk in disks:
            disk.take_away()
    return figures


def _filled(set_up: Stage, disk: Disk, folder: str, each: int, seconds: float, say: Say) -> Filled:
    ids = asyncio.run(occasions(set_up.dsn, each, platform=folder))
    found = Filled(both_ways(tokens_of(ids), level=1))
    set_up.start_door()
    supervisor = Supervisor(log=set_up.layout.log, say=say)
    if set_up.cluster is not None and set_up.cluster.child is not None:
        supervisor.adopt(set_up.cluster.child)
    try:
        asyncio.run(_rate_on_full_disk(set_up, disk, supervisor, found, seconds, busy=folder == WAL))
    finally:
        set_up.stop()
        supervisor.stop()
    return found


def _moved(set_up: Stage, folder: str, megabytes: int, say: Say) -> Disk:
    """The folder of the stopped database lies on a disk of its own from now on. Raises CouldNotRun."""
    if set_up.cluster is None:
        raise CouldNotRun("the database's server is not the stage's own")
    set_up.cluster.stop()
    lies = set_up.cluster.folder / folder
    owner = lies.stat()
    disk = Disk(set_up.layout.data / f"disk-{folder}", megabytes)
    shutil.move(lies, disk.place / folder)
    lies.symlink_to(disk.place / folder)
    for path in (disk.place / folder, *(disk.place / folder).rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    set_up.restart_database(say)
    return disk


async def _rate_on_full_disk(
    set_up: Stage, disk: Disk, supervisor: Supervisor, found: Filled, seconds: float, *, busy: bool
) -> None:
    """A quarter rates before; then the disk is full, and the others press again and again. `busy`: others write as well."""
    quarter = len(found.said) // 4
    await say_all(set_up.port, found.said[:quarter], found.after, connections=CONNECTIONS)
    disk.fill()
    over = asyncio.Event()
    writing = [asyncio.create_task(_write_wal(set_up, over))] if busy else []
    pressing = asyncio.create_task(_press(set_up, found.said[quarter:], found.meanwhile, over))
    limit = time.monotonic() + REFUSED_WITHIN
    # It takes as long as it takes until what was laid aside for it is used up.
    await _while(supervisor, lambda: not found.meanwhile.statuses[503] and time.monotonic() < limit)
    full_until = time.monotonic() + seconds
    await _while(supervisor, lambda: time.monotonic() < full_until)
    over.set()
    await asyncio.gather(pressing, *writing)
    disk.free()
    begun = time.monotonic()
    await _while(supervisor, lambda: not _ready(set_up) and time.monotonic() < begun + READY_SECONDS)
    found.recovered = time.monotonic() - begun
    await until_told(set_up.port, found.said, found.after, connections=CONNECTIONS)
    found.kept = await held(set_up.dsn, found.said)


async def _while(supervisor: Supervisor, lasts: Callable[[], bool]) -> None:
    """Looks after the database meanwhile, as `up` does."""
    while lasts():
        supervisor.look(time.monotonic())
        await asyncio.sleep(A_LOOK)


async def _press(set_up: Stage, said: Sequence[Said], tally: Tally, over: asyncio.Event) -> None:
    """A few at a time, so that some are left when there is no room any more."""
    few = max(1, len(said) // PARTS)
    while not over.is_set() and (waiting := [each for each in said if each.receipt is None]):
        await say_all(set_up.port, waiting[:few], tally, connections=CONNECTIONS, stop=over)
        await asyncio.sleep(A_LOOK)


async def _write_wal(set_up: Stage, over: asyncio.Event) -> None:
    while not over.is_set():
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(set_up.dsn, timeout=5)
            try:
                while not over.is_set():
                    await connection.execute(MESSAGE)
            finally:
                connection.terminate()
        await asyncio.sleep(A_LOOK)


def _ready(set_up: Stage) -> bool:
    return port.answers(HOST, set_up.port, "/readyz")


def _figures(words: str, found: Filled, *, quick: bool) -> list[Figure]:
    meanwhile, after = found.meanwhile, found.after
    refused = meanwhile.refused() + meanwhile.broken + after.refused()
    figures = [
        some("answered 503 while full", meanwhile.statuses[503], "answers"),
        some("stored in all", sum(each.receipt is not None for each in found.said), "ratings"),
        none("refused or broken", refused, "answers"),
        none("answered with another receipt", meanwhile.otherwise + after.otherwise, "ratings"),
        *found.kept.figures(),
        within("ready again after", found.recovered, READY_SECONDS, quick=quick),
    ]
    return [replace(each, name=f"{words}: {each.name}") for each in figures]
