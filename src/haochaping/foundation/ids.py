"""Identifiers. UUIDv7 (RFC 9562, 5.7) made here and nowhere else: PostgreSQL 15 has no function for it."""

import os
import uuid
from datetime import UTC, datetime, timedelta

_MILLISECOND_BITS = 48
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id(now: datetime, entropy: bytes | None = None) -> uuid.UUID:
    """A UUIDv7 whose leading 48 bits are `now` in Unix milliseconds; the other 74 are random.

    `entropy` (10 bytes) makes it reproducible, for simulations with a seed. Raises ValueError when `now` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("an id needs an aware instant")
    milliseconds = (now - _EPOCH) // _MILLISECOND
    tail = int.from_bytes(entropy if entropy is not None else os.urandom(10), "big")
    random_a = (tail >> 62) & 0xFFF
    random_b = tail & ((1 << 62) - 1)
    value = (
        (milliseconds & ((1 << _MILLISECOND_BITS) - 1)) << 80
        | 0x7 << 76
        | random_a << 64
        | 0b10 << 62
        | random_b
    )
    return uuid.UUID(int=value)


def random_id() -> uuid.UUID:
    """A UUIDv4: for what must not tell when it was made (work orders)."""
    return uuid.uuid4()
