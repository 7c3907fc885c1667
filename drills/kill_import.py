"""Kills imports, and the PostgreSQL under them (kill -9), and runs them again: nothing is lost, nothing stored twice."""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from haochaping.cli import demo, import_registry
from haochaping.cli.database import connected
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import local_day, now
from haochaping.simulation.served import ndjson, places, record
from haochaping.starter.postgres import running_cluster
from haochaping.starter.postmaster import read_postmaster
from haochaping.starter.progress import Say

A_CALL = 100
CALLS_A_KILL = 4
STEP_SECONDS = 120.0
# Of every five rows: taken, malformed, unknown, taken, and the first of the five once more with a difference.
DUE = {"accepted": 2, "rejected": 1, "quarantined": 1, "conflicting": 1}


def run(*, quick: bool, say: Say) -> list[Figure]:
    """50 kills, or 2: of the command and of its PostgreSQL in turn."""
    kills = 2 if quick else 50
    rows = (kills + 2) * CALLS_A_KILL * A_CALL
    with _home() as home:
        data, file = home / "var", home / "rows.ndjson"
        key = _prepare(data, file, rows)
        for number in range(kills):
            say(f"kill {number + 1} of {kills}: {'PostgreSQL' if number % 2 else 'the command'}")
            _kill_in_the_middle(data, _command(data, file, key), database=bool(number % 2))
        done = subprocess.run(
            _command(data, file, key), env=_bare(), capture_output=True, text=True, check=False
        )
        if done.returncode != 3:
            raise CouldNotRun(f"the last run ended with {done.returncode}:\n{done.stderr[-500:]}")
        return _figures(data, json.loads(done.stdout), kills, rows)


@contextmanager
def _home() -> Iterator[Path]:
    """A folder with a database that the commands start themselves; taken away afterwards, as the environment is put back."""
    before = dict(os.environ)
    home = Path(tempfile.mkdtemp(prefix="hcp-drill-"))
    home.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    for name in ("DATABASE_URL", "HAOCHAPING_DATA", "HAOCHAPING_MASTER_KEY"):
        os.environ.pop(name, None)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _database(data: Path) -> Iterator[None]:
    """Joined or run for the block; the commands are to start their own."""
    with connected(argparse.Namespace(data=data, command=import_registry)):
        yield
    os.environ.pop("DATABASE_URL", None)


def _prepare(data: Path, file: Path, rows: int) -> str:
    """Registry and client; the file. Returns the client's key."""
    with _database(data):
        from haochaping.accounts.operations.clients import create_client
        from haochaping.registry.operations import import_registry as import_city

        import_city(directory=demo.CITY, now=now(), actor="drill")
        issued = create_client(organisation=demo.AUTHORITY, rights=["report"], actor="drill", now=now())
        with asyncio.Runner() as runner, intake_services(runner) as services:
            place = places(services.directory.current(), local_day(now()))[0]
    drawn, at = random.Random(1), now() - timedelta(minutes=20)  # noqa: S311
    records: list[dict[str, str]] = []
    for number in range(rows):
        made = record(drawn, place, f"DRILL{number}", at)
        match number % 5:
            case 1:
                made["userProp"] = "8"
            case 2:
                made["taskName"] = "不在事项库的事项"
            case 4:
                made = records[-4] | {"projectName": "另一件事"}
        records.append(made)
    file.write_bytes(ndjson(records))
    return issued.key


def _command(data: Path, file: Path, key: str) -> list[str]:
    words = ["--call-rows", str(A_CALL), "--patience", "1", "--data", str(data), "--json"]
    return [sys.executable, "-m", "haochaping.cli", "import", "occasions", str(file), "--client", key, *words]


def _bare() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HAOCHAPING_DATA")
    }


def _calls(data: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in data.glob("imports/*/journal.ndjson"))


def _kill_in_the_middle(data: Path, command: list[str], *, database: bool) -> None:
    """Runs the command until it has done a call or two more, and kills. Raises CouldNotRun when it never got so far."""
    before = _calls(data)
    running = subprocess.Popen(command, env=_bare(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + STEP_SECONDS
    try:
        while _calls(data) < before + 2:
            if running.poll() is not None or time.monotonic() > limit:
                raise CouldNotRun(f"the command ended with {running.poll()} before it could be killed")
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.1))  # noqa: S311 - when, not what
        cluster = running_cluster(data) if database else None
        postmaster = read_postmaster(cluster.folder) if cluster else None
        os.kill(postmaster.pid if postmaster else running.pid, signal.SIGKILL)
        running.wait(STEP_SECONDS)
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


def _figures(data: Path, answer: dict[str, Any], kills: int, rows: int) -> list[Figure]:
    due = {verdict: count * rows // 5 for verdict, count in DUE.items()}
    told = {verdict: count for verdict, count in answer["counts"].items() if count}
    lines = [
        int(json.loads(row)["#line"]) for row in Path(answer["error_file"]).read_text("utf-8").splitlines()
    ]
    wrong = [number + 1 for number in range(rows) if number % 5 in (1, 2, 4)]
    with _database(data):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM cases_occasionversion), (SELECT count(*) FROM cases_quarantinedoccasion),"
                " (SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report'),"
                " (SELECT sum(occasions) FROM tallies_change)"
            )
            stored, aside, calls, counted = map(int, cursor.fetchone())
    differences = {
        "verdicts told otherwise than due": sum(
            abs(told.get(name, 0) - due.get(name, 0)) for name in due | told
        ),
        "occasions missing or twice": abs(stored - due["accepted"]) + abs(aside - due["quarantined"]),
        "calls missing or stored twice": abs(calls - rows // A_CALL),
        "occasions in no tally or in two": abs(counted - due["accepted"]),
        "rows to correct, missing or twice": abs(len(lines) - len(wrong)) + len(set(lines) ^ set(wrong)),
    }
    return [
        Figure("kills", kills, "kills"),
        Figure("rows", rows, "rows"),
        *(
            Figure(name, count, "", goal="value = 0", goal_met=count == 0)
            for name, count in differences.items()
        ),
    ]
