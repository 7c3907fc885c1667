"""Rows a second that `import occasions` takes out of a file of each kind: read through, judged, sealed, stored, kept."""

import asyncio
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table
from haochaping.simulation.served import ndjson, places, record
from haochaping.starter.progress import Say

KINDS = ("ndjson", "json", "csv", "xlsx")
AGO = timedelta(minutes=20)
# Every so many rows one is wrong, and goes into the error file.
WRONG_EVERY = 500


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Files of 50,000 rows, or of 5,000; each is another platform's."""
    rows = 5_000 if quick else 50_000
    with stage(say) as set_up:
        from haochaping.registry.operations import import_registry

        import_registry(directory=demo.CITY, now=now(), actor="bench")
        say(f"making {rows:,} records")
        records = _records(rows)
        figures: list[Figure] = []
        for kind in KINDS:
            file = set_up.layout.data / f"rows.{kind}"
            _write(file, records)
            say(f"importing {file.name}")
            figures += _imported(set_up, file, rows)
        return figures


def _records(rows: int) -> list[dict[str, str]]:
    with asyncio.Runner() as runner, intake_services(runner) as services:
        windows = places(services.directory.current(), local_day(now()))
    drawn, at = Random(1), now() - AGO  # noqa: S311
    found = [record(drawn, drawn.choice(windows), f"BENCH{number}", at) for number in range(rows)]
    for wrong in found[::WRONG_EVERY]:
        wrong["userProp"] = "8"
    return found


def _write(file: Path, records: Sequence[dict[str, str]]) -> None:
    names = list(records[0])
    match file.suffix:
        case ".ndjson":
            file.write_bytes(ndjson(list(records)))
        case ".json":
            file.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
        case ".csv":
            with file.open("w", encoding="gb18030", newline="") as text:
                table = csv.DictWriter(text, names)
                table.writeheader()
                table.writerows(records)
        case _:
            rows = ([each[name] for name in names] for each in records)
            write_workbook(file, [Table("rows", [Column(name) for name in names], rows)])


def _imported(set_up: Stage, file: Path, rows: int) -> list[Figure]:
    """One run of the command, with its start; and how much of a processor it used itself. Raises CouldNotRun."""
    from haochaping.accounts.operations.clients import create_client

    issued = create_client(
        organisation=demo.AUTHORITY, rights=["report"], platform=file.name, actor="bench", now=now()
    )
    words = [
        "import",
        "occasions",
        str(file),
        "--client",
        issued.key,
        "--data",
        str(set_up.layout.data),
        "--json",
    ]
    used, begun = _processor(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "haochaping.cli", *words],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, processor = time.monotonic() - begun, _processor() - used
    due = {"rejected": -(-rows // WRONG_EVERY), "accepted": rows - -(-rows // WRONG_EVERY)}
    if done.returncode != 3 or {k: v for k, v in json.loads(done.stdout)["counts"].items() if v} != due:
        raise CouldNotRun(f"{file.name} ended with {done.returncode}:\n{done.stdout}{done.stderr[-300:]}")
    return [
        Figure(f"{file.suffix}: rows a second", round(rows / seconds), "rows/s"),
        Figure(f"{file.suffix}: processor time of the command", _tenths(processor), "s"),
    ]


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tenths(seconds: float) -> Decimal:
    return Decimal(seconds).quantize(Decimal("0.1"))
