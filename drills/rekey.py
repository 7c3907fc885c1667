"""Seals every row of a full vault anew while others read and write, and kills it (kill -9) in the middle."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.ids import new_id
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.fragments import RECORD_COLUMNS, RECORD_TABLE, SELECT_SEALED_RECORDS
from haochaping.identity.vault import KeysInUse, KeyUnknown, Vault
from haochaping.starter.progress import Say

KILLS, KILLS_QUICK = 3, 1
A_COPY = 5_000
WRITTEN_AT_ONCE = 20
PAUSE = 0.02
# As long as the records of real senders.
RECORD = '{{"userName":"{name}","certKey":"{document}","filling":"' + "办件" * 120 + '"}}'
_OLD_ROWS = """
SELECT count(*) FROM identity_vaultrecord r JOIN identity_datakey k ON k.id = r.key_id WHERE k.generation = 1
"""


@dataclass(slots=True)
class Traffic:
    """What reader and writer did meanwhile; times in seconds."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    wrong: int = 0
    ids: list[UUID] = field(default_factory=list)
    over: bool = False


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1,000,000 rows, or 2,000."""
    with stage(say) as set_up:
        count, kills = (2_000, KILLS_QUICK) if quick else (1_000_000, KILLS)
        return asyncio.run(_measure(set_up, count, kills, say))


async def _measure(set_up: Stage, count: int, kills: int, say: Say) -> list[Figure]:
    ids = await _fill(set_up.dsn, count, say)
    alone = Traffic()
    await _traffic(set_up.dsn, ids, alone, seconds=min(20.0, count / 1_000))
    busy = Traffic()
    others = asyncio.create_task(_traffic(set_up.dsn, ids, busy))
    begin = time.monotonic()
    killed = await _rekey_and_kill(set_up, count, kills, say)
    seconds = time.monotonic() - begin
    busy.over = True
    await others
    written = alone.ids + busy.ids
    wrong = await _wrong(set_up.dsn, ids + written)
    left, old = await _left(set_up.dsn)
    met = "value = 0"
    return [
        Figure("rows", count, "rows"),
        Figure("sealed anew", round(count / seconds), "rows/s"),
        Figure("kills", killed, "kills", goal="value > 0", goal_met=killed > 0),
        Figure("read meanwhile", len(busy.reads), "rows", goal="value > 0", goal_met=bool(busy.reads)),
        Figure("read, p95", _p95(busy.reads), "µs", reference=_p95(alone.reads)),
        Figure("written meanwhile", len(busy.ids), "rows", goal="value > 0", goal_met=bool(busy.ids)),
        Figure("write, p95", _p95(busy.writes), "µs", reference=_p95(alone.writes)),
        Figure("wrongly read meanwhile", busy.wrong, "rows", goal=met, goal_met=busy.wrong == 0),
        Figure("wrong or lost at the end", wrong, "rows", goal=met, goal_met=wrong == 0),
        Figure("rows on old keys", left, "rows", goal=met, goal_met=left == 0),
        Figure("old keys left", old, "keys", goal=met, goal_met=old == 0),
    ]


def _name(row: UUID) -> str:
    return f"李{row.hex}"


def _sealed(vault: Vault, keys: KeysInUse, row: UUID) -> tuple[object, ...]:
    """A row as the intake writes it."""
    people = {"name": _name(row), "document": row.hex[-18:], "phone": f"12{row.int % 10**9:09d}"}
    text = RECORD.format(name=people["name"], document=people["document"])
    seals = [
        vault.seal(value, row=row, column=column, key_id=keys.data)
        for column, value in (*people.items(), ("record", text))
    ]
    indexes = [vault.blind(kind, value, key_id=keys.index) for kind, value in people.items()]
    return (row, keys.data, *seals, *indexes, keys.index)


async def _fill(dsn: str, count: int, say: Say) -> list[UUID]:
    vault, connection = Vault(), await asyncpg.connect(dsn)
    ids: list[UUID] = []
    try:
        for done in range(0, count, A_COPY):
            part = [new_id(now()) for _ in range(min(A_COPY, count - done))]
            await write_people(connection, vault, part)
            ids += part
            if done % 100_000 == 0:
                say(f"filling the vault: {done:,} of {count:,} rows")
        await connection.execute("ANALYZE identity_vaultrecord")
    finally:
        await connection.close()
    return ids


async def write_people(connection: asyncpg.Connection, vault: Vault, ids: list[UUID]) -> None:
    """People in the vault under these ids, as the intake stores them."""
    at = now()
    await vault.prepare(connection, at)
    async with connection.transaction():
        keys = await vault.hold(connection, at)
        rows = [_sealed(vault, keys, row) for row in ids]
        await connection.copy_records_to_table(RECORD_TABLE, columns=list(RECORD_COLUMNS), records=rows)


async def _traffic(dsn: str, ids: list[UUID], traffic: Traffic, seconds: float | None = None) -> None:
    """A reader and a writer, each with a vault of its own, until the time or the work is over."""
    limit = None if seconds is None else time.monotonic() + seconds

    def over() -> bool:
        return traffic.over if limit is None else time.monotonic() > limit

    async def read() -> None:
        vault, connection = Vault(), await asyncpg.connect(dsn)
        while not over():
            row = random.choice(ids)  # noqa: S311 - which, not what
            begin = time.perf_counter()
            traffic.wrong += await _wrong_rows(connection, vault, [row])
            traffic.reads.append(time.perf_counter() - begin)
            await asyncio.sleep(PAUSE)
        await connection.close()

    async def write() -> None:
        vault, connection = Vault(), await asyncpg.connect(dsn)
        while not over():
            part = [new_id(now()) for _ in range(WRITTEN_AT_ONCE)]
            begin = time.perf_counter()
            await write_people(connection, vault, part)
            traffic.writes.append(time.perf_counter() - begin)
            traffic.ids += part
            await asyncio.sleep(PAUSE)
        await connection.close()

    await asyncio.gather(read(), write())


async def _wrong_rows(connection: asyncpg.Connection, vault: Vault, ids: list[UUID]) -> int:
    """How many of the rows are not there, do not open, or say something else."""
    right = 0
    for row in await connection.fetch(SELECT_SEALED_RECORDS, ids):
        vault.learn(row["key_id"], row["wrapped"], row["wrapped_by"])
        try:
            text = vault.open(row["record"], row=row["id"], column="record", key_id=row["key_id"])
        except (SealBroken, KeyUnknown):
            continue
        right += f'"{_name(row["id"])}"' in text
    return len(ids) - right


async def _rekey_and_kill(set_up: Stage, count: int, kills: int, say: Say) -> int:
    """Begins, kills after equal parts of the rows, begins again, and lets the last run end; how often it was killed."""
    killed = 0
    connection = await asyncpg.connect(set_up.dsn)
    try:
        for number in range(kills + 1):
            process = _start(set_up, batch=max(100, min(2_000, count // 20)))
            wanted = count * (kills - number) // (kills + 1)
            while process.poll() is None and (
                wanted == 0 or not 0 < await connection.fetchval(_OLD_ROWS) <= wanted
            ):
                await asyncio.sleep(0.05 if count < 10_000 else 1.0)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
                say(f"killed with {await connection.fetchval(_OLD_ROWS):,} rows left")
            process.wait()
    finally:
        await connection.close()
    if process.returncode != 0:
        raise CouldNotRun(f"`keys rekey` ended with {process.returncode}")
    return killed


def _start(set_up: Stage, *, batch: int) -> "subprocess.Popen[bytes]":
    words = ("keys", "rekey", "--batch", str(batch), "--data", str(set_up.layout.data))
    log = (set_up.layout.log / "rekey.log").open("ab")
    return subprocess.Popen([sys.executable, "-m", "haochaping.cli", *words], stdout=log, stderr=log)


async def _wrong(dsn: str, ids: list[UUID]) -> int:
    vault, connection = Vault(), await asyncpg.connect(dsn)
    try:
        parts = [ids[begin : begin + A_COPY] for begin in range(0, len(ids), A_COPY)]
        return sum([await _wrong_rows(connection, vault, part) for part in parts])
    finally:
        await connection.close()


async def _left(dsn: str) -> tuple[int, int]:
    """Rows on keys of the first generation, and keys of it; all that the writer wrote counts as well."""
    connection = await asyncpg.connect(dsn)
    try:
        old = await connection.fetchval("SELECT count(*) FROM identity_datakey WHERE generation = 1")
        return await connection.fetchval(_OLD_ROWS), old
    finally:
        await connection.close()


def _p95(seconds: list[float]) -> int:
    ordered = sorted(seconds)
    return round(ordered[int(len(ordered) * 0.95)] * 1_000_000) if ordered else 0
