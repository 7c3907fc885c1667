"""The rows to hand back as a file that people correct: in the format of what came in, or in another one."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table, write_csv
from haochaping.intake.importing.hiding import STARS, sealed, shown
from haochaping.intake.importing.kinds import SUFFIXES, Kind
from haochaping.intake.importing.refusals import FileRefused
from haochaping.intake.importing.rows import CODE, FIELD, LEADING, LINE, MESSAGE, SEALED, VERDICT, Row
from haochaping.intake.judging import Judged

_TITLES: Final = frozenset({*LEADING, SEALED})
_ERRORS: Final = ".errors"
_NUMBER: Final = re.compile(r"(?:-\d{1,4})?", re.ASCII)


def error_row(row: Row, judged: Judged, run: str, public: frozenset[str]) -> dict[str, str]:
    """One row as it stands in the file: what is wrong with it, its fields as they may be shown, the rest sealed."""
    line = row.reported.line
    sent, lost = row.sent()
    seen, hidden = shown(sent, public)
    return {
        LINE: str(line),
        VERDICT: judged.verdict.value,
        FIELD: _joined(each.field for each in judged.reasons),
        CODE: _joined(each.code for each in judged.reasons),
        MESSAGE: _joined(each.message for each in judged.reasons),
        **dict.fromkeys(lost, STARS),
        **seen,
        SEALED: sealed(hidden, run, line),
    }


def place_beside(file: Path) -> Path:
    """Where the error file of a file goes: a.csv → a.errors.csv → a.errors-2.csv → a.errors-3.csv."""
    plain = file.with_name(file.name.removesuffix(".gz"))
    before, _, number = plain.stem.rpartition(_ERRORS)
    if before and _NUMBER.fullmatch(number):
        return plain.with_name(f"{before}{_ERRORS}-{int(number[1:] or 1) + 1}{plain.suffix}")
    return plain.with_name(f"{plain.stem}{_ERRORS}{plain.suffix}")


def check(path: Path) -> None:
    """Raises FileRefused when an error file could not be written there, before anything is stored."""
    if path.suffix.lower() not in SUFFIXES:
        raise FileRefused(
            "error_kind", f"{path.name}: an error file is .ndjson, .jsonl, .json, .csv or .xlsx."
        )
    if path.exists():
        raise FileRefused(
            "error_file_there",
            f"{path} is there already, and somebody may have corrected it: move it away, or name another with --errors.",
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise FileRefused(
            "error_file_place",
            f"{path.parent} cannot be written to: name a place for the error file with --errors.",
        )


def write(path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    """The whole file, mode 0600, or none. Raises OSError, Unwritable."""
    with _unfinished(path) as unfinished:
        _write_as(SUFFIXES[path.suffix.lower()], unfinished, rows, columns)


def write_verdicts(path: Path, lines: Iterable[tuple[str, str]]) -> None:
    """Line and verdict of every row, as CSV: the whole file, or none. Raises OSError."""
    with _unfinished(path) as unfinished:
        table = Table("verdicts", [Column("line"), Column("verdict")], lines)
        write_csv(unfinished, table)


def columns_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """All columns that the rows have: ours first, their fields as they first appear, the seal at the end."""
    names = dict.fromkeys(name for row in rows for name in row if name not in _TITLES)
    return [*LEADING, *names, SEALED]


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file beside, which takes its place when it is on the disk as a whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield beside
        descriptor = os.open(beside, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write_as(kind: Kind, path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    if kind is Kind.NDJSON:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return
    table = Table("errors", [Column(name) for name in columns], _cells(rows, columns))
    if kind is Kind.CSV:
        write_csv(path, table)
    else:
        write_workbook(path, [table])


def _cells(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> Iterator[list[str]]:
    return ([row.get(name, "") for name in columns] for row in rows)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
