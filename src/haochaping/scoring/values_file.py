"""Values from outside as text: out of a form, or a file with a row each; every mistake is told with its row."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from haochaping.foundation.errors import Invalid, Problem, Refused
from haochaping.foundation.sheets.cells import Row, Unreadable
from haochaping.foundation.sheets.csv_reading import csv_rows_of
from haochaping.policy.owed import Period
from haochaping.policy.profile import Profile
from haochaping.scoring.operations.entering import Entry, check, check_place, unit_by_code

# The first line of a file, and the names of what stands below each word.
COLUMNS: Final[Mapping[str, str]] = {
    "名称": "name",
    "代码": "code",
    "数值": "value",
    "来源": "source",
    "文件日期": "documented_on",
}
ROWS_MOST: Final = 5_000
BYTES_MOST: Final = 2_000_000
# A credit code is longer than any division's.
_CREDIT: Final = 18


class Over(NamedTuple):
    """Over which period, and how long periods of its length are (a word of KINDS)."""

    kind: str
    period: Period


def values_in(content: bytes, over: Over, *, division_id: int, rules: Profile) -> list[Entry]:
    """The values of a CSV file in UTF-8 for units of a division, which takes them by these rules. Raises Invalid with every
    mistake, `field` being the number of its row ("" for the file as a whole)."""
    rows = _rows(content)
    found, wrong = [], []
    for row in rows:
        cells = (cell if isinstance(cell, str) else "" for cell in (*row.cells, *[""] * len(COLUMNS)))
        try:
            entry = entry_of(dict(zip(COLUMNS.values(), cells, strict=False)), over)
            check(entry, rules)
            check_place(entry, division_id)
        except Refused as refusal:
            wrong.append(Problem(str(row.number), refusal.code, refusal.message))
        else:
            found.append(entry)
    wrong += _twice(found)
    if wrong:
        raise Invalid(wrong)
    return found


def entry_of(said: Mapping[str, str], over: Over) -> Entry:
    """One value out of what was typed under the names of COLUMNS. Raises Refused for what is no number, no date, nobody's
    code, or of days to come."""
    code = said["code"].strip().upper()
    unit_kind = "organisation" if len(code) >= _CREDIT else "region"
    number, _division = unit_by_code(unit_kind, code, on=over.period.last)
    return Entry(
        name=said["name"].strip(),
        unit_kind=unit_kind,
        unit_number=number,
        kind=over.kind,
        day=over.period.first,
        value=_number(said["value"]),
        source=said["source"],
        documented_on=_day(said["documented_on"]),
    )


def _rows(content: bytes) -> list[Row]:
    if len(content) > BYTES_MOST:
        raise _whole("too_large", _("文件超过2 MB。请分成几个文件。"))
    try:
        rows = list(csv_rows_of(StringIO(content.decode("utf-8-sig"), newline="")))
    except UnicodeDecodeError as error:
        raise _whole("encoding", _("文件不是UTF-8编码。请在表格软件中另存为“CSV UTF-8”。")) from error
    except Unreadable as error:
        raise _whole("csv", _("文件不是完整的CSV，读到第%(line)s行为止。") % {"line": error.line}) from error
    head = tuple(str(cell).strip() for cell in rows[0].cells) if rows else ()
    if head[: len(COLUMNS)] != tuple(COLUMNS):
        raise _whole("head", _("首行应为：%(wanted)s") % {"wanted": ",".join(COLUMNS)})
    if not 2 <= len(rows) <= ROWS_MOST + 1:
        raise _whole("rows", _("请在首行以下填写1至%(most)d行。") % {"most": ROWS_MOST})
    return rows[1:]


def _twice(entries: Iterable[Entry]) -> list[Problem]:
    seen: set[tuple[str, str, int]] = set()
    found = []
    for entry in entries:
        key = (entry.name, entry.unit_kind, entry.unit_number)
        if key in seen:
            message = _("“%(name)s”在文件中有两个同一对象的值。") % {"name": entry.name}
            found.append(Problem("", "twice", message))
        seen.add(key)
    return found


def _whole(code: str, message: str) -> Invalid:
    return Invalid([Problem("", code, message)])


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise Refused("value", _("请填写一个数，小数点后不超过六位。")) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("documented_on", _("请填写文件日期，例如 2026-03-31。")) from error
