"""Kunming's registry and a business system that reports to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import IssuedKey, create_client
from haochaping.foundation.clock import now as clock_now
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import keeper
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys
from haochaping.registry.operations import import_registry
from tests.integration.faces.citizen.person import Citizen
from tests.integration.intake.town import Town, write_rules
from tests.integration.intake.writing import KEYS
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY, Sender, services

# After the last reception for which the sample's verdicts hold.
RECEPTION = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
async def pool(committed_db: None) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    async with asyncpg.create_pool(database_address(), min_size=1, max_size=4) as made:
        yield made


@pytest.fixture
async def sender(pool: "asyncpg.Pool[asyncpg.Record]") -> Sender:
    """A client with all rights; `sender.now[0]` is the clock."""
    now = [RECEPTION]
    issued = await sync_to_async(_prepared)()
    return Sender(issued, await services(pool, lambda: now[0]), now)


@pytest.fixture
async def make_town(
    pool: "asyncpg.Pool[asyncpg.Record]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[str], Awaitable[Town]]]:
    """Makes a city of Kunming's registry under rules that the test lays down on top of Kunming's."""
    made: list[Writer | asyncpg.Connection] = []

    async def make(rules: str) -> Town:
        write_rules(tmp_path, rules)
        monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
        Rulebook.load()  # raises where the services would go on with the last good rules
        now = [RECEPTION]
        issued = await sync_to_async(_prepared)()
        writer = Writer(database_address(), keys=receipt_keys(), now=lambda: now[0])
        database = await asyncpg.connect(database_address())
        made.extend((writer, database))
        whole = replace(await services(pool, lambda: now[0]), writer=writer, tags=Tags.load())
        return Town(Sender(issued, whole, now), Citizen(whole, RECEPTION, database), tmp_path)

    yield make
    for each in made:
        await each.close()
    monkeypatch.undo()
    keeper().look()  # the rules of the other tests again, in this process


def _prepared() -> IssuedKey:
    try:
        import_registry(directory=REGISTRY, now=RECEPTION, actor="test")
        return create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=RECEPTION)
    finally:
        connection.close()  # this thread's own


@pytest.fixture
async def database(committed_db: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_address())
    yield connection
    await connection.close()


@pytest.fixture
async def writer(committed_db: None) -> AsyncIterator[Writer]:
    made = Writer(database_address(), keys=KEYS, now=clock_now)
    yield made
    await made.close()
