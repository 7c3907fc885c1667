"""PDF: a whole document that does nothing when it is opened.

Not by a reader of PDF, which would be a large door of its own: by its ends, its table of contents, and every name that
stands in it, in the open or packed. What does something - scripts, programs to be started, files within, forms that send -
is known by names that an action must carry (ISO 32000-1, 12.6.4, 7.11.4), in whatever writing. What is locked cannot be
looked into.
"""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.states import Fault, Format

_HEAD: Final = re.compile(rb"%PDF-[12]\.\d[\x00\t\n\x0c\r %]")
_TAIL: Final = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\x00\t\n\x0c\r ]*\Z")
_LAST: Final = 2048
_TABLE: Final = re.compile(rb"\s{0,32}(?:xref\s|\d{1,10}\s+\d{1,5}\s+obj)")
_NAME: Final = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
_CODED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"stream\r?\n")
_ACTS: Final = frozenset(
    {
        b"JavaScript",
        b"Launch",
        b"EmbeddedFile",
        b"EmbeddedFiles",
        b"RichMedia",
        b"Rendition",
        b"SubmitForm",
        b"ImportData",
        b"GoToE",
        b"XFA",
    }
)
_WHOLE: Final = frozenset({b"Root", b"Catalog", b"Pages", b"Page"})
# Wrappings that we do not open.
_WRAPPED: Final = frozenset(
    {
        b"ASCIIHexDecode",
        b"ASCII85Decode",
        b"LZWDecode",
        b"RunLengthDecode",
        b"Crypt",
        b"AHx",
        b"A85",
        b"LZW",
        b"RL",
    }
)
_KNOWN: Final = _ACTS | _WHOLE | _WRAPPED | {b"Encrypt", b"ObjStm", b"First", b"N"}
# All streams together, unpacked.
_UNPACKED: Final = 256 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 128


def pdf(file: BinaryIO, _size: int) -> Format:
    """Raises Unacceptable."""
    data = file.read()
    if not _HEAD.match(data):
        raise Unacceptable(Fault.BROKEN)
    tail = _TAIL.search(data[-_LAST:])
    if tail is None:
        raise Unacceptable(Fault.HIDDEN if b"%%EOF" in data else Fault.BROKEN)
    if not _TABLE.match(data, int(tail[1])):
        raise Unacceptable(Fault.BROKEN)
    found = _names(data)
    if b"ObjStm" in found or found >= {b"First", b"N"}:
        if found & _WRAPPED:
            raise Unacceptable(Fault.ACTIVE)  # objects may be in a wrapping that we do not open
        for piece in _unpacked(data):
            found |= _names(piece)
    if found & _ACTS:
        raise Unacceptable(Fault.ACTIVE)
    if b"Encrypt" in found:
        raise Unacceptable(Fault.ENCRYPTED)
    if not found >= _WHOLE:
        raise Unacceptable(Fault.BROKEN)
    return Format.PDF


def _names(data: bytes) -> set[bytes]:
    """Those of the names in it that we look for, however they are written."""
    return {name for each in _NAME.finditer(data) if (name := _plain(each[1])) in _KNOWN}


def _plain(name: bytes) -> bytes:
    return _CODED.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What is packed in streams, piece by piece, each with the end of the one before it: of every stream, for what one
    says of itself can be written so that only a reader of PDF finds it."""
    left = _UNPACKED
    for begun in _STREAM.finditer(data):
        before = b""
        for piece in _inflated(data, begun.end()):
            left -= len(piece)
            if left < 0:
                raise Unacceptable(Fault.SWELLS)
            yield before + piece
            before = piece[-_OVERLAP:]


def _inflated(data: bytes, at: int) -> Iterator[bytes]:
    """What is packed there, as far as it is packed in the way of zlib; nothing where it is not."""
    unpack = zlib.decompressobj()
    packed = data[at : at + _PIECE]
    at += _PIECE
    try:
        while packed and not unpack.eof:
            if piece := unpack.decompress(packed, _PIECE):
                yield piece
            packed = unpack.unconsumed_tail
            if not packed:
                packed = data[at : at + _PIECE]
                at += _PIECE
    except zlib.error:
        return
