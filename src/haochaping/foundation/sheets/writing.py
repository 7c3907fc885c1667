"""Writes tables as CSV or as JSON: every value as text, never as a formula, and read back unchanged."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from haochaping.foundation.sheets.cells import LONGEST_IN_CSV, checked
from haochaping.foundation.sheets.escapes import csv_text


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a workbook: its title, how wide it is (in digits), what is told whoever stands in a cell of it, and the
    values to choose from."""

    title: str
    width: int = 16
    prompt: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one file: its titles in the first row, its rows below."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]


def write_csv(path: Path, table: Table) -> None:
    """UTF-8 with a byte order mark, for spreadsheets; every cell in quotes. Raises Unwritable."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, quoting=csv.QUOTE_ALL)
        lines.writerow(csv_text(column.title) for column in table.columns)
        for row in table.rows:
            lines.writerow(csv_text(checked(value, LONGEST_IN_CSV - 1, len(value))) for value in row)


def write_json(path: Path, tables: Iterable[Table]) -> None:
    """One object: each table's rows by its name, each row an object by title."""
    with path.open("w", encoding="utf-8") as file:
        file.write("{")
        for before, table in zip(chain([""], repeat(",")), tables, strict=False):
            file.write(f"{before}\n{json.dumps(table.name, ensure_ascii=False)}: [")
            titles = [column.title for column in table.columns]
            for between, row in zip(chain([""], repeat(",")), table.rows, strict=False):
                named = dict(zip(titles, row, strict=True))
                file.write(f"{between}\n{json.dumps(named, ensure_ascii=False)}")
            file.write("\n]")
        file.write("\n}\n")
