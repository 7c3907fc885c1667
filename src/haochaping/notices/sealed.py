"""Addresses of officials as they are kept: sealed, bound to their row and column."""

from uuid import UUID

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal

_PURPOSE = "notice address"


def sealed_address(address: str, *, official_id: UUID, column: str) -> bytes | None:
    """For the column `email` or `phone` of an official's row; None for none."""
    return seal(key_for(_PURPOSE), address.encode(), _place(official_id, column)) if address else None


def opened_address(sealed: bytes | memoryview | None, *, official_id: UUID, column: str) -> str:
    """What `sealed_address` closed, "" for none. Raises SealBroken when it was altered, or is another row's or column's."""
    if not sealed:
        return ""
    return unseal(key_for(_PURPOSE), bytes(sealed), _place(official_id, column)).decode()


def _place(official_id: UUID, column: str) -> bytes:
    return b"notices_preference." + column.encode() + b":" + official_id.bytes
