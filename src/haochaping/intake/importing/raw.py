"""The records of a file one by one, each with the line on which it stands, before anything is judged."""

import codecs
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from haochaping.foundation.errors import Problem
from haochaping.foundation.sheets.cells import Row, Unfit, Unreadable
from haochaping.foundation.sheets.csv_reading import csv_rows_of
from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.intake.importing.header import Header, header, rounded
from haochaping.intake.importing.kinds import LONGEST_LINE, Kind, Source, broken_gzip, lines
from haochaping.intake.importing.refusals import FileRefused

_PIECE: Final = 1 << 18
_LONGEST_ELEMENT: Final = 1 << 21
_TOO_LONG: Final = Problem("", "too_long", "一行超过1 MB：请核对换行和引号。")
_BEYOND: Final = Problem("", "cells_beyond", "该行的单元格多于表头：请检查内容中的分隔符和引号。")
_WORDS: Final[Mapping[str, str]] = {
    "formula": "单元格是公式：请改为“值”后重新导入。",
    "error": "单元格是错误值（如#N/A）：请填写内容。",
    "boolean": "单元格是逻辑值：请将单元格格式设为“文本”后重新填写。",
    "digits": "数字超过15位，已被电子表格改动：请将该列格式设为“文本”，从原系统重新填写。",
    "number_format": "单元格显示的与保存的不同：请将单元格格式设为“文本”后重新填写。",
    "date": "单元格中的日期不存在：请核对。",
    "characters": "含有无法识别的字符（文件编码不符，或NUL）：请核对。",
}
_REASONS: Final[Mapping[str, str]] = {
    "csv": "it is no sound CSV from here on: look for a quote without its partner",
    "not_a_workbook": "it is no workbook (.xlsx)",
    "old_workbook": "it is an old workbook (.xls) or one with a password: save it as .xlsx without one",
    "encrypted": "it has a password: save it without one",
    "strict": "it is a “Strict Open XML” workbook: save it as “Excel 工作簿(*.xlsx)”",
    "damaged": "it is damaged: save it again",
    "too_big": "it is too large for a workbook: save it as CSV",
    "too_wide": "something stands far to the right of the table: delete it there",
    "unsafe": "it holds what no spreadsheet writes: save it again with a spreadsheet",
    "no_sheet": "it has no sheet",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """One record: of JSON its `text`, of a table its `cells` by column. `problems` are those of the line itself."""

    line: int
    text: bytes = b""
    cells: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def raws(source: Source, titles: Mapping[str, str]) -> Iterator[Raw]:
    """Every record in order; blank lines are none. `titles`: the fields of a table by what the sender calls them.

    Raises FileRefused where the file cannot be read on, OSError.
    """
    try:
        match source.kind:
            case Kind.NDJSON:
                yield from _lines(source)
            case Kind.ARRAY:
                yield from _elements(source)
            case _:
                yield from _rows(source, titles)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise broken_gzip(source.path) from error
    except Unreadable as error:
        where = f", line {error.line}" if error.line else ""
        raise FileRefused(error.code, f"{source.path.name}{where}: {_REASONS[error.code]}.") from error


def _lines(source: Source) -> Iterator[Raw]:
    with source.open() as file:
        for number, line in enumerate(lines(file), start=1):
            if not (text := line.strip()):
                continue
            if len(line) > LONGEST_LINE:
                yield Raw(number, problems=(_TOO_LONG,))
            elif source.encoding == "utf-8":
                yield Raw(number, text)
            else:
                yield Raw(
                    number, text.decode(source.encoding, "surrogateescape").encode("utf-8", "surrogateescape")
                )


def _elements(source: Source) -> Iterator[Raw]:
    """The elements of an array, piece by piece: however large it is, little more than one element is held."""
    place = 0
    with source.open() as file:
        text = _Text(source, file)
        if text.next() != "[":
            raise _broken_array(source, place)
        text.at += 1
        while (mark := text.next()) != "]":
            if place:
                if mark != ",":
                    raise _broken_array(source, place)
                text.at += 1
            element = text.element()
            if element is None:
                raise _broken_array(source, place)
            place += 1
            yield Raw(place, element.encode("utf-8", "surrogatepass"))
        text.at += 1
        if text.next():
            raise FileRefused(
                "not_json", f"{source.path.name}: something stands behind the end of the array."
            )


class _Text:
    """The text of a file, of which a piece is at hand, from `at` on."""

    _element = staticmethod(json.JSONDecoder(strict=False).raw_decode)

    def __init__(self, source: Source, file: IO[bytes]) -> None:
        self._name, self._file, self._encoding = source.path.name, file, source.encoding
        encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
        self._decode = codecs.getincrementaldecoder(encoding)().decode
        self._text, self.at, self._ended = "", 0, False

    def next(self) -> str:
        """The next character that is no blank, left where it is; "" at the end."""
        while True:
            while self.at < len(self._text) and self._text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more():
                return ""

    def element(self) -> str | None:
        """The next value as it is spelled; None for a broken one, and for one that has no end."""
        self.next()
        while True:
            try:
                _, end = self._element(self._text, self.at)
            except RecursionError:
                return None
            except ValueError:
                end = len(self._text)
            # What ends with the piece may go on with the next one.
            if end < len(self._text):
                found, self.at = self._text[self.at : end], end
                return found
            if len(self._text) - self.at > _LONGEST_ELEMENT or not self._more():
                return None

    def _more(self) -> bool:
        """Takes the next piece in; False when there is none."""
        if self._ended:
            return False
        piece = self._file.read(_PIECE)
        self._ended = not piece
        try:
            self._text, self.at = self._text[self.at :] + self._decode(piece, final=self._ended), 0
        except UnicodeDecodeError:
            words = (
                f"{self._name} is not {self._encoding.upper()} throughout: convert it, and import it again."
            )
            raise FileRefused("encoding", words) from None
        return not self._ended


def _broken_array(source: Source, place: int) -> FileRefused:
    return FileRefused(
        "not_json",
        f"{source.path.name}: the JSON array is broken or incomplete after record {place}. Mend it, or write NDJSON "
        "(one record a line), where a broken line spoils no other.",
    )


def _rows(source: Source, titles: Mapping[str, str]) -> Iterator[Raw]:
    columns: Header | None = None
    for row in _table(source):
        if columns is None:
            columns = header(source.path.name, row, titles)
        else:
            yield _record(columns, row)


def _table(source: Source) -> Iterator[Row]:
    """The rows of the file in which something stands, the header first."""
    if source.kind is Kind.XLSX:
        with Workbook(source.path) as workbook:
            yield from workbook.rows(workbook.sheets[0])
        return
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    with io.TextIOWrapper(source.open(), encoding, "surrogateescape", newline="") as text:
        yield from csv_rows_of(text)


def _record(columns: Header, row: Row) -> Raw:
    cells: dict[str, str] = {}
    problems = []
    for name, cell in zip(columns.names, row.cells, strict=False):
        if isinstance(cell, Unfit):
            problems.append(Problem(name, f"cell_{cell.code}", _WORDS[cell.code]))
        elif text := cell.strip():
            if not name:
                problems.append(_BEYOND)
            elif rounded(text):
                problems.append(Problem(name, "cell_digits", _WORDS["digits"]))
            else:
                cells[name] = text
    if any(row.cells[len(columns.names) :]):
        problems.append(_BEYOND)
    return Raw(row.number, cells=cells, problems=tuple(problems))
