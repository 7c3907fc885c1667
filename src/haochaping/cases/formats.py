"""Forms of single values: times, credit codes, resident IDs, and what stands there instead of a value."""

import re
from datetime import date, datetime
from functools import lru_cache
from operator import mul

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from haochaping.foundation.clock import CN

# What programs write for "not yet known" lies within: 1900-01-01, 1970-01-01, 9999-12-31. Such a time exists; whether it can
# be true is asked afterwards. What lies before is a slip of the keyboard.
FIRST_YEAR = 1900

_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_RESIDENT = re.compile(r"\d{17}[\dXx]", re.ASCII)
_CREDIT = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
# What seventeen digits 0 weigh by their codes in ASCII.
_OF_ZEROS = sum(_WEIGHTS) * ord("0")
_DUMMIES = frozenset({"无", "0"})


def is_dummy(value: str) -> bool:
    """Whether this stands where a name or number should: 0, 无, or one character repeated."""
    return value in _DUMMIES or (len(set(value)) == 1 and (len(value) > 1 or not value.isalpha()))


@lru_cache(maxsize=65_536)
def instant(text: str) -> datetime | None:
    """`yyyy-MM-dd HH:mm:ss` of Asia/Shanghai as an aware instant; None when there is no such time."""
    if not _DATE.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text).replace(tzinfo=CN)
    except ValueError:
        return None
    return read if read.year >= FIRST_YEAR else None


def is_credit_code(code: str) -> bool:
    """Whether the characters and the check character are those of GB 32100."""
    if not _CREDIT.fullmatch(code):
        return False
    try:
        return bool(uscc.validate(code) == code)
    except ValidationError:
        return False


def is_resident_id(number: str) -> bool:
    """Whether birth date and check character (GB 11643) are right, and no more than that.

    Old people carry numbers whose place code never existed in their year of birth.
    """
    if not _RESIDENT.fullmatch(number) or not _is_date(number[6:14]):
        return False
    total = sum(map(mul, _WEIGHTS, number[:17].encode())) - _OF_ZEROS
    return "10X98765432"[total % 11] == number[17].upper()


@lru_cache(maxsize=65_536)
def _is_date(digits: str) -> bool:
    """Whether yyyyMMdd is a day of the calendar. People are many, their birthdays are not."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
