"""Questions about occasions, asked together: each gets its own answer, and nobody waits for a frozen server."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest

from haochaping.intake import lookups as module
from haochaping.intake.lookups import Lookups, NotAnswered
from tests.occasions import add_occasion, database_address

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
async def pool(committed_db: None) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    async with asyncpg.create_pool(database_address(), min_size=1, max_size=1) as opened:
        yield opened


async def test_each_question_of_a_crowd_gets_its_own_answer(
    pool: "asyncpg.Pool[asyncpg.Record]", database: asyncpg.Connection, now: datetime
) -> None:
    """Of one occasion at two instants, of others, of none at all; and whoever goes away takes no answer from the rest."""
    occasions = [await add_occasion(database, now, due_at=now + timedelta(hours=n)) for n in range(6)]
    crowd = Lookups(pool)
    asked = [(each, now + timedelta(hours=hours)) for each in [*occasions, uuid.uuid4()] for hours in (0, 3)]
    waiting = [asyncio.create_task(crowd.occasion(*each)) for each in asked * 100]
    await asyncio.sleep(0)
    waiting[5].cancel()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    for place, ((occasion, at), answer) in enumerate(zip(asked * 100, answers, strict=True)):
        if place == 5:
            assert isinstance(answer, asyncio.CancelledError)
        elif occasion not in occasions:
            assert answer is None
        else:
            assert isinstance(answer, asyncpg.Record)
            assert answer["id"] == occasion
            assert answer["is_open"] is (at < now + timedelta(hours=occasions.index(occasion)))


async def test_a_crowd_before_a_frozen_server_is_told_together_and_then_it_works_again(
    pool: "asyncpg.Pool[asyncpg.Record]",
    database: asyncpg.Connection,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    occasion = await add_occasion(database, now)
    crowd = Lookups(pool)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(module, "_MOST_WAITING", 20)
    process = await pool.fetchval("SELECT pg_backend_pid()")
    os.kill(process, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        first = asyncio.create_task(crowd.occasion(occasion, now))
        await asyncio.sleep(0.1)
        later = [asyncio.create_task(crowd.occasion(occasion, now)) for _ in range(30)]
        told = await asyncio.gather(first, *later, return_exceptions=True)
        assert [type(each) for each in told] == [NotAnswered] * 31
        assert time.monotonic() - begun < 5
    finally:
        os.kill(process, signal.SIGCONT)
    answer = await crowd.occasion(occasion, now)
    assert answer is not None
    assert answer["is_open"]
