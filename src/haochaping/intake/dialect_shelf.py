"""The dialects that this process has read, by their ids: an edition never changes, so each is read once."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from haochaping.accounts.fragments import SELECT_DIALECT
from haochaping.intake.dialect_files import read
from haochaping.intake.dialects import Dialect
from haochaping.policy.tags import Tags

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# More are forgotten and read again: one edition may hold long code lists.
_KEPT: Final = 1_000


class DialectShelf:
    """Editions of dialects, read when they are asked for."""

    def __init__(self) -> None:
        self._read: dict[UUID, Dialect] = {}

    async def edition(self, connection: "Connection", dialect_id: UUID | None) -> Dialect | None:
        """The edition of this id; None for None. Raises LookupError for an id that is not there, and Invalid for a
        text that cannot be read: it was read when it was set, so something is broken."""
        if dialect_id is None:
            return None
        if (known := self._read.get(dialect_id)) is not None:
            return known
        text = await connection.fetchval(SELECT_DIALECT, dialect_id)
        if text is None:
            raise LookupError("there is no such edition of a dialect")
        if len(self._read) >= _KEPT:
            self._read.clear()
        made = self._read[dialect_id] = read(text, tags=Tags.load(), dialect_id=dialect_id)
        return made
