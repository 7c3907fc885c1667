"""Crockford base 32: what people read from paper and type again. Upper and lower case, O = 0, I = L = 1."""

import re
from typing import Final

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_ALPHABET = ALPHABET + "*~$=U"
# Two characters at once, and Python's own digits of base 32 for reading: every rating makes and reads some of these.
_PAIRS: Final = [left + right for left in ALPHABET for right in ALPHABET]
_DIGITS: Final = str.maketrans(ALPHABET + "OIL", "0123456789abcdefghijklmnopqrstuv" + "011")
_READABLE: Final = re.compile(f"[{ALPHABET}OIL]+")


def encode(data: bytes) -> str:
    """`data` as base 32 without padding, ceil(bits / 5) characters, leading zeros kept."""
    length = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big")
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in range(5 * (length - length % 2) - 10, -1, -10)]
    return (ALPHABET[number >> 5 * (length - 1)] if length % 2 else "") + "".join(pairs)


def decode(text: str, size: int) -> bytes:
    """`size` bytes back from `text`; hyphens and spaces are passed over.

    Raises ValueError when a character is unknown or the number does not fit.
    """
    clean = text.upper().replace("-", "").replace(" ", "")
    if len(clean) != -(-size * 8 // 5):
        raise ValueError("wrong length")
    number = _number(clean)
    if number >> (8 * size):
        raise ValueError("too large")
    return number.to_bytes(size, "big")


def check_character_of(data: bytes) -> str:
    """The same of what `encode` makes of `data`: without reading it again."""
    return _CHECK_ALPHABET[int.from_bytes(data, "big") % 37]


def check_character(text: str) -> str:
    """The check character (modulo 37) of base 32 text, as Crockford lays it down. Raises ValueError."""
    return _CHECK_ALPHABET[_number(text.upper()) % 37]


def _number(clean: str) -> int:
    if not _READABLE.fullmatch(clean):
        raise ValueError("not a base 32 character")
    return int(clean.translate(_DIGITS), 32)
