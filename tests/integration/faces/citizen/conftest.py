"""The system that the citizen meets: real database, registry and writer; only the socket is left out."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

import haochaping.simulation as simulation
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.services import Services
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys
from haochaping.registry.operations import import_registry
from tests.integration.faces.citizen.person import Citizen
from tests.occasions import database_address

KUNMING = Path(simulation.__path__[0]) / "cities" / "kunming"


@pytest.fixture
def kunming(committed_db: None, now: datetime) -> None:
    import_registry(directory=KUNMING, now=now, actor="test")


@pytest.fixture
async def citizen(kunming: None, now: datetime) -> AsyncIterator[Citizen]:
    dsn = database_address()
    async with asyncpg.create_pool(dsn, min_size=1, max_size=3) as pool, pool.acquire() as database:
        directory = DirectoryKeeper()
        await directory.refresh(database)
        writer = Writer(dsn, keys=receipt_keys(), now=lambda: now)
        services = Services(
            pool=pool,
            writer=writer,
            directory=directory,
            vault=None,  # type: ignore[arg-type]  # no page of the citizen reads names
            rules=RulesKeeper(),
            tags=Tags.load(),
            base_url="http://127.0.0.1:8000",
            now=lambda: now,
        )
        yield Citizen(services, now, database)  # type: ignore[arg-type]
        await writer.close()
