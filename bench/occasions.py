"""Reported occasions a second: over HTTP, and apart what parsing, judging, sealing and storing cost beside a bare COPY.

Four business systems send calls of 10,000 new records each, signed, to a real door before a durable database; then the
same calls again; then two send calls of 32 MB. The bare COPY takes the rows that the calls left into tables without keys
and indexes, in binary. Processor time tells of the product where wall time tells of the machine's other guests.
"""

import asyncio
import io
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median

import asyncpg

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import local_day, now
from haochaping.intake import bulk
from haochaping.intake.bulk_work import OBJECTS
from haochaping.intake.collector import spare_the_collector
from haochaping.intake.holding import holdings
from haochaping.intake.judging import Judge
from haochaping.intake.scope import Reached
from haochaping.intake.services import Services
from haochaping.intake.storing import sealed, store
from haochaping.simulation.reporters import report_all
from haochaping.simulation.served import ndjson, places, record
from haochaping.starter.progress import Say

GOAL = 10_000
A_CALL = 10_000
AUTHORITY = "11535863MB36169043"
CITY = Path(__file__).resolve().parents[1] / "src/haochaping/simulation/cities/kunming"
SENDERS = ("bench-a", "bench-b", "bench-c", "bench-d")
# Makes 10,000 records 32 MB.
PADDING = {"remark": "a" * 2_000, "remark2": "b" * 480}
TABLES = (
    *("cases_case", "cases_serviceoccasion", "cases_occasionkey", "cases_occasionversion", "cases_waiting"),
    "identity_vaultrecord",
)


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Four calls from each of four senders and twenty large ones, or one each and two."""
    calls, large = (1, 2) if quick else (4, 20)
    with stage(say) as set_up:
        from haochaping.registry.operations import import_registry

        import_registry(directory=CITY, now=now(), actor="bench")
        with asyncio.Runner() as runner, intake_services(runner) as services:
            say(f"making {(len(SENDERS) * calls + 3) * A_CALL:,} records")
            made = {name: list(bodies(services, name, calls)) for name in SENDERS}
            alone = next(bodies(services, "apart", 1))
            padded, other = (next(bodies(services, name, 1, PADDING)) for name in ("large", "other"))
            keys = {name: _key(name) for name in (*SENDERS, "large", "other")}
            door = set_up.start_door()
            database = runner.run(_postmaster(set_up))
            # Not measured: processes are started at the first call for each, and have read no rules then.
            runner.run(_sent(set_up.port, keys, {"large": [padded], "other": [other]}, "accepted"))
            say("sending them, and again")
            before = _processor(door.process.pid), _processor(database)
            new = runner.run(_sent(set_up.port, keys, made, "accepted"))
            ours, theirs = _processor(door.process.pid) - before[0], _processor(database) - before[1]
            again = runner.run(_sent(set_up.port, keys, made, "repeated"))
            say(f"sending {large} calls of {len(padded) >> 20} MB")
            turns = {"large": [padded], "other": [other]}
            runner.run(_sent(set_up.port, keys, turns, "repeated"))
            first = _resident(door.process.pid)
            turns = {name: each * (large // 2) for name, each in turns.items()}
            runner.run(_sent(set_up.port, keys, turns, "repeated"))
            last = _resident(door.process.pid)
            set_up.stop()
            say("each part apart, and the bare COPY")
            spare_the_collector(OBJECTS)
            parts = runner.run(apart(services, alone, "apart"))
            bare = runner.run(_bare(set_up))
    goal, share = f"value >= {GOAL}", Decimal(len(SENDERS) * calls)
    return [
        Figure("new records over HTTP", new, "records/s", bare, _ratio(new, bare), goal, new >= GOAL),
        Figure("the same again", again, "records/s", new, _ratio(again, new), "ratio >= 1", again >= new),
        Figure("processor time of door and bulk", _each(ours, share), "s/10,000"),
        Figure("processor time of PostgreSQL", _each(theirs, share), "s/10,000"),
        *(Figure(f"{name} alone", value, "records/s") for name, value in parts.items()),
        Figure("bare COPY of the same rows", bare, "records/s"),
        Figure("memory of door and bulk after 32 MB", last, "MiB", first, _ratio(last, first)),
    ]


def bodies(
    services: Services, sender: str, calls: int, more: Mapping[str, str] | None = None
) -> Iterator[bytes]:
    """Calls of 10,000 records that the registry knows, services of the last hours, each at its own second."""
    random = Random(sender)  # noqa: S311 - invented people, the same each time
    latest = now() - timedelta(hours=1)
    windows = places(services.directory.current(), latest.date())
    for call in range(calls):
        yield ndjson(
            [
                {
                    **record(
                        random,
                        random.choice(windows),
                        f"{sender}-{call}-{number}",
                        latest - timedelta(seconds=random.randrange(10_000)),
                    ),
                    **(more or {}),
                }
                for number in range(A_CALL)
            ]
        )


def _key(sender: str) -> tuple[str, str]:
    from haochaping.accounts.operations.clients import create_client

    issued = create_client(
        organisation=AUTHORITY, rights=["report"], actor="bench", now=now(), platform=sender
    )
    return issued.key, issued.secret


async def _sent(
    port: int, keys: dict[str, tuple[str, str]], bodies: dict[str, list[bytes]], verdict: str
) -> Decimal:
    begin = time.perf_counter()
    found = await asyncio.gather(
        *(report_all(port, *keys[name], made, clock=now) for name, made in bodies.items())
    )
    seconds = time.perf_counter() - begin
    records = sum(map(len, bodies.values())) * A_CALL
    if (told := sum(each.verdicts[verdict] for each in found)) != records:
        raise CouldNotRun(f"{told} of {records} records were {verdict}: {[each.statuses for each in found]}")
    return _rate(records, seconds)


async def apart(services: Services, body: bytes, platform: str) -> dict[str, Decimal]:
    """Records a second of each part, one after the other, in one process."""
    from haochaping.simulation.sender import sender

    client = replace(await asyncio.to_thread(sender, now=now()), platform=platform)
    at: datetime = now()
    directory = services.directory.current()
    reached = Reached(client.scope, directory, local_day(at))
    found = {}
    begin = time.perf_counter()
    reported = bulk.read(body, "application/x-ndjson")
    found["parsing"] = _rate(A_CALL, time.perf_counter() - begin)
    phrasing = services.phrasing.by(directory)
    async with services.pool.acquire() as connection:
        begin = time.perf_counter()
        await services.phrases.prepare(connection, phrasing.texts([each.record for each in reported]))
        prepared = time.perf_counter() - begin
    async with services.pool.acquire() as connection, connection.transaction():
        keys = await services.vault.hold(connection, at)
        begin = time.perf_counter()
        held, reported = await holdings(
            connection, services.vault, services.phrases, client, services.dialects, reported
        )
        judge = Judge(held, directory=directory, rulebook=services.rulebook, now=at, reached=reached)
        judged = [judge.verdict(each) for each in reported]
        found["judging"] = _rate(A_CALL, time.perf_counter() - begin)
        begin = time.perf_counter()
        rows = sealed(services.vault, keys, judge.writes.versions, services.phrases, phrasing)
        found["sealing"] = _rate(A_CALL, prepared + time.perf_counter() - begin)
        begin = time.perf_counter()
        await store(connection, client, judge.finished(), rows, judged, at)
        found["storing"] = _rate(A_CALL, time.perf_counter() - begin)
    return found


async def _bare(set_up: Stage) -> Decimal:
    """The rows of all tables that a call writes, COPYed once more into tables without keys and indexes."""
    connection = await asyncpg.connect(set_up.dsn)
    try:
        kept = {}
        for table in TABLES:
            await connection.execute(f"CREATE TABLE bare_{table} AS TABLE {table} WITH NO DATA")
            kept[table] = io.BytesIO()
            await connection.copy_from_table(table, output=kept[table], format="binary")
        records = await connection.fetchval("SELECT count(*) FROM cases_serviceoccasion")
        seconds = median([await _timed(lambda: _copied(connection, kept)) for _ in range(3)])
    finally:
        await connection.close()
    return _rate(records, seconds)


async def _copied(connection: "asyncpg.Connection[asyncpg.Record]", kept: dict[str, io.BytesIO]) -> None:
    async with connection.transaction():
        for table, rows in kept.items():
            rows.seek(0)
            await connection.copy_to_table(f"bare_{table}", source=rows, format="binary")


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin


async def _postmaster(set_up: Stage) -> int:
    """The process whose children work for the connections."""
    connection = await asyncpg.connect(set_up.dsn)
    try:
        return _parents()[await connection.fetchval("SELECT pg_backend_pid()")]
    finally:
        await connection.close()


def _parents() -> dict[int, int]:
    """Parent of every process of the machine."""
    return {process: int(words[1]) for process, words in _stats()}


def _stats() -> Iterator[tuple[int, list[str]]]:
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(file.parent.name), file.read_text().rpartition(")")[2].split()


def _resident(root: int) -> Decimal:
    """MiB of memory that the process and its children hold."""
    pages = sum(int(words[21]) for process, words in _stats() if root in (process, int(words[1])))
    return Decimal(pages * os.sysconf("SC_PAGE_SIZE") // 2**20)


def _processor(root: int) -> Decimal:
    """Seconds that the process and its children have worked, and those that ended."""
    ticks = 0
    for process, words in _stats():
        if process == root:
            ticks += sum(map(int, words[11:15]))
        elif int(words[1]) == root:
            ticks += sum(map(int, words[11:13]))
    return Decimal(ticks) / os.sysconf("SC_CLK_TCK")


def _each(seconds: Decimal, calls: Decimal) -> Decimal:
    return (seconds / calls).quantize(Decimal("0.01"))


def _rate(records: int, seconds: float) -> Decimal:
    return Decimal(records / seconds).quantize(Decimal(1))


def _ratio(value: Decimal, reference: Decimal) -> Decimal:
    return (value / reference).quantize(Decimal("0.01"))
