"""Pictures, read from their first part to their last: JPEG by its segments, PNG by its chunks with their sums and pixels."""

import struct
import zlib
from typing import BinaryIO, Final

from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.states import Fault, Format

_PIXELS_JPEG: Final = 250_000_000
_PIXELS_PNG: Final = 50_000_000
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SIGNATURE: Final = 8
# By colour type: samples a pixel, and how many bits each may have.
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {
    0: {1, 2, 4, 8, 16},
    2: {8, 16},
    3: {1, 2, 4, 8},
    4: {8, 16},
    6: {8, 16},
}
# Seven passes of an interlaced picture: where each begins and how far apart its pixels are.
_PASSES: Final = (
    (0, 8, 0, 8),
    (4, 8, 0, 8),
    (0, 4, 4, 8),
    (2, 4, 0, 4),
    (0, 2, 2, 4),
    (1, 2, 0, 2),
    (0, 1, 1, 2),
)
_PIECE: Final = 1024 * 1024


def jpeg(file: BinaryIO, _size: int) -> Format:
    """One picture, or several behind each other as cameras keep previews; nothing else. Raises Unacceptable."""
    data = file.read()
    at, pictures = 0, 0
    while data[at : at + 3] == b"\xff\xd8\xff":
        at = _picture(data, at + 2)
        pictures += 1
        while data[at : at + 1] == b"\0":
            at += 1
    if not pictures:
        raise Unacceptable(Fault.BROKEN)
    if at != len(data):
        raise Unacceptable(Fault.HIDDEN)
    return Format.JPEG


def _picture(data: bytes, at: int) -> int:
    """Where a picture ends whose first segment begins at `at`."""
    framed = scanned = False
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            if not (framed and scanned):
                raise Unacceptable(Fault.BROKEN)
            return at
        if marker in _ALONE:
            continue
        if marker in {0x00, _SOI} or at + 2 > len(data):
            raise Unacceptable(Fault.BROKEN)
        length = int.from_bytes(data[at : at + 2])
        segment, at = data[at + 2 : at + length], at + length
        if length < 2 or at > len(data):
            raise Unacceptable(Fault.BROKEN)
        if marker in _FRAMES:
            _check_frame(segment)
            framed = True
        elif marker == _SOS:
            at = _after_scan(data, at)
            scanned = True


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise Unacceptable(Fault.BROKEN)
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise Unacceptable(Fault.BROKEN)
    return data[at], at + 1


def _check_frame(segment: bytes) -> None:
    if len(segment) < 6:
        raise Unacceptable(Fault.BROKEN)
    height, width = struct.unpack(">HH", segment[1:5])
    if not (width and height):
        raise Unacceptable(Fault.BROKEN)
    if width * height > _PIXELS_JPEG:
        raise Unacceptable(Fault.SWELLS)


def _after_scan(data: bytes, at: int) -> int:
    """Where the coded pixels end: before the next marker that is not one of their own."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0x00 or following in _ALONE:
            at += 2
        else:
            return at
    raise Unacceptable(Fault.BROKEN)


def png(file: BinaryIO, size: int) -> Format:
    """Chunks whose sums are right, from IHDR to IEND, with as many pixels as it says, and nothing behind. Raises
    Unacceptable."""
    file.seek(_SIGNATURE)
    wanted, pixels, kinds = 0, _Pixels(), list[bytes]()
    while not kinds or kinds[-1] != b"IEND":
        kind, body = _chunk(file, size)
        if (kind == b"IHDR") != (not kinds):
            raise Unacceptable(Fault.BROKEN)
        if kind == b"IHDR":
            wanted = _bytes_of(body)
        elif kind == b"IDAT":
            if b"IDAT" in kinds and kinds[-1] != b"IDAT":
                raise Unacceptable(Fault.BROKEN)
            pixels.take(body, wanted)
        kinds.append(kind)
    if not pixels.complete(wanted):
        raise Unacceptable(Fault.BROKEN)
    if file.read(1):
        raise Unacceptable(Fault.HIDDEN)
    return Format.PNG


def _chunk(file: BinaryIO, size: int) -> tuple[bytes, bytes]:
    head = file.read(8)
    if len(head) < 8:
        raise Unacceptable(Fault.BROKEN)
    length, kind = struct.unpack(">I4s", head)
    if length > size or not kind.isalpha():
        raise Unacceptable(Fault.BROKEN)
    body, told = file.read(length), file.read(4)
    if len(told) < 4 or zlib.crc32(kind + body) != int.from_bytes(told):
        raise Unacceptable(Fault.BROKEN)
    return kind, body


def _bytes_of(head: bytes) -> int:
    """How many bytes the pixels have, by what the head says of them."""
    if len(head) != 13:
        raise Unacceptable(Fault.BROKEN)
    width, height, depth, colour, packing, filters, interlaced = struct.unpack(">IIBBBBB", head)
    if not (width and height) or depth not in _DEPTHS.get(colour, ()) or packing or filters or interlaced > 1:
        raise Unacceptable(Fault.BROKEN)
    if width * height > _PIXELS_PNG:
        raise Unacceptable(Fault.SWELLS)
    bits = _SAMPLES[colour] * depth
    passes = _PASSES if interlaced else ((0, 1, 0, 1),)
    total = 0
    for left, apart, top, below in passes:
        columns, rows = -(-(width - left) // apart), -(-(height - top) // below)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total


class _Pixels:
    """The packed pixels, unpacked only to be counted."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj()
        self._number = 0

    def take(self, packed: bytes, wanted: int) -> None:
        """Raises Unacceptable when there are more than wanted."""
        try:
            while packed and not self._unpack.eof:
                self._number += len(self._unpack.decompress(packed, _PIECE))
                packed = self._unpack.unconsumed_tail
                if self._number > wanted:
                    raise Unacceptable(Fault.BROKEN)
        except zlib.error:
            raise Unacceptable(Fault.BROKEN) from None
        if packed or self._unpack.unused_data:
            raise Unacceptable(Fault.HIDDEN)

    def complete(self, wanted: int) -> bool:
        return self._unpack.eof and self._number == wanted
