"""A number cell of a workbook as the text that a person sees in it, or why that cannot be told."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from haochaping.foundation.sheets.cells import Cell, Unfit

# The built-in formats of a workbook that show a day or an instant; 18-21 and 45-47 show a time of day alone.
DAYS = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
PLAIN = frozenset({0, 49})  # General, text
_ONLY_ZEROS = re.compile(r"0+")
_NOT_A_DIRECTIVE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_END_OF_DAYS = 2_957_003  # in the last days of 9999, by either calendar
_SAFE = 10**15  # a spreadsheet keeps 15 digits and makes the others 0


def is_day(code: str) -> bool:
    """Whether a format of the workbook's own shows year and day."""
    directives = _NOT_A_DIRECTIVE.sub("", code).lower()
    return "y" in directives and ("d" in directives or "m" in directives)


def number_text(raw: str, fmt: str | None, *, day: bool, since_1904: bool) -> Cell:
    """`fmt` is the workbook's own format code, None for a plain one; `day`: it shows days."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return Unfit("error", raw)
    if not number.is_finite():
        return Unfit("error", raw)
    if day:
        return _day_text(number, raw, since_1904=since_1904)
    if abs(number) >= _SAFE:
        return Unfit("digits", raw)
    if number == number.to_integral_value():
        if fmt is None or _ONLY_ZEROS.fullmatch(fmt):
            return f"{int(number):0{len(fmt or '0')}}"
    elif fmt is None:
        return format(
            Decimal(repr(float(number))), "f"
        )  # 0.1, not the 0.10000000000000001 that it is stored as
    return Unfit("number_format", raw)


def _day_text(number: Decimal, raw: str, *, since_1904: bool) -> Cell:
    """The day, with the time of day where there is one: `2026-01-31`, `2026-01-31 09:30:00`."""
    if not (0 if since_1904 else 1) <= number < _END_OF_DAYS:
        return Unfit("date", raw)
    # The old system believes in a 29 February 1900 (number 60); the days before it stand one lower than they should.
    if not since_1904 and 60 <= number < 61:
        return Unfit("date", raw)
    zero = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 61 else 31)  # noqa: DTZ001
    seconds = round(number * 86_400)
    instant = zero + timedelta(seconds=seconds)
    return instant.strftime("%Y-%m-%d" if seconds % 86_400 == 0 else "%Y-%m-%d %H:%M:%S")
