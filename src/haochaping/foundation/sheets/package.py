"""The parts of a workbook file (a ZIP of XML), opened without trusting it."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from haochaping.foundation.sheets.cells import Unreadable

# A sheet of a million rows and ten columns has about 600 MB of XML; what people type shrinks to a tenth, a bomb to a
# thousandth. Strings shared by all sheets are kept in memory.
LARGEST: Final = 1 << 30
LARGEST_IN_MEMORY: Final = 1 << 28
_SMALL: Final = 1 << 24
_RATIO: Final = 200
_MOST_PARTS: Final = 2_000
_PIECE: Final = 1 << 17
# What a broken ZIP, broken XML and an encoding that nobody knows (LookupError, ValueError) are told by.
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError),
    *(EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError),
)
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and a workbook with a password

Starts = Callable[[str, dict[str, str]], None]
Ends = Callable[[str], None]
Texts = Callable[[str], None]


class Package:
    """An open workbook. Close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable, OSError."""
        with path.open("rb") as file:
            if file.read(len(_OLD)) == _OLD:
                raise Unreadable("old_workbook")
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable("not_a_workbook") from error
        try:
            self._parts = _trusted(self._zip.infolist())
        except Unreadable:
            self.close()
            raise

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        return part in self._parts

    def size(self, part: str) -> int:
        """How many bytes the part has when it is unpacked; 0 for none."""
        return self._parts[part].file_size if part in self._parts else 0

    def parse(self, part: str, start: Starts, end: Ends, text: Texts) -> Iterator[int]:
        """Reads a part and calls back; yields after each piece how many bytes were read. Raises Unreadable.

        Names arrive as "namespace local". A document type, and so every entity of its own, is refused.
        """
        if part not in self._parts:
            raise Unreadable("damaged", part)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, _refuse
        done = 0
        try:
            with self._zip.open(self._parts[part]) as file:
                while piece := file.read(_PIECE):
                    parser.Parse(piece, False)
                    done += len(piece)
                    yield done
                parser.Parse(b"", True)
        except _BROKEN as error:
            raise Unreadable("damaged", part) from error


def _trusted(parts: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The parts by name. What is unpacked never has more bytes than is declared here: ZipFile sees to that."""
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
        raise Unreadable("too_big")
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable("encrypted")
        if part.file_size > _SMALL and part.file_size > _RATIO * part.compress_size:
            raise Unreadable("unsafe", part.filename)
    return {part.filename.removeprefix("/"): part for part in parts}


def _refuse(*_: object) -> None:
    raise Unreadable("unsafe", "DOCTYPE")
