"""Reads a workbook sheet by sheet, row by row: each cell as the text that a person sees, or as unfit with its reason.

openpyxl takes the file apart; what of it is taken is decided here (docs/adr/0002).
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS

from haochaping.foundation.sheets.cells import Cell, Row, Unfit, Unreadable, column_letters, fit
from haochaping.foundation.sheets.escapes import from_workbook
from haochaping.foundation.sheets.numbers import built_in, number_text
from haochaping.foundation.sheets.package import examine

_LAST_ROW: Final = 1_048_576
# Nobody's table is wider; a sheet that is would take memory for every row.
_WIDEST: Final = 512
_LARGEST_ROW: Final = 1 << 26  # as many of the longest cells
_SHOWN: Final = 80

# It warns of what it leaves out: formats, pictures, rules for input.
warnings.filterwarnings("ignore", module=r"openpyxl\.")


class Workbook:
    """An open workbook: the names of its sheets, and the rows of each. Use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable, OSError."""
        file = path.open("rb")
        with ExitStack() as opened, _refusing():
            opened.callback(file.close)
            examine(file)
            self._reader = _Reader(file, read_only=True, keep_links=False)
            self._reader.read()
            if not self._reader.sheets:
                raise Unreadable("not_a_workbook")
            self._since_1904 = self._reader.wb.epoch == MAC_EPOCH
            self._opened = opened.pop_all()

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @property
    def sheets(self) -> tuple[str, ...]:
        """Their names, in their order; hidden ones too."""
        return tuple(self._reader.sheets)

    def rows(self, sheet: str) -> Iterator[Row]:
        """Every row in which something stands. Raises KeyError for a sheet that is not there, Unreadable."""
        part = self._reader.sheets[sheet]
        with _refusing(), self._reader.archive.open(part) as file:
            source = _Part(file)
            parser = _Sheet(source, self._reader.shared_strings)
            for count, (number, found) in enumerate(parser.parse(), 1):
                if max(count, number) > _LAST_ROW:
                    raise Unreadable("damaged", f"row {number}")
                if cells := self._row(number, found):
                    yield Row(number, tuple(cells))
                source.taken = 0
                parser.row_dimensions.clear()

    def _row(self, number: int, found: Iterable[Mapping[str, Any]]) -> list[Cell]:
        """Cells by their columns, the last of them not empty."""
        cells: list[Cell] = []
        for one in found:
            if cell := self._cell(one["data_type"], one["value"], one["style_id"]):
                place = one["column"]
                if place > _WIDEST:
                    raise Unreadable("too_wide", column_letters(place - 1), number)
                cells.extend([""] * (place - len(cells)))
                cells[place - 1] = cell
        return cells

    def _cell(self, kind: str, value: Any, style: int) -> Cell:
        if value is None:
            return ""
        match kind:
            case "s":
                return fit(from_workbook(value))
            case "n":
                formats = self._reader.formats
                code = formats[style] if style < len(formats) else "General"
                return number_text(value, code, since_1904=self._since_1904)
            case "d":
                return str(value).removesuffix(" 00:00:00")
            case "f":
                return Unfit("formula", value[:_SHOWN])
            case "b":
                return Unfit("boolean", "TRUE" if value else "FALSE")
            case _:
                return Unfit("error", str(value)[:_SHOWN])


class _Part:
    """A sheet as it is read. What is read before the next row is complete stands in memory many times over."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.taken = file, 0

    def read(self, size: int) -> bytes:
        self.taken += size
        if self.taken > _LARGEST_ROW:
            raise Unreadable("too_big")
        return self._file.read(size)


class _Sheet(WorkSheetParser):  # type: ignore[misc]  # has no types
    def parse_formula(self, element: Element) -> str:
        """As it is spelled: one that is shared is not worked out for its cell, which can fail."""
        return f"={element.findtext(FORMULA_TAG, '')}"


class _Reader(ExcelReader):  # type: ignore[misc]  # has no types
    """Takes only what rows need, and leaves the cells to `Workbook.rows`: openpyxl's own reading gives up over an empty fill
    or an odd date of the author's, in workbooks that every spreadsheet opens."""

    def read(self) -> None:
        """Fills `wb`, `sheets` (name to part) and `formats` (the code of each style)."""
        self.sheets: dict[str, str] = {}
        self.formats: list[str] = []
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        if ARC_STYLE in self.valid_files:
            self._read_formats()
        self.read_worksheets()

    def read_strings(self) -> None:
        """What is only a reading aid (rPh) is left out.

        openpyxl's own takes every `x005F_` away: then the text `_x0041_` cannot be told from an A.
        """
        if part := self.package.find(SHARED_STRINGS):
            for element in self._elements(part.PartName.removeprefix("/"), "si"):
                self.shared_strings.append(Text.from_tree(element).content)
                element.clear()

    def read_worksheets(self) -> None:
        """Where they are; a sheet that is a chart alone is none."""
        for sheet, relation in self.parser.find_sheets():
            if relation.Type.endswith("/worksheet"):
                self.sheets[sheet.name] = relation.target

    def _read_formats(self) -> None:
        own = {}
        for element in self._elements(ARC_STYLE, "numFmt", "cellXfs"):
            if element.tag.endswith("}numFmt"):
                own[int(element.get("numFmtId", ""))] = element.get("formatCode", "")
            else:
                numbers = [int(style.get("numFmtId", 0)) for style in element]
                self.formats = [own.get(number, built_in(number)) for number in numbers]

    def _elements(self, part: str, *names: str) -> Iterator[Element]:
        tags = {f"{{{SHEET_MAIN_NS}}}{name}" for name in names}
        with self.archive.open(part) as file:
            yield from (element for _, element in iterparse(file) if element.tag in tags)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever openpyxl stumbles over, the file is what is wrong."""
    try:
        yield
    except Unreadable:
        raise
    except DefusedXmlException as error:
        raise Unreadable("unsafe", "DOCTYPE") from error
    except Exception as error:
        raise Unreadable("damaged", type(error).__name__) from error
