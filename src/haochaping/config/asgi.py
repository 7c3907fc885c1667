"""The door's process, without Django: `uvicorn haochaping.config.asgi:application`.

From the environment: DATABASE_URL, HAOCHAPING_DATA or HAOCHAPING_MASTER_KEY (keys), HAOCHAPING_BASE_URL,
HAOCHAPING_WEB_SOCKET (Django's Unix socket; without it only the door's own routes answer) and
HAOCHAPING_PROXIES (networks of proxies that may say for whom they call).
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from haochaping.faces.citizen.routes import ROUTES as CITIZEN
from haochaping.foundation import clock
from haochaping.foundation.keys import root_secret
from haochaping.identity.vault import Vault
from haochaping.intake.addresses import Proxies
from haochaping.intake.api import ROUTES as API
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.door import Door
from haochaping.intake.http import Route
from haochaping.intake.relay import Relay
from haochaping.intake.services import Services
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import EVERY, RulesKeeper
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys

ROUTES: Final[tuple[Route, ...]] = (*CITIZEN, *API)
_POOL: Final = 10
_STATEMENT_SECONDS: Final = 60
# A report that was answered is stored, whatever the server's default is.
_POOL_SETTINGS: Final = {"application_name": "haochaping door", "jit": "off", "synchronous_commit": "on"}


class SettingMissing(Exception):
    """A setting without which the door cannot start."""


@asynccontextmanager
async def services(dsn: str, base_url: str, rules: RulesKeeper, tags: Tags) -> AsyncIterator[Services]:
    """Everything that handlers work with; on leaving, ratings that still wait are stored. Raises what asyncpg
    raises when the database is away or empty."""
    async with asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=_POOL,
        command_timeout=_STATEMENT_SECONDS,
        server_settings=_POOL_SETTINGS,
    ) as pool:
        directory, vault = DirectoryKeeper(), Vault()
        async with pool.acquire() as connection:
            await directory.refresh(connection)
            await vault.prepare(connection, clock.now())
        writer = Writer(dsn, keys=receipt_keys(), now=clock.now)
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
            )
        finally:
            await writer.close()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _watch(rules: RulesKeeper) -> None:
    """Looks for changed rules for ever: a background task. In a thread: reading them takes a tenth of a second."""
    while True:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(rules.look)


def build(environment: Mapping[str, str]) -> Door:
    """The door of this environment. Raises SettingMissing, KeyMissing, RulesError, ValueError for a proxy
    that is no network: what no waiting will mend stops the start."""
    dsn = environment.get("DATABASE_URL", "")
    if not dsn:
        raise SettingMissing(
            "DATABASE_URL is not set: the door needs its database; start with ./haochaping up"
        )
    root_secret()
    rules, tags = RulesKeeper(), Tags.load()
    base_url = environment.get("HAOCHAPING_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    socket = environment.get("HAOCHAPING_WEB_SOCKET", "")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Paths carry rating tokens: whatever the server was told, it writes no access log.
    logging.getLogger("uvicorn.access").disabled = True
    return Door(
        ROUTES,
        lambda: services(dsn, base_url, rules, tags),
        Relay(socket) if socket else None,
        now=clock.now,
        proxies=Proxies(environment.get("HAOCHAPING_PROXIES", "")),
    )


application = build(os.environ)
