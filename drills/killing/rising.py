"""After a kill: everything is started again, as whoever looks after it does, and the database comes to rest."""

import asyncio
import time
from contextlib import suppress

import asyncpg

from haochaping.cli import port
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.stage import HOST, Stage
from haochaping.starter.progress import Say

READY_LIMIT = 60.0
# Who is in the middle of something, besides us.
OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""


def rise(set_up: Stage, say: Say) -> float:
    """Starts what is dead until all is ready; the seconds that it took. Raises CouldNotRun."""
    begin = time.monotonic()
    while True:
        if set_up.cluster and set_up.cluster.child and set_up.cluster.child.ended() is not None:
            set_up.restart_database(say)
        if any(child.ended() is not None for child in set_up.children):
            set_up.stop()
            set_up.start_door()
        if port.answers(HOST, set_up.port, "/readyz"):
            return time.monotonic() - begin
        if time.monotonic() > begin + READY_LIMIT:
            raise CouldNotRun("the door did not become ready again")
        time.sleep(0.05)


async def quiet(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection, at a moment at which nobody else is in the middle of anything: what a dead door had begun is undone by
    the database when it notices. Raises CouldNotRun."""
    limit = time.monotonic() + READY_LIMIT
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(dsn)
            if await connection.fetchval(OTHERS) == 0:
                return connection
            await connection.close()
        if time.monotonic() > limit:
            raise CouldNotRun("the database does not come to rest")
        await asyncio.sleep(0.02)
