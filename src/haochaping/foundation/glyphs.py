"""For which characters a font has a glyph, and what is written instead of the others."""

import struct
from bisect import bisect_right
from pathlib import Path
from typing import Any, Final, NamedTuple

_TABLES: Final = struct.Struct(">4xH6x")
_TABLE: Final = struct.Struct(">4s4xII")
_ENCODINGS: Final = struct.Struct(">2xH")
_ENCODING: Final = struct.Struct(">HHI")
_GROUPS: Final = struct.Struct(">H10xI")
_GROUP: Final = struct.Struct(">III")
# Unicode, all planes; the format of such a table.
_WHOLE_UNICODE: Final = frozenset({(3, 10), (0, 4), (0, 6)})
_SEGMENTED: Final = 12
# What is not seen by itself: joiners, directions, variants of the character before.
_UNSEEN: Final = frozenset(
    {0xAD, 0x34F, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)}
)
_VARIANTS: Final = (range(0xFE00, 0xFE10), range(0xE0000, 0xE01F0))
_BREAKS: Final = frozenset({0x9, 0xA, 0x20})


class Glyphs(NamedTuple):
    """The characters of a font as ascending spans: `first` and `last` code point of each."""

    first: list[int]
    last: list[int]

    def has(self, code: int) -> bool:
        """Whether there is a glyph for this code point."""
        place = bisect_right(self.first, code) - 1
        return place >= 0 and code <= self.last[place]


def glyphs_of(font: Path) -> Glyphs:
    """Of an OpenType font, by its table `cmap` of format 12 (ISO/IEC 14496-22, 5.2.1). Raises ValueError without one."""
    with font.open("rb") as file:
        (number,) = _TABLES.unpack(file.read(_TABLES.size))
        tables = [_TABLE.unpack(file.read(_TABLE.size)) for _ in range(number)]
        start, length = next(((at, size) for tag, at, size in tables if tag == b"cmap"), (0, 0))
        file.seek(start)
        table = file.read(length)
    (encodings,) = _ENCODINGS.unpack_from(table) if table else (0,)
    for number in range(encodings):
        platform, encoding, at = _ENCODING.unpack_from(table, _ENCODINGS.size + number * _ENCODING.size)
        form, groups = _GROUPS.unpack_from(table, at)
        if (platform, encoding) in _WHOLE_UNICODE and form == _SEGMENTED:
            spans = [
                _GROUP.unpack_from(table, at + _GROUPS.size + each * _GROUP.size) for each in range(groups)
            ]
            return Glyphs([span[0] for span in spans], [span[1] for span in spans])
    raise ValueError(f"{font.name} has no table of all its characters")


def spelled(said: Any, glyphs: Glyphs) -> Any:
    """The same with every character that has no glyph written as its code point, 〔U+1F600〕, so that it is neither lost nor
    a box; what is not seen by itself is left out. `said` is JSON: strings, lists and objects of them."""
    match said:
        case str():
            return "".join(_spelled(each, glyphs) for each in said)
        case dict():
            return {key: spelled(value, glyphs) for key, value in said.items()}
        case list():
            return [spelled(each, glyphs) for each in said]
    return said


def _spelled(character: str, glyphs: Glyphs) -> str:
    code = ord(character)
    if code in _UNSEEN or any(code in each for each in _VARIANTS):
        return ""
    if code in _BREAKS or glyphs.has(code):
        return character
    return f"〔U+{code:04X}〕"
