"""The dialects that this process has read, by their ids: an edition never changes, so each is read once."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from haochaping.accounts.fragments import SELECT_DIALECT
from haochaping.foundation.errors import Invalid
from haochaping.intake.dialect_files import read
from haochaping.intake.dialects import Dialect
from haochaping.policy.tags import Tags

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# More are forgotten and read again: one edition may hold long code lists.
_KEPT: Final = 1_000


class DialectBroken(Exception):
    """A stored edition cannot be read any more: nothing is judged by guesswork, the call fails as an error of ours."""


class DialectShelf:
    """Editions of dialects, read when they are asked for."""

    def __init__(self) -> None:
        self._read: dict[UUID, Dialect] = {}

    async def edition(self, connection: "Connection", dialect_id: UUID | None) -> Dialect | None:
        """The edition of this id; None for None. Raises DialectBroken: it was read when it was set, so the sender is not to
        blame."""
        if dialect_id is None:
            return None
        if (known := self._read.get(dialect_id)) is not None:
            return known
        text = await connection.fetchval(SELECT_DIALECT, dialect_id)
        try:
            made = read(text or "", tags=Tags.load(), dialect_id=dialect_id)
        except Invalid:
            raise DialectBroken from None
        if len(self._read) >= _KEPT:
            self._read.clear()
        self._read[dialect_id] = made
        return made
