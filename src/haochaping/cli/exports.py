"""Files that a command writes for a person: CSV, a workbook or JSON, as the name says."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from haochaping.foundation.sheets.writing import Table, write_csv, write_json


def _write_workbook(path: Path, tables: Sequence[Table]) -> None:
    from haochaping.foundation.sheets.workbook_writing import write_workbook  # a third of a second

    write_workbook(path, tables)


_WRITERS: dict[str, Callable[[Path, Sequence[Table]], None]] = {
    ".csv": lambda path, tables: write_csv(path, tables[0]),
    ".xlsx": _write_workbook,
    ".json": write_json,
}


def new_file(*suffixes: str) -> Callable[[str], Path]:
    """For argparse: a file that is not there yet, with one of these endings. Nobody's file is written over."""

    def parse(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(f"{text} must end with {' or '.join(suffixes)}")
        if path.exists():
            raise argparse.ArgumentTypeError(
                f"{text} is there already; name another file or move it away first"
            )
        if not path.parent.is_dir():
            raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
        return path

    return parse


def export_file(text: str) -> Path:
    """For argparse: a new .csv, .xlsx or .json file."""
    return new_file(*_WRITERS)(text)


def write_export(path: Path, *tables: Table) -> None:
    """In the form that the ending names; CSV holds the first table alone."""
    _WRITERS[path.suffix.lower()](path, tables)
