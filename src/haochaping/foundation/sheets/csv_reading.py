"""Reads a CSV file row by row: UTF-8, with or without a byte order mark. Other encodings are named and refused."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from haochaping.foundation.sheets.cells import Row, Unreadable, fit
from haochaping.foundation.sheets.escapes import from_csv

_PIECE = 1 << 20


def csv_rows(path: Path) -> Iterator[Row]:
    """Every row that is not blank; `number` is the line on which it begins. Raises Unreadable, OSError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv_rows_of(file)
    except UnicodeDecodeError as error:
        raise _not_utf_8(path) from error


def csv_rows_of(text: Iterable[str]) -> Iterator[Row]:
    """The same, of an open text (with newline=""). Raises Unreadable, and what the text raises."""
    lines, begun = csv.reader(text, strict=True), 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield Row(begun, tuple(fit(from_csv(cell)) for cell in cells))
            begun = lines.line_num + 1
    except csv.Error as error:
        raise Unreadable("csv", str(error), begun) from error


def _not_utf_8(path: Path) -> Unreadable:
    """What the encoding seems to be, and the first line that says so."""
    decoder, gb18030 = codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("gb18030")()
    line, found, chinese = 1, 0, True
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return Unreadable("encoding", "UTF-16", 1)
        file.seek(0)
        while piece := file.read(_PIECE):
            if not found:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError as error:
                    found = line + error.object.count(b"\n", 0, error.start)
                line += piece.count(b"\n")
            try:
                gb18030.decode(piece)
            except UnicodeDecodeError:
                chinese = False
    return Unreadable("encoding", "GB18030" if chinese else "", found or line)
