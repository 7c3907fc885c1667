"""A server that is frozen, not away: nobody waits longer than his time, and nothing is kept waiting for it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from haochaping.intake.asking import asking
from tests.occasions import database_address


@pytest.fixture
async def pool(committed_db: None) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    async with asyncpg.create_pool(database_address(), min_size=1, max_size=2) as opened:
        yield opened


async def test_a_question_is_answered_and_the_connection_kept(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    processes = set()
    for _ in range(3):
        async with asking(pool, seconds=5) as connection:
            processes.add(await connection.fetchval("SELECT pg_backend_pid()"))
    assert len(processes) == 1


async def test_a_frozen_server_is_left_behind_in_time(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    async with asking(pool, seconds=5) as connection:
        process = await connection.fetchval("SELECT pg_backend_pid()")
    os.kill(process, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asking(pool, seconds=0.3) as connection:
                await connection.fetchval("SELECT 1")
        assert time.monotonic() - begun < 5  # it hung for ever before
        async with asking(pool, seconds=5) as connection:
            assert await connection.fetchval("SELECT pg_backend_pid()") != process
    finally:
        os.kill(process, signal.SIGCONT)


async def test_whoever_gives_up_leaves_no_connection_behind(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    async def ask() -> None:
        async with asking(pool, seconds=30) as connection:
            await connection.fetchval("SELECT pg_sleep(30)")

    for _ in range(4):
        task = asyncio.create_task(ask())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with asking(pool, seconds=5) as connection:
        assert await connection.fetchval("SELECT 1") == 1
