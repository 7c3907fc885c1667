"""Reported occasions a second: over HTTP, and apart what parsing, judging, sealing and storing cost beside a bare COPY.

Two business systems send calls of 10,000 new records each, signed, to a real door before a durable database; then the
same calls again. The bare COPY takes the rows that the calls left into tables without keys and indexes, in binary.
"""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable, Iterator
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
SENDERS = ("bench-a", "bench-b")
TABLES = (
    *("cases_case", "cases_serviceoccasion", "cases_occasionkey", "cases_occasionversion", "cases_waiting"),
    "identity_vaultrecord",
)


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Five calls from each of two senders, or one each."""
    calls = 1 if quick else 5
    with stage(say) as set_up:
        from haochaping.registry.operations import import_registry

        import_registry(directory=CITY, now=now(), actor="bench")
        with asyncio.Runner() as runner, intake_services(runner) as services:
            say(f"making {(2 * calls + 1) * A_CALL:,} records")
            bodies = {name: list(_bodies(services, name, calls)) for name in SENDERS}
            alone = next(_bodies(services, "apart", 1))
            keys = {name: _key(name) for name in SENDERS}
            door = set_up.start_door()
            say("sending them, and again")
            new = runner.run(_sent(set_up.port, keys, bodies, "accepted"))
            first = _resident(door.process.pid)
            again = runner.run(_sent(set_up.port, keys, bodies, "repeated"))
            last = _resident(door.process.pid)
            set_up.stop()
            say("each part apart, and the bare COPY")
            apart = runner.run(_apart(services, alone, "apart"))
            bare = runner.run(_bare(set_up))
    goal = f"value >= {GOAL}"
    return [
        Figure("new records over HTTP", new, "records/s", bare, _ratio(new, bare), goal, new >= GOAL),
        Figure("the same again", again, "records/s", new, _ratio(again, new), "ratio >= 1", again >= new),
        *(Figure(f"{name} alone", value, "records/s") for name, value in apart.items()),
        Figure("bare COPY of the same rows", bare, "records/s"),
        Figure("memory of the door after all again", last, "MiB", first, _ratio(last, first)),
    ]


def _bodies(services: Services, sender: str, calls: int) -> Iterator[bytes]:
    """Calls of 10,000 records that the registry knows, services of the last hour."""
    random = Random(sender)  # noqa: S311 - invented people, the same each time
    at = now() - timedelta(hours=1)
    windows = places(services.directory.current(), at.date())
    for call in range(calls):
        yield ndjson(
            [
                record(random, random.choice(windows), f"{sender}-{call}-{number}", at)
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
        *(report_all(port, *keys[name], bodies[name], clock=now) for name in SENDERS)
    )
    seconds = time.perf_counter() - begin
    records = sum(len(bodies[name]) for name in SENDERS) * A_CALL
    if (told := sum(each.verdicts[verdict] for each in found)) != records:
        raise CouldNotRun(f"{told} of {records} records were {verdict}: {[each.statuses for each in found]}")
    return _rate(records, seconds)


async def _apart(services: Services, body: bytes, platform: str) -> dict[str, Decimal]:
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
    async with services.pool.acquire() as connection, connection.transaction():
        keys = await services.vault.hold(connection, at)
        begin = time.perf_counter()
        held, reported = await holdings(connection, services.vault, client, services.dialects, reported)
        judge = Judge(held, directory=directory, rulebook=services.rulebook, now=at, reached=reached)
        judged = [judge.verdict(each) for each in reported]
        found["judging"] = _rate(A_CALL, time.perf_counter() - begin)
        begin = time.perf_counter()
        rows = sealed(services.vault, keys, judge.writes.versions)
        found["sealing"] = _rate(A_CALL, time.perf_counter() - begin)
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


def _resident(process: int) -> Decimal:
    """MiB of memory that the process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return Decimal(int(line.split()[1]) // 1024)
    raise CouldNotRun("the memory of the door cannot be read here")


def _rate(records: int, seconds: float) -> Decimal:
    return Decimal(records / seconds).quantize(Decimal(1))


def _ratio(value: Decimal, reference: Decimal) -> Decimal:
    return (value / reference).quantize(Decimal("0.01"))
