"""What reading and writing have in common: a row, a cell that cannot be taken, a file that cannot be read."""

import re
from dataclasses import dataclass
from typing import TypeAlias

# A cell of a workbook holds so many UTF-16 units, a cell of a CSV file so many characters (what Python's reader takes).
LONGEST_IN_WORKBOOK = 32_767
LONGEST_IN_CSV = 131_072
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Unfit:
    """A cell whose text nobody can be sure of, or that PostgreSQL cannot hold; `shown` is what the file has in it.

    `code`: formula, error, boolean (no text at all); digits (a number of more than 15 digits: the spreadsheet has already
    rounded it); number_format (shown otherwise than it is stored); date (outside the calendar); characters (NUL, half of a
    surrogate pair).
    """

    code: str
    shown: str


Cell: TypeAlias = str | Unfit


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as the spreadsheet or the editor shows it, counted from 1. Cells behind the last are ""."""

    number: int
    cells: tuple[Cell, ...]


class Unreadable(Exception):
    """The file, or what follows in it, cannot be read. `code` is stable; `line` is where, None for the whole file.

    `code`: encoding (not UTF-8; `detail` names what it seems to be), csv, not_a_workbook, old_workbook, encrypted,
    strict (the variant of the format that is for archives), damaged, too_big, too_wide, unsafe (a ZIP or XML bomb).
    """

    def __init__(self, code: str, detail: str = "", line: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail, self.line = code, detail, line


class Unwritable(ValueError):
    """A value that the format cannot hold: too long, NUL, half of a surrogate pair."""


def column_letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def fit(text: str) -> Cell:
    """The text, unless PostgreSQL could not hold it."""
    if "\0" in text or _HALF.search(text):
        return Unfit("characters", text.encode("unicode_escape").decode("ascii")[:80])
    return text


def checked(text: str, longest: int, units: int) -> str:
    """The text as it may be written. Raises Unwritable."""
    if "\0" in text or _HALF.search(text):
        raise Unwritable("a value holds NUL or half of a surrogate pair")
    if units > longest:
        raise Unwritable(f"a value has {units:,} characters, at most {longest:,} fit into a cell")
    return text
