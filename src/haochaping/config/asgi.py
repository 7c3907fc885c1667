"""The door's process, without Django: `uvicorn haochaping.config.asgi:application`.

From the environment: DATABASE_URL, HAOCHAPING_DATA or HAOCHAPING_MASTER_KEY (keys), HAOCHAPING_BASE_URL,
HAOCHAPING_WEB_SOCKET (Django's Unix socket; without it only the door's own routes answer),
HAOCHAPING_PROXIES (networks of proxies that may say for whom they call), HAOCHAPING_ADDRESS_LIMIT and
HAOCHAPING_TOKEN_LIMIT (how often somebody may come, `intake.visitors`), HAOCHAPING_DOOR_PATIENCE (seconds).
"""

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import asyncpg

from haochaping.config import logs
from haochaping.config.services import services
from haochaping.faces.citizen.routes import ROUTES as CITIZEN
from haochaping.foundation import clock
from haochaping.foundation.bearer import metrics_token
from haochaping.foundation.keys import root_secret
from haochaping.intake.addresses import Proxies
from haochaping.intake.api import ROUTES as API
from haochaping.intake.bounds import Bounds
from haochaping.intake.collector import spare_the_collector
from haochaping.intake.door import Door
from haochaping.intake.http import Route
from haochaping.intake.metrics_page import ROUTES as METRICS
from haochaping.intake.processes import Processes
from haochaping.intake.relay import Relay
from haochaping.intake.services import Services
from haochaping.intake.visitors import Visitors
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.tags import Tags
from haochaping.starter.durability import FORGETFUL, NotDurable

_ASKING_SECONDS: Final = 5
# Failed tasks leave a circle now and then. Thousands of requests under way are fewer objects than that.
_OBJECTS: Final = 50_000

ROUTES: Final[tuple[Route, ...]] = (*CITIZEN, *API, *METRICS)


class SettingMissing(Exception):
    """A setting without which the door cannot start."""


def build(environment: Mapping[str, str]) -> Door:
    """The door of this environment. Raises SettingMissing, KeyMissing, RulesError, ValueError for a proxy that is no
    network, a limit or number that is none or a short token of metrics: what no waiting will mend stops the start."""
    dsn = environment.get("DATABASE_URL", "")
    if not dsn:
        raise SettingMissing(
            "DATABASE_URL is not set: the door needs its database; start with ./haochaping up"
        )
    root_secret()
    metrics_token(environment)
    rules, tags = RulesKeeper(), Tags.load()
    base_url = environment.get("HAOCHAPING_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    socket = environment.get("HAOCHAPING_WEB_SOCKET", "")
    logs.set_up(environment)
    # Paths carry rating tokens: whatever the server was told, it writes no access log.
    logging.getLogger("uvicorn.access").disabled = True
    return Door(
        ROUTES,
        lambda: _durable(dsn, services(dsn, base_url, rules, tags, processes=Processes(environment))),
        Relay(socket) if socket else None,
        now=clock.now,
        bounds=Bounds(
            proxies=Proxies(environment.get("HAOCHAPING_PROXIES", "")),
            visitors=Visitors.of(environment),
            patience=int(environment.get("HAOCHAPING_DOOR_PATIENCE") or 0),
        ),
    )


@asynccontextmanager
async def _durable(dsn: str, opened: AbstractAsyncContextManager[Services]) -> AsyncIterator[Services]:
    """The services on a database that keeps what it confirms. Raises NotDurable, and what asyncpg raises."""
    connection = await asyncpg.connect(dsn, timeout=_ASKING_SECONDS)
    try:
        off = [row["name"] for row in await connection.fetch(FORGETFUL, timeout=_ASKING_SECONDS)]
    finally:
        connection.terminate()
    if off:
        raise NotDurable(off)
    async with opened as given:
        spare_the_collector(_OBJECTS)
        yield given


application = build(os.environ)
