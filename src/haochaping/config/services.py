"""What handlers work with, put together from an address of the database and the rules: for the door, for its bulk
processes, and for commands that bring something in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

import asyncpg

from haochaping.foundation import clock
from haochaping.identity.vault import Vault
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.metrics import DoorMetrics
from haochaping.intake.processes import Processes
from haochaping.intake.services import Services
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import EVERY, RulesKeeper
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys

_POOL: Final = 10
_STATEMENT_SECONDS: Final = 60
# A report that was answered is stored, whatever the server's default is.
_POOL_SETTINGS: Final = {"application_name": "haochaping door", "jit": "off", "synchronous_commit": "on"}

if TYPE_CHECKING:
    _Connection = asyncpg.Connection[asyncpg.Record]
else:
    _Connection = asyncpg.Connection


class _Unaltered(_Connection):
    """A connection of the pool that goes back as it came: nothing here sets, locks, listens or opens a cursor beyond its
    transaction. To undo all that after every question cost a round trip and 80 µs of the two processors."""

    def get_reset_query(self) -> str:
        """Nothing; a transaction that was left open is rolled back all the same."""
        return ""


@asynccontextmanager
async def services(
    dsn: str, base_url: str, rules: RulesKeeper, tags: Tags, *, processes: Processes | None = None
) -> AsyncIterator[Services]:
    """Everything that handlers work with; on leaving, calls that are worked on are answered and ratings that still wait
    are stored. Raises what asyncpg raises when the database is away or empty."""
    async with asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=_POOL,
        command_timeout=_STATEMENT_SECONDS,
        connection_class=_Unaltered,
        server_settings=_POOL_SETTINGS,
    ) as pool:
        directory, vault = DirectoryKeeper(), Vault()
        async with pool.acquire() as connection:
            await directory.refresh(connection)
            await vault.prepare(connection, clock.now())
        metrics = DoorMetrics()
        writer = Writer(dsn, keys=receipt_keys(), now=clock.now, metrics=metrics)
        watching = asyncio.gather(directory.watch(pool), _watch(rules))
        try:
            yield Services(
                pool=pool,
                writer=writer,
                directory=directory,
                vault=vault,
                rules=rules,
                tags=tags,
                base_url=base_url,
                now=clock.now,
                processes=processes,
                metrics=metrics,
            )
        finally:
            if processes is not None:
                await processes.close()
            await writer.close()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _watch(rules: RulesKeeper) -> None:
    """Looks for changed rules for ever: a background task. In a thread: reading them takes a tenth of a second."""
    while True:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(rules.look)
