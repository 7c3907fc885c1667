"""The XML of a workbook's parts, event by event: strings, formats, and the cells of a sheet."""

from typing import Final

from haochaping.foundation.sheets.cells import Cell, Row, Unfit, Unreadable, column_letters, fit
from haochaping.foundation.sheets.escapes import from_workbook
from haochaping.foundation.sheets.numbers import DAYS, PLAIN, is_day, number_text

# Nobody's table is wider; a sheet that is would take memory for every row.
WIDEST: Final = 512
_SHOWN: Final = 80
_ZERO: Final = 1  # the built-in format 0
_LETTER: Final = {letter: place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}


def local(name: str) -> str:
    """The name without its namespace: of which there are two, for the same words."""
    return name.rpartition(" ")[2]


def attribute(attributes: dict[str, str], name: str) -> str:
    """An attribute that stands in a namespace."""
    return next((value for key, value in attributes.items() if " " in key and local(key) == name), "")


class Strings:
    """The strings that all sheets share, in `found`. What is only a reading aid (rPh) is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._taking = self._aside = False

    def start(self, name: str, _: dict[str, str]) -> None:
        match local(name):
            case "si":
                self._pieces = []
            case "rPh":
                self._aside = True
            case "t":
                self._taking = not self._aside

    def end(self, name: str) -> None:
        match local(name):
            case "si":
                self.found.append(from_workbook("".join(self._pieces)))
            case "rPh":
                self._aside = False
            case "t":
                self._taking = False

    def text(self, piece: str) -> None:
        if self._taking:
            self._pieces.append(piece)


class Styles:
    """For each cell style: the workbook's own format code (None: plain), and whether it shows days."""

    def __init__(self) -> None:
        self.cells: list[tuple[str | None, bool]] = []
        self._own: dict[int, str] = {}
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "numFmt" if attributes.get("numFmtId", "").isdigit():
                self._own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            case "cellXfs":
                self._inside = True
            case "xf" if self._inside:
                number = attributes.get("numFmtId", "0")
                self.cells.append(self._format(int(number) if number.isdigit() else 0))

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._inside = False

    def _format(self, number: int) -> tuple[str | None, bool]:
        code = self._own.get(number)
        if code is None:
            code = "0" if number == _ZERO else f"#{number}"
            return (None if number in PLAIN else code), number in DAYS
        return (None if code in {"General", "@"} else code), is_day(code)


class Sheet:
    """The rows of one sheet as they come by; `taken` hands them out."""

    def __init__(self, strings: list[str], styles: Styles, *, since_1904: bool) -> None:
        self._strings, self._styles, self._since_1904 = strings, styles.cells, since_1904
        self._ready: list[Row] = []
        self._local: dict[str, str] = {}
        self._row = self._column = 0
        self._cells: list[Cell] = []
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._formula = self._taking = self._aside = self._inside = False

    def taken(self) -> list[Row]:
        """The rows that are complete and were not taken yet."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match self._known(name):
            case "row":
                self._row = _number(attributes.get("r", str(self._row + 1)))
                self._column, self._cells = 0, []
            case "c":
                self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
                self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
                self._pieces, self._formula, self._inside = [], False, True
            case "f":
                self._formula = True
            case "rPh":
                self._aside = True
            case "v" | "t" if self._inside:
                self._taking = not self._aside

    def end(self, name: str) -> None:
        match self._known(name):
            case "v" | "t":
                self._taking = False
            case "rPh":
                self._aside = False
            case "c":
                self._inside = False
                self._keep()
            case "row" if any(self._cells):
                self._ready.append(Row(self._row, tuple(self._cells)))

    def text(self, piece: str) -> None:
        if self._taking:
            self._pieces.append(piece)

    def _known(self, name: str) -> str:
        """`local`, which would be asked four times for each cell."""
        found = self._local.get(name)
        if found is None:
            found = self._local[name] = local(name)
        return found

    def _keep(self) -> None:
        cell = self._cell("".join(self._pieces))
        if not cell:
            return
        if self._column > WIDEST:
            raise Unreadable("too_wide", column_letters(self._column - 1), self._row)
        self._cells.extend([""] * (self._column - len(self._cells)))
        self._cells[self._column - 1] = cell

    def _cell(self, raw: str) -> Cell:
        if self._formula:
            return Unfit("formula", raw[:_SHOWN])
        match self._kind:
            case "s":
                return self._shared(raw) if raw else ""
            case "inlineStr" | "str":
                return fit(from_workbook(raw))
            case "b":
                return Unfit("boolean", "TRUE" if raw == "1" else "FALSE")
            case "e":
                return Unfit("error", raw[:_SHOWN])
            case "d":
                return fit(raw.replace("T", " ").removesuffix(" 00:00:00"))
            case _:
                return self._number(raw.strip()) if raw.strip() else ""

    def _shared(self, raw: str) -> Cell:
        try:
            return fit(self._strings[int(raw)])
        except (IndexError, ValueError) as error:
            raise Unreadable("damaged", f"shared string {raw[:_SHOWN]}", self._row) from error

    def _number(self, raw: str) -> Cell:
        place = int(self._style) if self._style.isdigit() else 0
        fmt, day = self._styles[place] if place < len(self._styles) else (None, False)
        return number_text(raw[:_SHOWN], fmt, day=day, since_1904=self._since_1904)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Unreadable("damaged", f"row {text[:_SHOWN]}")
    return int(text)


def _column(place: str) -> int:
    """C12 → 3."""
    number = 0
    for letter in place[:4]:
        if letter not in _LETTER:
            break
        number = number * 26 + _LETTER[letter]
    if not number:
        raise Unreadable("damaged", f"cell {place[:_SHOWN]}")
    return number
