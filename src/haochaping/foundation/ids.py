"""Identifiers. UUIDv7 (RFC 9562, 5.7) made here and nowhere else: PostgreSQL 15 has no function for it."""

import os
import uuid
from datetime import UTC, datetime, timedelta

_MILLISECOND_BITS = 48
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Bytes of entropy an identifier takes, and for how many it is drawn at once.
_TAIL = 10
_DRAWN = 256
_LAST_62 = (1 << 62) - 1


def new_id(now: datetime, entropy: bytes | None = None) -> uuid.UUID:
    """A UUIDv7 whose leading 48 bits are `now` in Unix milliseconds; the other 74 are random.

    `entropy` (10 bytes) makes it reproducible, for simulations with a seed. Raises ValueError when `now` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("an id needs an aware instant")
    milliseconds = (now - _EPOCH) // _MILLISECOND
    tail = int.from_bytes(entropy if entropy is not None else os.urandom(10), "big")
    random_a = (tail >> 62) & 0xFFF
    random_b = tail & _LAST_62
    value = (
        (milliseconds & ((1 << _MILLISECOND_BITS) - 1)) << 80
        | 0x7 << 76
        | random_a << 64
        | 0b10 << 62
        | random_b
    )
    return uuid.UUID(int=value)


class Ids:
    """Many identifiers of one instant: as `new_id` makes them, at a third of the cost."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("an id needs an aware instant")
        milliseconds = (now - _EPOCH) // _MILLISECOND
        self._head = (milliseconds & ((1 << _MILLISECOND_BITS) - 1)) << 80 | 0x7 << 76 | 0b10 << 62
        self._entropy = b""
        self._at = 0

    def __call__(self) -> uuid.UUID:
        """The next one."""
        if self._at >= len(self._entropy):
            self._entropy, self._at = os.urandom(_DRAWN * _TAIL), 0
        tail = int.from_bytes(self._entropy[self._at : self._at + _TAIL])
        self._at += _TAIL
        return uuid.UUID(int=self._head | (tail >> 62 & 0xFFF) << 64 | tail & _LAST_62)


def random_id() -> uuid.UUID:
    """A UUIDv4: for what must not tell when it was made (work orders)."""
    return uuid.uuid4()
