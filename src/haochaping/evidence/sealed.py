"""What is written about evidence, as it is kept: sealed, bound to its row and column. Names of files name people."""

from uuid import UUID

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal

_PURPOSE = "evidence words"


def sealed_words(words: str, *, row: UUID, column: str) -> bytes | None:
    """For a column of a file's row; None for none."""
    return seal(key_for(_PURPOSE), words.encode(), _place(row, column)) if words else None


def opened_words(sealed: bytes | memoryview | None, *, row: UUID, column: str) -> str:
    """What `sealed_words` closed, "" for none. Raises SealBroken when it was altered, or is another row's or column's."""
    return unseal(key_for(_PURPOSE), bytes(sealed), _place(row, column)).decode() if sealed else ""


def _place(row: UUID, column: str) -> bytes:
    return b"evidence_file." + column.encode() + b":" + row.bytes
