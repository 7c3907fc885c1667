"""The writer when rows, connections, the database or its own task fail: nothing told before the commit, nothing lost."""

import asyncio
import uuid
from contextlib import suppress
from datetime import datetime

import asyncpg
import pytest
from msgspec.structs import replace

from haochaping.foundation.clock import now as clock_now
from haochaping.intake.writer import DatabaseAway, Kind, Limits, QueueFull, RowRefused, Writer
from tests.integration.intake.writing import KEYS, deltas, submission
from tests.occasions import add_occasion, database_address

pytestmark = pytest.mark.usefixtures("committed_db")


async def test_one_row_that_the_database_refuses_does_not_harm_the_others(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(50)]
    given = [submission(each, now) for each in occasions]
    given = [replace(each, profile="\x00") if n in (7, 31) else each for n, each in enumerate(given)]

    outcomes = await asyncio.gather(*map(writer.submit, given), return_exceptions=True)

    refused = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, RowRefused)]
    assert refused == [7, 31]
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == 48
    assert await database.fetchval("SELECT count(*) FROM cases_waiting") == 2


async def test_a_lost_connection_is_made_again_and_nobody_notices(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(400)]
    ended = 0

    async def disturb() -> None:
        nonlocal ended
        for _ in range(10):
            await asyncio.sleep(0.01)
            ended += await database.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'haochaping writer' AND datname = current_database()"
            )

    async def rate() -> list[Kind]:
        kinds = []
        for start in range(0, len(occasions), 4):
            part = occasions[start : start + 4]
            kinds += [
                o.kind for o in await asyncio.gather(*(writer.submit(submission(e, now)) for e in part))
            ]
        return kinds

    kinds, _ = await asyncio.gather(rate(), disturb())

    # SAME where the answer to a commit was lost with the connection.
    assert set(kinds) <= {Kind.CREATED, Kind.SAME}
    assert ended > 0, "no connection was lost"
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == 400
    assert (await deltas(database))["n5"] == 400


async def test_without_a_database_nobody_is_told_that_it_was_stored(now: datetime) -> None:
    limits = Limits(reconnect=0.2, answer=2.0)
    lonely = Writer("postgresql://nobody@127.0.0.1:1/none", keys=KEYS, now=clock_now, limits=limits)
    with pytest.raises(DatabaseAway):
        await lonely.submit(submission(uuid.uuid4(), now))
    await lonely.close()


async def test_a_database_that_does_not_answer_is_not_waited_for_without_end(
    database: asyncpg.Connection, now: datetime
) -> None:
    said = submission(await add_occasion(database, now), now)
    limits = Limits(answer=0.3, statement=0.2, reconnect=0.2)
    impatient = Writer(database_address(), keys=KEYS, now=clock_now, limits=limits)
    async with database.transaction():
        await database.execute("LOCK TABLE ratings_rating IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseAway):
            await impatient.submit(said)
    while True:  # a busy machine may need longer than so impatient a writer waits
        with suppress(DatabaseAway):
            outcome = await impatient.submit(said)
            break
    assert outcome.kind in (Kind.CREATED, Kind.SAME)
    await impatient.close()


async def test_each_who_waits_is_told_when_his_own_time_is_up(
    database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(2)]
    patient = Writer(database_address(), keys=KEYS, now=clock_now, limits=Limits(answer=0.4))
    async with database.transaction():
        await database.execute("LOCK TABLE ratings_rating IN ACCESS EXCLUSIVE MODE")
        first = asyncio.create_task(patient.submit(submission(occasions[0], now)))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(patient.submit(submission(occasions[1], now)))
        with pytest.raises(DatabaseAway):
            await first
        assert not second.done()
        with pytest.raises(DatabaseAway):
            await second
    await patient.close()


async def test_a_full_queue_says_so_at_once(database: asyncpg.Connection, now: datetime) -> None:
    occasions = [await add_occasion(database, now) for _ in range(20)]
    small = Writer(database_address(), keys=KEYS, now=clock_now, limits=Limits(queue=5))
    outcomes = await asyncio.gather(
        *(small.submit(submission(each, now)) for each in occasions), return_exceptions=True
    )
    assert sum(isinstance(outcome, QueueFull) for outcome in outcomes) == 15
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == 5
    await small.close()


async def test_closing_stores_what_waits_and_takes_nothing_more(
    database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(40)]
    leaving = Writer(database_address(), keys=KEYS, now=clock_now, limits=Limits(batch=7))
    tasks = [asyncio.create_task(leaving.submit(submission(each, now))) for each in occasions]
    await asyncio.sleep(0)
    await leaving.close()
    assert {(await task).kind for task in tasks} == {Kind.CREATED}
    with pytest.raises(QueueFull):
        await leaving.submit(submission(occasions[0], now))


async def test_a_writer_that_dies_is_started_again(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(3)]
    assert (await writer.submit(submission(occasions[0], now))).kind is Kind.CREATED
    doomed = asyncio.create_task(writer.submit(submission(occasions[1], now)))
    await asyncio.sleep(0)
    (task,) = (each for each in asyncio.all_tasks() if each.get_name() == "rating writer")
    task.cancel()
    outcome = (await asyncio.gather(doomed, return_exceptions=True))[0]
    assert isinstance(outcome, DatabaseAway) or outcome.kind in (Kind.CREATED, Kind.SAME)
    assert (await writer.submit(submission(occasions[2], now))).kind is Kind.CREATED


async def test_a_schema_that_changes_under_the_writer_does_not_stop_it(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(2)]
    assert (await writer.submit(submission(occasions[0], now))).kind is Kind.CREATED
    await database.execute("ALTER TABLE ratings_rating ADD COLUMN added_later integer")
    try:
        assert (await writer.submit(submission(occasions[1], now))).kind is Kind.CREATED
    finally:
        await database.execute("ALTER TABLE ratings_rating DROP COLUMN added_later")
