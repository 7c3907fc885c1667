"""Patterns of times as senders write them, read into the one form of the convention. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from haochaping.cases.formats import instant
from haochaping.foundation.clock import CN

# How a pattern spells a part, longest first, and what may stand there. XXX is the offset from UTC; SSS is read and left out.
_PARTS: Final = {
    "yyyy": r"(?P<year>\d{4})",
    "SSS": r"\d{1,9}",
    "XXX": r"(?P<offset>Z|[+-]\d\d:?\d\d)",
    "MM": r"(?P<month>\d\d)",
    "dd": r"(?P<day>\d\d)",
    "HH": r"(?P<hour>\d\d)",
    "mm": r"(?P<minute>\d\d)",
    "ss": r"(?P<second>\d\d)",
    "M": r"(?P<month>\d{1,2})",
    "d": r"(?P<day>\d{1,2})",
    "H": r"(?P<hour>\d{1,2})",
}
_TOKENS: Final = re.compile("|".join(_PARTS) + "|[-/.: T年月日时分秒]")
_NEEDED: Final = frozenset({"year", "month", "day", "hour", "minute"})
# Seconds or milliseconds since 1970; their number of digits keeps them apart from each other.
UNIX: Final = "unix"
UNIX_MS: Final = "unix_ms"
_COUNTS: Final = {
    UNIX: (re.compile(r"\d{9,10}", re.ASCII), 1),
    UNIX_MS: (re.compile(r"\d{12,13}", re.ASCII), 1000),
}

Read = Callable[[str], datetime | None]


def pattern(text: str) -> Read | None:
    """A reader of one pattern ("yyyy/MM/dd HH:mm", "unix", "unix_ms"); None for what is no such pattern."""
    if text in _COUNTS:
        return _counted(*_COUNTS[text])
    pieces, place = [], 0
    while place < len(text):
        token = _TOKENS.match(text, place)
        if token is None:
            return None
        pieces.append(_PARTS.get(token.group(), re.escape(token.group())))
        place = token.end()
    try:
        written = re.compile("".join(pieces), re.ASCII)
    except re.error:  # a part given twice
        return None
    return _written(written) if written.groupindex.keys() >= _NEEDED else None


def convention(text: str, readers: tuple[Read, ...]) -> str:
    """The time as the convention writes it, by the first reader that knows it; as it was when none does."""
    return text if instant(text) else _read(text, readers)


@lru_cache(maxsize=16_384)
def _read(text: str, readers: tuple[Read, ...]) -> str:
    for read in readers:
        if (at := read(text)) is not None:
            return f"{at.astimezone(CN):%Y-%m-%d %H:%M:%S}"
    return text


def _written(expression: re.Pattern[str]) -> Read:
    def read(text: str) -> datetime | None:
        found = expression.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        offset = parts.pop("offset", None)
        try:
            at = datetime(**{name: int(digits) for name, digits in parts.items()}, tzinfo=CN)
            return at if offset is None else datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{offset}")
        except (ValueError, OverflowError):
            return None

    return read


def _counted(digits: re.Pattern[str], per_second: int) -> Read:
    def read(text: str) -> datetime | None:
        return datetime.fromtimestamp(int(text) // per_second, UTC) if digits.fullmatch(text) else None

    return read
