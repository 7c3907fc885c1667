"""A city without `up`: the door with the citizen's pages, and the console, on ports of their own in this process, under
rules and at a time that the test sets. Where the browser is driven, Django speaks to no database: it does so in threads."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import uvicorn
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection
from django.test import Client
from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

import haochaping.simulation as simulation
from haochaping.accounts.models import Official
from haochaping.config.wsgi import application
from haochaping.faces.citizen.routes import ROUTES
from haochaping.foundation import clock as clocks
from haochaping.foundation.clock import now as clock
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.door import Door
from haochaping.intake.services import Services
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import RulesKeeper, keeper, one_edition
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys
from haochaping.rectification.operations import open_orders
from haochaping.registry.operations import import_registry
from tests.conftest import empty_database
from tests.integration.faces.citizen.person import Citizen
from tests.journeys.city import free_port
from tests.occasions import database_address
from tests.orders import NAME, put_person
from tests.orders import PHONE as TELEPHONE

DECIDED = Path(__file__).parents[1] / "data" / "afterwards"
KUNMING = Path(simulation.__path__[0]) / "cities" / "kunming"


@dataclass(frozen=True)
class Served:
    """The door's address and the console's, and a way to do something in a thread of its own, by the rules in force."""

    url: str
    console: str
    elsewhere: Callable[..., Any]

    def link(self) -> str:
        """The link of a fresh occasion whose applicant is known."""

        async def fresh() -> str:
            async with services() as found, found.pool.acquire() as database:
                citizen = Citizen(found, clock(), database)  # type: ignore[arg-type]
                occasion = await citizen.occasion()
                await database.execute(
                    """INSERT INTO cases_case (id, platform, project_no, status, accepted_at)
                    SELECT case_id, 'p', case_id::text, 3, $2 FROM cases_serviceoccasion WHERE id = $1""",
                    occasion,
                    clock(),
                )
                self.elsewhere(put_person, occasion, clock(), name=NAME, phone=TELEPHONE)
                return citizen.link(occasion)

        return self.url + str(self.elsewhere(lambda: asyncio.run(fresh())))

    def work(self) -> None:
        """The worker's turn: orders are opened, and follow what their raters said."""
        self.elsewhere(lambda: open_orders(now=clock(), limit=100))

    def sign_in(self, page: Page, official: UUID) -> None:
        """As whoever has just signed in at the console; where he was signed in before, he is no longer."""

        def session() -> str:
            client = Client()
            client.force_login(Official.objects.get(id=official))
            return client.cookies[settings.SESSION_COOKIE_NAME].value

        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": self.elsewhere(session),
            "url": self.console,
        }
        page.context.add_cookies([cookie])  # type: ignore[list-item]


@asynccontextmanager
async def services() -> AsyncIterator[Services]:
    dsn = database_address()
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
        directory = DirectoryKeeper()
        async with pool.acquire() as database:
            await directory.refresh(database)
        writer = Writer(dsn, keys=receipt_keys(), now=clock)
        yield Services(
            pool=pool,
            writer=writer,
            directory=directory,
            vault=None,  # type: ignore[arg-type]  # no page of the citizen reads names
            rules=RulesKeeper(),
            tags=Tags.load(),
            base_url="http://127.0.0.1:8000",
            now=clock,
        )
        await writer.close()


@contextmanager
def serving(blocker: DjangoDbBlocker, patch: pytest.MonkeyPatch) -> Iterator[Served]:
    """As `committed_db` does, in threads."""
    keeper()  # made before: what the process itself judges by stays as it is for the tests that follow
    patch.setenv("HAOCHAPING_RULES_DIR", str(DECIDED))
    with blocker.unblock(), ThreadPoolExecutor(4) as threads:

        def elsewhere(call: Callable[..., Any], *values: Any, **named: Any) -> Any:
            def run() -> Any:
                try:
                    with one_edition(every=0):
                        return call(*values, **named)
                finally:
                    connection.close()

            return threads.submit(run).result()

        elsewhere(import_registry, directory=KUNMING, now=clock(), actor="test")
        try:
            with _door() as url, _console() as console:
                yield Served(url, console, elsewhere)
        finally:
            elsewhere(empty_database)
            patch.undo()
            keeper().look()


@contextmanager
def _door() -> Iterator[str]:
    port, door = free_port(), Door(ROUTES, services, now=clock)
    server = uvicorn.Server(uvicorn.Config(door, port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait_for(lambda: server.started and door._services is not None)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *values: object) -> None:  # noqa: A002  (its own name)
        """The log of the application says what there is to say."""


@contextmanager
def _console() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent)
    server.daemon_threads = False  # they are waited for: no connection is left behind
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _wait_for(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 120
    while not true():
        assert time.monotonic() < by
        time.sleep(0.05)


def set_clock(patch: pytest.MonkeyPatch, at: datetime) -> None:
    """It is this instant now, for everybody in this process."""
    patch.setattr(clocks, "_SHIFT", at - datetime.now(UTC))
