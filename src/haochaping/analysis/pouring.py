"""Rows out of PostgreSQL into Parquet: one pass over a set for all months that changed, as a stream, sorted by DuckDB.

Sorted, because the order in which rows lie in a table is the order in which they came, and tells more than the hour does.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.db import connection

from haochaping.analysis.engine import opened
from haochaping.analysis.sets import ExportedSet

_BUFFER: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Stock:
    """What the database has of a month: so many rows, and a sum over all that stands in them, which changes with any."""

    rows: int
    mark: str


def stocks(exported: ExportedSet) -> Mapping[date, Stock]:
    """Of each month of a set. Reads all rows, in the caller's snapshot."""
    statement = (
        "SELECT month, count(*), sum(hash_record_extended(exported, 0))::text"  # noqa: S608  (declared names)
        f" FROM ({exported.rows}) AS exported GROUP BY month"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {month: Stock(rows, mark) for month, rows, mark in cursor.fetchall()}


def poured(exported: ExportedSet, months: Sequence[date], folder: Path) -> Mapping[date, Path]:
    """Writes these months of a set as files below an empty folder, in the caller's snapshot; the path of each month.

    A row takes no memory but what DuckDB is given. Raises what PostgreSQL, DuckDB and the disk raise.
    """
    reader, writer = os.pipe()
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(_write, exported, reader, folder)
        try:
            with os.fdopen(writer, "wb", buffering=_BUFFER) as stream:
                for piece in _rows(exported, months):
                    stream.write(piece)
        except BrokenPipeError:
            # DuckDB gave up, and says why.
            written.result()
            raise
        written.result()
    return {
        date.fromisoformat(path.parent.name.removeprefix("month=")): path
        for path in (folder / exported.name).glob("month=*/*.parquet")
    }


def _rows(exported: ExportedSet, months: Sequence[date]) -> Iterator[bytes]:
    chosen = ", ".join(f"'{month.isoformat()}'" for month in months)
    statement = f"COPY ({exported.as_text()} WHERE month IN ({chosen})) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from map(bytes, copy)


def _write(exported: ExportedSet, reader: int, folder: Path) -> None:
    stream = f"/dev/fd/{reader}"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in exported.columns.items())
    order = ", ".join(dict.fromkeys(("month", "organisation_id", *exported.columns)))
    try:
        with opened(folder, stream=stream, spills=True) as database:
            database.execute(
                f"COPY (SELECT * FROM read_csv('{stream}', header = false, auto_detect = false, delim = ',',"  # noqa: S608
                " quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, parallel = false,"
                f" columns = {{{columns}}}) ORDER BY {order})"
                f" TO '{folder / exported.name}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
            )
    finally:
        # Whoever still writes is told that nobody reads.
        os.close(reader)
