"""The door's copy follows the registry, reads it only when it has moved, and outlives a lost database."""

import asyncio
from datetime import date, datetime

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from haochaping.intake.directory import DirectoryKeeper, DirectoryNotRead
from haochaping.registry.operations import import_registry

TODAY = date(2026, 11, 23)


@pytest.fixture
def address(committed_db: None) -> dict[str, object]:
    """Where asyncpg finds the database of the test."""
    at = connection.get_connection_params()
    return {
        "host": at.get("host"),
        "port": at.get("port"),
        "user": at.get("user"),
        "password": at.get("password"),
        "database": at["dbname"],
    }


def take(folder, now: datetime) -> None:
    try:
        import_registry(directory=folder.path, now=now, actor="test")
    finally:
        connections.close_all()


async def test_nothing_read_is_said(address) -> None:
    with pytest.raises(DirectoryNotRead):
        DirectoryKeeper().current()


async def test_it_reads_again_only_when_the_registry_moved(address, folder, now) -> None:
    keeper = DirectoryKeeper()
    joined = await asyncpg.connect(**address)
    try:
        assert await keeper.refresh(joined)
        empty = keeper.current()
        assert (empty.edition, empty.organisations(TODAY)) == (0, ())
        assert not await keeper.refresh(joined)
        await sync_to_async(take)(folder, now)
        assert await keeper.refresh(joined)
        full = keeper.current()
        assert (full.edition, len(full.items(TODAY)), len(full.staff_members(TODAY))) == (1, 330, 220)
        assert full.organisation("11532216MB3585447A", TODAY).name == "昆明市公安局"
        assert not await keeper.refresh(joined)
        assert keeper.current() is full
        assert empty.organisations(TODAY) == ()
    finally:
        await joined.close()


async def test_the_watch_goes_on_after_the_registry_could_not_be_read(address, folder, now, caplog) -> None:
    keeper = DirectoryKeeper()
    other = await asyncpg.connect(**address)
    async with asyncpg.create_pool(**address, min_size=1, max_size=1) as pool:
        async with pool.acquire() as joined:
            await keeper.refresh(joined)
            server = joined.get_server_pid()
        await other.execute("ALTER TABLE registry_edition RENAME TO registry_elsewhere")
        watch = asyncio.create_task(keeper.watch(pool, every=0.02))
        try:
            async with asyncio.timeout(20):
                while "UndefinedTableError" not in caplog.text:
                    await asyncio.sleep(0.02)
            await other.execute("SELECT pg_terminate_backend($1)", server)
        finally:
            await other.execute("ALTER TABLE registry_elsewhere RENAME TO registry_edition")
        assert keeper.current().edition == 0
        await sync_to_async(take)(folder, now)
        async with asyncio.timeout(20):
            while keeper.current().edition == 0:
                await asyncio.sleep(0.02)
        assert not watch.done()
        watch.cancel()
    await other.close()
    assert len(keeper.current().items(TODAY)) == 330


class CutOff:
    """A pool whose connections were cut at the wrong moment: what asyncpg then raises is in none of its families."""

    def __init__(self) -> None:
        self.asked = 0

    def acquire(self) -> None:
        self.asked += 1
        raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")


async def test_the_watch_outlives_a_driver_out_of_step() -> None:
    pool = CutOff()
    watch = asyncio.create_task(DirectoryKeeper().watch(pool, every=0.001))
    async with asyncio.timeout(20):
        while pool.asked < 3:
            await asyncio.sleep(0.01)
    assert not watch.done()
    watch.cancel()
