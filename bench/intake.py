"""Ratings a second, from the form to the durable row, beside PostgreSQL's own plainest commit.

Both run on the same server with the same settings (fsync on), 64 connections, in interleaved pairs, with the load
generator on the same processors. The yardstick (yardstick.sql, yardstick_schema.sql) is frozen: pgbench, prepared, one
look-up and one insert a commit.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median

import asyncpg

from bench.rating import load
from haochaping.cases.token import mint
from haochaping.cli import port
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.programs import THREADS, WORKERS
from haochaping.cli.stage import HOST, READY_LIMIT, Stage, free_port, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.children import Spec, spawn
from haochaping.starter.programs import find_programs
from haochaping.starter.progress import Say

HERE = Path(__file__).parent
CONNECTIONS = 64
QR_CODE = 3
GOAL = Decimal("0.6")
SLOWEST = 30
PAGES = 3000
MEMORY = 120
FILLED = ("cases_case", "cases_serviceoccasion", "cases_occasionkey", "cases_waiting")
# The ORM is slow, and shows that soon.
ORM_SHARE = 50
RECEIPT = (201, b'class="code">')
JSON_RECEIPT = (201, b'"secret"')


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Five pairs over 3 million occasions, or one short pair over 12,000."""
    stored, pairs, each, seconds = (12_000, 1, 2_000, 3) if quick else (3_000_000, 5, 40_000, 10)
    programs = find_programs()
    if programs is None or not Path(programs.path("pgbench")).exists():
        raise CouldNotRun("pgbench was not found; it comes with PostgreSQL's contrib programs")
    with stage(say) as set_up:
        say(f"storing {stored:,} occasions and the yardstick's tables")
        tokens = iter(asyncio.run(_prepare(set_up, stored)))
        door = set_up.start_door().process.pid
        measured = _Measured()
        for number in range(pairs):
            say(f"pair {number + 1} of {pairs}")
            measured.yard.append(_pgbench(programs.path("pgbench"), set_up.dsn, seconds))
            measured.forms.append(_opened(set_up.port, tokens, each).rate)
            measured.unopened.append(_rate(set_up.port, load.form, tokens, each // 4, RECEIPT).rate)
            measured.devices.append(_rate(set_up.port, load.device, tokens, each // 4, JSON_RECEIPT).rate)
            measured.pages.append(_rate(set_up.port, _page, tokens, each // 4, load.FORM).rate)
            half = median(measured.forms) / 2
            calm = _opened(set_up.port, tokens, each // 4, rate=half)
            measured.slow.append(calm.percentile(0.99))
            measured.memory.append(resident(door))
        say("pages while ratings come")
        measured.under_load(*_pages_under_load(set_up.port, tokens, each // 4, median(measured.forms) / 4))
        say("the same by Django's ORM")
        with _orm(set_up) as orm:
            measured.orm = _rate(orm, load.form, tokens, each // ORM_SHARE, JSON_RECEIPT).rate
    return measured.figures()


class _Measured:
    """What the rounds found: a second, milliseconds, MiB."""

    def __init__(self) -> None:
        self.yard: list[float] = []
        self.forms: list[float] = []
        self.unopened: list[float] = []
        self.devices: list[float] = []
        self.pages: list[float] = []
        self.slow: list[float] = []
        self.memory: list[int] = []
        self.orm = 0.0
        self.beside = self.beside_slow = 0.0

    def under_load(self, pages: load.Told, ratings: load.Told) -> None:
        """What both found while they ran together."""
        self.beside, self.beside_slow = pages.rate, ratings.percentile(0.99)

    def figures(self) -> list[Figure]:
        yard, slow, pages = _whole(self.yard), _whole(self.slow, "0.1"), _whole(self.pages)
        grown = self.memory[-1] - self.memory[0]
        memory = max(self.memory)
        return [
            Figure("yardstick", yard, "commits/s"),
            self._ratings("ratings by form", _whole(self.forms), yard, goal=True),
            self._ratings("ratings by form, its page never opened", _whole(self.unopened), yard, goal=False),
            self._ratings("ratings by device", _whole(self.devices), yard, goal=True),
            self._ratings("ratings by Django's ORM", _whole([self.orm]), yard, goal=False),
            Figure("p99 at half that rate", slow, "ms", goal=f"value <= {SLOWEST}", goal_met=slow <= SLOWEST),
            Figure("pages", pages, "pages/s", goal=f"value >= {PAGES}", goal_met=pages >= PAGES),
            Figure("pages while ratings come", _whole([self.beside]), "pages/s"),
            Figure("p99 of those ratings", _whole([self.beside_slow], "0.1"), "ms"),
            Figure("the door's memory", memory, "MiB", goal=f"value <= {MEMORY}", goal_met=memory <= MEMORY),
            Figure("grown from the first round to the last", grown, "MiB"),
        ]

    def _ratings(self, name: str, value: Decimal, yard: Decimal, *, goal: bool) -> Figure:
        ratio = (value / yard).quantize(Decimal("0.01"))
        if not goal:
            return Figure(name, value, "ratings/s", yard, ratio)
        return Figure(name, value, "ratings/s", yard, ratio, f"ratio >= {GOAL}", ratio >= GOAL)


async def _prepare(set_up: Stage, stored: int) -> list[str]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        schema = (HERE / "yardstick_schema.sql").read_text()
        for statement in filter(str.strip, schema.split(";")):
            await connection.execute(statement)
        ids = await open_occasions(connection, count=stored, now=now())
        # As the yardstick's own table: neither is measured while what was stored a moment ago is still being tidied up.
        await connection.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")
    finally:
        await connection.close()
    key = key_for("rating token")
    step = max(1, len(ids) // 500_000)
    return [mint(identifier, QR_CODE, key) for identifier in ids[::step]]


def _pgbench(program: str, dsn: str, seconds: int) -> float:
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
    return float(found.group(1))


def _page(token: str) -> bytes:
    return load.get(f"/r/{token}")


def _rate(
    number: int,
    make: Callable[[str], bytes],
    tokens: Iterator[str],
    count: int,
    expect: tuple[int, bytes],
    *,
    rate: float = 0.0,
) -> load.Told:
    """So many requests, each about an occasion of its own, made before the clock runs."""
    requests = [make(next(tokens)) for _ in range(count)]
    return load.drive(number, requests, expect=expect, connections=CONNECTIONS, rate=rate)


def _opened(number: int, tokens: Iterator[str], count: int, *, rate: float = 0.0) -> load.Told:
    """So many forms of people who opened their pages before the clock runs."""
    requests = load.opened(number, [next(tokens) for _ in range(count)], connections=CONNECTIONS)
    return load.drive(number, requests, expect=RECEIPT, connections=CONNECTIONS, rate=rate)


def _pages_under_load(
    number: int, tokens: Iterator[str], count: int, rate: float
) -> tuple[load.Told, load.Told]:
    """So many pages by half of the connections, as fast as they come, while the other half sends so many ratings a
    second."""
    pages = [_page(next(tokens)) for _ in range(count)]
    ratings = [load.form(next(tokens)) for _ in range(2 * count)]
    asked, sent = load.drive_together(
        number,
        load.Stream(pages, load.FORM, CONNECTIONS // 2),
        load.Stream(ratings, RECEIPT, CONNECTIONS // 2, rate),
    )
    return asked, sent


@contextmanager
def _orm(set_up: Stage) -> Iterator[int]:
    """The ORM's view as `up` runs Django, on a port of its own."""
    number = free_port()
    options = ["--bind", f"{HOST}:{number}", "--workers", str(WORKERS), "--threads", str(THREADS)]
    options += ["--worker-class", "gthread", "--no-control-socket", "--chdir", str(HERE.parent)]
    argv = (sys.executable, "-m", "gunicorn", *options, "bench.rating.orm:application")
    child = spawn(Spec("orm", argv), set_up.layout.log / "orm.log")
    set_up.children.append(child)
    limit = time.monotonic() + READY_LIMIT
    while not port.answers(HOST, number, "/ready"):
        if child.ended() is not None or time.monotonic() > limit:
            raise CouldNotRun(f"the ORM's view does not answer:\n{child.last_words()}")
        time.sleep(0.1)
    yield number


def resident(process: int) -> int:
    """MiB of memory that the process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise CouldNotRun("the memory of the door cannot be read here")


def _whole(values: list[float], places: str = "1") -> Decimal:
    return Decimal(median(values)).quantize(Decimal(places))
