"""Seconds for a registry of 100,000 records: taken over from CSV and from a workbook, then once more unchanged.

Kunming's divisions, organisations and halls with many more windows, staff and items, as a province would send them.
"""

import csv
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import stage
from haochaping.foundation.clock import now
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table, write_csv
from haochaping.starter.progress import Say

GOAL = 60
RECORDS = 100_000
QUICK = 10_000
CITY = Path(__file__).resolve().parents[1] / "src/haochaping/simulation/cities/kunming"
ITEM = 33  # characters of a handling-item code
# What is multiplied: the column of the code, and how many in a hundred records.
MANY = {"windows": ("code", 10), "staff": ("code", 30), "items": ("handle_item", 60)}


def run(*, quick: bool, say: Say) -> list[Figure]:
    """100,000 records, or 10,000."""
    records = QUICK if quick else RECORDS
    with stage(say), tempfile.TemporaryDirectory(prefix="hcp-bench-") as place:
        from haochaping.registry.operations import import_registry, import_workbook

        folder, book = Path(place), Path(place) / "registry.xlsx"
        say(f"making {records:,} records")
        tables = [_table(name, records) for name in ("divisions", "organisations", "halls", *MANY)]
        for table in tables:
            write_csv(folder / f"{table.name}.csv", table)
        write_workbook(book, tables)
        made = sum(len(list(table.rows)) for table in tables)
        say("taking them over")
        figures = []
        for name, take in (
            ("CSV", lambda: import_registry(directory=folder, now=now(), actor="bench")),
            ("XLSX", lambda: import_workbook(workbook=book, now=now(), actor="bench")),
        ):
            _empty()
            figures += [_timed(f"{name}, all new", take, made, "new")]
            figures += [_timed(f"{name}, unchanged", take, made, "unchanged")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [*figures, Figure("most memory of the process", peak, "MiB")]


def _timed(name: str, take: Callable[[], object], records: int, what: str) -> Figure:
    """Seconds for all; the reference is what of them was the processor's time of this process."""
    begin, processor = time.perf_counter(), time.process_time()
    report = take()
    seconds, own = time.perf_counter() - begin, time.process_time() - processor
    if (told := sum(getattr(file, what) for file in report.files.values())) != records:  # type: ignore[attr-defined]
        raise CouldNotRun(f"{told} of {records} records were {what}")
    return Figure(
        name, _tenths(seconds), "s", _tenths(own), _tenths(seconds / own), f"value <= {GOAL}", seconds <= GOAL
    )


def _tenths(number: float) -> Decimal:
    return Decimal(str(round(number, 1)))


def _table(name: str, records: int) -> Table:
    with (CITY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        titles, *rows = csv.reader(file)
    if name in MANY:
        column, part = MANY[name]
        rows = list(islice(_more(rows, titles.index(column)), records * part // 100))
    return Table(name, [Column(title) for title in titles], rows)


def _more(rows: list[list[str]], code: int) -> Iterator[list[str]]:
    """Each row again and again under other codes; the first time windows and staff keep theirs, as they are referred to."""
    for number, row in enumerate(cycle(rows)):
        again, turn = list(row), number // len(rows)
        if len(row[code]) == ITEM:
            again[code] = f"{row[code][:26]}{number:05d}{row[code][31:]}"
            again[code - 1] = again[code][:31]
        elif turn:
            again[code] = f"{row[code]}-{turn}"
        yield again


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE registry_division, registry_organisation, registry_hall, registry_window, registry_staff, "
            "registry_item, registry_edition CASCADE"
        )
