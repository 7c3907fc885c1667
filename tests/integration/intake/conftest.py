"""Kunming's registry and a business system that reports to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import create_client
from haochaping.registry.operations import import_registry
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

    def prepare() -> Any:
        try:
            import_registry(directory=REGISTRY, now=RECEPTION, actor="test")
            return create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=RECEPTION)
        finally:
            connection.close()  # this thread's own

    issued = await sync_to_async(prepare)()
    return Sender(issued, await services(pool, lambda: now[0]), now)
