"""Numbers of ratings in the frame of a sample. Pure.

A rating has no public number, and its own id leads to the printed token: so each sample numbers its frame anew, by a key of
ours. Whoever has the numbers can draw again (`drawing`) and learns of no rating whose it is, nor which numbers of two
samples are the same rating's; whoever has the key can hold them against the ratings.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Final
from uuid import UUID

from haochaping.foundation import base32
from haochaping.oversight.drawing import Frame

# 80 bits: of 14 million ratings two have the same with a chance of one to ten thousand millions.
SIZE: Final = 10
_HEAD: Final = "haochaping frame 1"


def numbered(key: bytes, of: Frame) -> Callable[[UUID], bytes]:
    """How the ratings of a frame are numbered: HMAC-SHA256 of its rule, scope, first day and the rating's id, the first ten
    bytes."""
    head = "\n".join((_HEAD, of.rule, of.scope, of.first_day.isoformat(), "")).encode()

    def number(rating_id: UUID) -> bytes:
        return hmac.digest(key, head + rating_id.bytes, "sha256")[:SIZE]

    return number


def told(number: bytes) -> str:
    """As people read it: 16 characters, in the order of the bytes."""
    return base32.encode(number)


class Numbers:
    """Many numbers in ascending order, each once, at ten bytes each: those of a city's month are 140 MB, and no list of
    millions of texts."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        """Of numbers, or of whole runs of them, in any order."""
        heaps = [bytearray() for _ in range(256)]
        for part in parts:
            for each in cut(part):
                heaps[each[0]] += each
        self._heaps = [b"".join(sorted(set(cut(bytes(heap))))) for heap in heaps]

    def __len__(self) -> int:
        return sum(map(len, self._heaps)) // SIZE

    def __iter__(self) -> Iterator[bytes]:
        for heap in self._heaps:
            yield from cut(heap)

    def texts(self) -> Iterator[str]:
        """As people read them."""
        return map(told, self)

    def packed(self) -> bytes:
        """One after the other."""
        return b"".join(self._heaps)

    def digest(self) -> str:
        """As `Frame.digest`: SHA-256 of the texts, joined by line feeds."""
        found, between = sha256(), b""
        for text in self.texts():
            found.update(between + text.encode())
            between = b"\n"
        return found.hexdigest()


def cut(packed: bytes) -> Iterator[bytes]:
    """The numbers of a run of them. Raises ValueError for what is none."""
    if len(packed) % SIZE:
        raise ValueError("not numbers of ten bytes")
    return (packed[at : at + SIZE] for at in range(0, len(packed), SIZE))
