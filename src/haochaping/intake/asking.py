"""Short questions to the database, answered in time or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy


@asynccontextmanager
async def asking(
    pool: "asyncpg.Pool[asyncpg.Record]", *, seconds: float
) -> "AsyncIterator[PoolConnectionProxy[asyncpg.Record]]":
    """A connection of the pool for `seconds`. Raises TimeoutError when none is had, or no answer, in time.

    A connection that gave no answer is thrown away: giving it back would mean to wait until the server has confirmed
    that it stopped working on the question, which a frozen server never does.
    """
    async with asyncio.timeout(seconds):
        connection = await pool.acquire()
    try:
        async with asyncio.timeout(seconds):
            yield connection
    except (TimeoutError, asyncio.CancelledError):
        connection.terminate()
        raise
    finally:
        await pool.release(connection)
