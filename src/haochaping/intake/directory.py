"""Keeps the door's copy of the registry fresh: every second one number is asked, the rest if it moved."""

import asyncio
import logging
from typing import TYPE_CHECKING

import asyncpg

from haochaping.registry import fragments
from haochaping.registry.directory import Directory

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

_log = logging.getLogger(__name__)


class DirectoryNotRead(Exception):
    """Nothing has been read yet: `refresh` comes before the first request."""


class DirectoryKeeper:
    """Holds one Directory and replaces it whole; a request keeps the one that it took."""

    def __init__(self) -> None:
        self._directory: Directory | None = None

    def current(self) -> Directory:
        """The last edition that was read. Never waits. Raises DirectoryNotRead."""
        if self._directory is None:
            raise DirectoryNotRead("the registry has not been read")
        return self._directory

    async def refresh(self, connection: "Connection") -> bool:
        """Reads the registry again when its edition has changed; True when it did.

        `connection` is in no transaction: all tables are read in one snapshot, so that they agree with the
        edition. Raises what asyncpg raises; the old copy then stays.
        """
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            edition = await connection.fetchval(fragments.EDITION) or 0
            if self._directory is not None and self._directory.edition == edition:
                return False
            rows = {
                name: await connection.fetch(statement) for name, statement in fragments.DIRECTORY.items()
            }
        # In a thread: sorting a province's registry takes long enough to hold up this process's requests.
        self._directory = await asyncio.to_thread(Directory, edition=edition, **rows)
        return True

    async def watch(self, pool: "asyncpg.Pool[asyncpg.Record]", *, every: float = 1.0) -> None:
        """Refreshes for ever, `every` so many seconds: a background task. It outlives a lost database."""
        while True:
            await asyncio.sleep(every)
            try:
                async with pool.acquire() as connection:
                    await self.refresh(connection)
            except Exception as error:
                # Whatever it is: a watch that ended would leave this process with an old registry for ever, and a
                # connection cut at the wrong moment raises what is in none of asyncpg's families.
                _log.warning("the registry was not read again: %s", type(error).__name__)
