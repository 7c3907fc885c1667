"""A number cell of a workbook as the text that a person sees in it, or why that cannot be told."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from haochaping.foundation.sheets.cells import Cell, Unfit

# The built-in formats that show a day or an instant, Chinese spreadsheets' with the others; 18-21 and 45-47 show a time of
# day alone.
_DAYS = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_BUILT_IN = {0: "General", 1: "0", 49: "@", **dict.fromkeys(_DAYS, "yyyy-mm-dd")}
_PLAIN = frozenset({"General", "@"})
_ONLY_ZEROS = re.compile(r"0+")
_NOT_A_DIRECTIVE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_END_OF_DAYS = 2_957_003  # in the last days of 9999, by either calendar
_SAFE = 10**15  # a spreadsheet keeps 15 digits and makes the others 0


def built_in(number: int) -> str:
    """The code of a built-in format, or one that no number is shown plainly under."""
    return _BUILT_IN.get(number, f"#{number}")


def number_text(number: float, code: str, *, since_1904: bool) -> Cell:
    """`code` is what the format of the cell is made of."""
    if _is_day(code):
        return _day_text(number, since_1904=since_1904)
    if not abs(number) < _SAFE:
        return Unfit("digits", str(number)[:80])
    if number == int(number):
        if code in _PLAIN or _ONLY_ZEROS.fullmatch(code):
            return f"{int(number):0{1 if code in _PLAIN else len(code)}}"
    elif code in _PLAIN:
        return format(Decimal(repr(number)), "f")  # 0.0000001, not 1e-07
    return Unfit("number_format", str(number))


@lru_cache(maxsize=256)
def _is_day(code: str) -> bool:
    """Whether year and day are shown."""
    directives = _NOT_A_DIRECTIVE.sub("", code).lower()
    return "y" in directives and ("d" in directives or "m" in directives)


def _day_text(number: float, *, since_1904: bool) -> Cell:
    """The day, with the time of day where there is one: `2026-01-31`, `2026-01-31 09:30:00`."""
    if not (0 if since_1904 else 1) <= number < _END_OF_DAYS:
        return Unfit("date", str(number))
    # The old system believes in a 29 February 1900 (number 60); the days before it stand one lower than they should.
    if not since_1904 and 60 <= number < 61:
        return Unfit("date", str(number))
    zero = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 61 else 31)  # noqa: DTZ001
    seconds = round(number * 86_400)
    instant = zero + timedelta(seconds=seconds)
    return instant.strftime("%Y-%m-%d" if seconds % 86_400 == 0 else "%Y-%m-%d %H:%M:%S")
