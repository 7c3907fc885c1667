"""Plain text: UTF-8 or GB18030 from the first byte to the last, and nothing that a program would take for more."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.states import Fault, Format

_PIECE: Final = 64 * 1024
_HEAD: Final = 1024
_CONTROLS: Final = frozenset(map(chr, range(32))) - set("\t\n\r\f") | {"\x7f"}
# What browsers, word processors, printers and shells would read as theirs.
_THEIRS: Final = (
    b"<!doctype",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<svg",
    b"<?xml",
    b"<?php",
    b"<iframe",
    b"%pdf-",
    b"%!ps",
    b"{\\rtf",
    b"mime-version:",
)
_FIRST: Final = (b"#!", b"mz\x90", b"\x7felf")


def text(file: BinaryIO, _size: int) -> Format:
    """Raises Unacceptable for what is no text, and for what is text to us and something else to others."""
    head = file.read(_HEAD).removeprefix(codecs.BOM_UTF8).lower()
    if any(mark in head for mark in _THEIRS) or head.startswith(_FIRST):
        raise Unacceptable(Fault.UNKNOWN)
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        if all(_CONTROLS.isdisjoint(piece) for piece in _decoded(file, encoding)):
            return Format.TEXT
    raise Unacceptable(Fault.UNKNOWN)


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The text piece by piece; a NUL, which no text holds, where it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        yield "\0"
