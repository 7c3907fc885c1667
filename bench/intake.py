"""Ratings a second, from the form to the durable row, beside PostgreSQL's own plainest commit.

Both run on the same server with the same settings (fsync on), 64 connections, in interleaved pairs. The yardstick
(yardstick.sql, yardstick_schema.sql) is frozen: pgbench, prepared, one look-up and one insert a commit.
"""

import asyncio
import re
import subprocess
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

import asyncpg

from haochaping.cases.token import mint
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.simulation.raters import rate_all
from haochaping.starter.programs import find_programs
from haochaping.starter.progress import Say

HERE = Path(__file__).parent
CONNECTIONS = 64
QR_CODE = 3
GOAL = Decimal("0.6")


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Five pairs over 3 million occasions, or one short pair over 60,000."""
    stored, pairs, each, seconds = (60_000, 1, 10_000, 3) if quick else (3_000_000, 5, 40_000, 10)
    programs = find_programs()
    if programs is None or not Path(programs.path("pgbench")).exists():
        raise CouldNotRun("pgbench was not found; it comes with PostgreSQL's contrib programs")
    with stage(say) as set_up:
        say(f"storing {stored:,} occasions and the yardstick's tables")
        tokens = asyncio.run(_prepare(set_up, stored))
        set_up.start_door()
        yard: list[Decimal] = []
        ours: list[Decimal] = []
        slowest: list[Decimal] = []
        for number in range(pairs):
            say(f"pair {number + 1} of {pairs}")
            yard.append(_pgbench(programs.path("pgbench"), set_up.dsn, seconds))
            rate, late = asyncio.run(_ratings(set_up.port, tokens[number * each : (number + 1) * each]))
            ours.append(rate)
            slowest.append(late)
    reference, value = median(yard), median(ours)
    ratio = (value / reference).quantize(Decimal("0.01"))
    return [
        Figure("yardstick", reference, "commits/s"),
        Figure("ratings", value, "ratings/s", reference, ratio, f"ratio >= {GOAL}", ratio >= GOAL),
        Figure("p99 at full load", median(slowest), "ms"),
    ]


async def _prepare(set_up: Stage, stored: int) -> list[str]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        schema = (HERE / "yardstick_schema.sql").read_text()
        for statement in filter(str.strip, schema.split(";")):
            await connection.execute(statement)
        ids = await open_occasions(connection, count=stored, now=now())
    finally:
        await connection.close()
    key = key_for("rating token")
    step = max(1, len(ids) // 200_000)
    return [mint(identifier, QR_CODE, key) for identifier in ids[::step]]


def _pgbench(program: str, dsn: str, seconds: int) -> Decimal:
    arguments = ["-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds)]
    done = subprocess.run(
        [program, *arguments, "-f", str(HERE / "yardstick.sql"), dsn],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise CouldNotRun(f"pgbench ended with {done.returncode}: {done.stderr[-500:]}")
    return Decimal(found.group(1)).quantize(Decimal("1"))


async def _ratings(port: int, tokens: list[str]) -> tuple[Decimal, Decimal]:
    begin = time.perf_counter()
    outcome = await rate_all(port, tokens, connections=CONNECTIONS)
    elapsed = time.perf_counter() - begin
    if outcome.statuses != {201: len(tokens)}:
        raise CouldNotRun(f"not every rating was created: {outcome.statuses}, broken {outcome.broken}")
    rate = Decimal(len(tokens) / elapsed).quantize(Decimal("1"))
    return rate, Decimal(outcome.percentile(0.99) * 1000).quantize(Decimal("0.1"))
