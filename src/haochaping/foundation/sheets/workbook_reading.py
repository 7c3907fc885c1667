"""Reads a workbook sheet by sheet, row by row: each cell as the text that a person sees, or as unfit with its reason.

A library would hand out what it made of a cell: 1.1532216e+17 for a code that was typed as a number, the last result for
a formula (docs/adr/0002).
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from haochaping.foundation.sheets.cells import Row, Unreadable
from haochaping.foundation.sheets.package import LARGEST_IN_MEMORY, Package, Starts
from haochaping.foundation.sheets.sheet_xml import Sheet, Strings, Styles, attribute, local

_WORKBOOK, _STYLES, _STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"


class Workbook:
    """An open workbook: the names of its sheets, and the rows of each. Use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable, OSError."""
        self._package = Package(path)
        try:
            self._since_1904 = False
            self._sheets = self._find_sheets()
            self._styles = self._read_styles()
            self._strings: list[str] | None = None
        except BaseException:
            self._package.close()
            raise

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        self._package.close()

    @property
    def sheets(self) -> tuple[str, ...]:
        """Their names, in their order; hidden ones too."""
        return tuple(self._sheets)

    def size(self, sheet: str) -> int:
        """How many bytes its XML has, for telling how far the reading is."""
        return self._package.size(self._sheets[sheet])

    def rows(self, sheet: str) -> Iterator[Row]:
        """Every row in which something stands. Raises KeyError for a sheet that is not there, Unreadable."""
        if self._strings is None:
            self._strings = self._read_strings()
        reading = Sheet(self._strings, self._styles, since_1904=self._since_1904)
        part = self._sheets[sheet]
        for _ in self._package.parse(part, reading.start, reading.end, reading.text):
            yield from reading.taken()
        yield from reading.taken()

    def _find_sheets(self) -> dict[str, str]:
        """Name → part."""
        named: dict[str, str] = {}
        targets: dict[str, str] = {}

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "sheet":
                named[attributes.get("name", "")] = attribute(attributes, "id")
            elif local(name) == "workbookPr":
                self._since_1904 = attributes.get("date1904") in {"1", "true"}

        def relation(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        self._each(_WORKBOOK, sheet)
        self._each("xl/_rels/workbook.xml.rels", relation)
        if not named:
            raise Unreadable("not_a_workbook")
        return {name: _resolved(targets.get(number, "")) for name, number in named.items()}

    def _read_styles(self) -> Styles:
        styles = Styles()
        if self._package.has(_STYLES):
            for _ in self._package.parse(_STYLES, styles.start, styles.end, _nothing):
                pass
        return styles

    def _read_strings(self) -> list[str]:
        if not self._package.has(_STRINGS):
            return []
        if self._package.size(_STRINGS) > LARGEST_IN_MEMORY:
            raise Unreadable("too_big", _STRINGS)
        strings = Strings()
        for _ in self._package.parse(_STRINGS, strings.start, strings.end, strings.text):
            pass
        return strings.found

    def _each(self, part: str, start: Starts) -> None:
        if not self._package.has(part):
            raise Unreadable("not_a_workbook")
        for _ in self._package.parse(part, start, _nothing, _nothing):
            pass


def _resolved(target: str) -> str:
    """A relation's target as the name of a part: absolute, or beside the workbook."""
    return target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _nothing(_: str) -> None:
    """What is not asked for."""
