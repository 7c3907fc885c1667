"""The first row of a table: the field names of the convention, or what the sender's dialect calls them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from haochaping.cases.rules import LONGEST_NAME, malformations
from haochaping.foundation.sheets.cells import Row, column_letters
from haochaping.intake.importing.refusals import FileRefused

# What a spreadsheet makes of a long number when it opens a CSV file: 5.30102E+19.
_ROUNDED: Final = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,}")
# Without these no row of the table could be taken. Of the two documents one will do.
REQUIRED: Final = tuple(each.field for each in malformations({}, []) if each.code == "required")
_DOCUMENTS: Final = ("certKey", "certKeyGOV")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, "" where a column has none."""

    names: Sequence[str]


def rounded(text: str) -> bool:
    """Whether a spreadsheet has rounded the number that stood here."""
    return _ROUNDED.fullmatch(text) is not None


def header(file: str, row: Row, titles: Mapping[str, str]) -> Header:
    """The header when rows can be read by it; `titles` are fields by what the sender calls them. Raises FileRefused with all
    that is wrong with it."""
    told = [cell.strip() if isinstance(cell, str) else "" for cell in row.cells]
    names = [titles.get(title, title) for title in told]
    wrong = []
    count = Counter(name for name in names if name)
    # By their letters, not their words: a file without a header has people in its first row.
    if twice := [column_letters(place) for place, name in enumerate(names) if count[name] > 1]:
        wrong.append(f"of these columns several have one name: {', '.join(twice)}")
    if missing := [name for name in REQUIRED if name not in names and name not in _DOCUMENTS]:
        wrong.append(f"these columns are missing: {', '.join(missing)}")
    if not set(_DOCUMENTS) & set(names):
        wrong.append(f"one of these columns is needed: {', '.join(_DOCUMENTS)}")
    if any(len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        wrong.append(f"a name has more than {LONGEST_NAME} characters, or some that cannot be printed")
    if not wrong:
        return Header(tuple(names))
    if len(names) == 1 and (marks := [mark for mark in ("\t", ";", "；", "，", "|") if mark in names[0]]):
        wrong = [f"the columns stand apart by {marks[0]!r}, not by commas"]
    raise FileRefused(
        "header",
        f"{file}: the first row must be the field names of the convention, or the columns of the client's dialect "
        "(docs/importing.md); " + "; ".join(wrong) + ".",
    )
