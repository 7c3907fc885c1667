"""The key of a year is made once, whoever comes first; a newer generation is used as soon as there is one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from django.db import connections

from haochaping.identity.operations import begin_rekeying, destroy_old_keys
from haochaping.identity.vault import KeysInUse, KeyUnknown, Vault
from tests.occasions import database_address

pytestmark = pytest.mark.usefixtures("committed_db")
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
ROW = UUID(int=1)


def in_a_thread(act: Callable[..., Any]) -> Awaitable[Any]:
    """The act in a thread of its own, whose connection is closed afterwards."""

    def call() -> Any:
        try:
            return act(actor="test", now=NEW_YEAR)
        finally:
            connections.close_all()

    return asyncio.to_thread(call)


async def held(vault: Vault, connection: asyncpg.Connection) -> KeysInUse:
    await vault.prepare(connection, NEW_YEAR)
    async with connection.transaction():
        return await vault.hold(connection, NEW_YEAR)


async def test_processes_agree_on_the_keys_of_a_new_year() -> None:
    vaults = [Vault() for _ in range(8)]
    connections = [await asyncpg.connect(database_address()) for _ in vaults]
    try:
        found = await asyncio.gather(
            *(held(vault, connection) for vault, connection in zip(vaults, connections, strict=True))
        )
        assert len(set(found)) == 1
        keys = found[0]
        sealed = vaults[0].seal("李明", row=ROW, column="name", key_id=keys.data)
        assert {v.open(sealed, row=ROW, column="name", key_id=keys.data) for v in vaults} == {"李明"}
        assert len({v.blind("name", "李明", key_id=keys.index) for v in vaults}) == 1
        rows = await connections[0].fetch("SELECT kind, year FROM identity_datakey ORDER BY kind")
        assert [tuple(row) for row in rows] == [("data", 2027), ("index", 0)]
    finally:
        for connection in connections:
            await connection.close()


async def test_a_writer_takes_the_new_key_and_keeps_the_one_it_holds_alive() -> None:
    vault, connection = Vault(), await asyncpg.connect(database_address())
    try:
        first = await held(vault, connection)
        transaction = connection.transaction()
        await transaction.start()
        assert await vault.hold(connection, NEW_YEAR) == first
        assert await in_a_thread(begin_rekeying) == 2
        destroying = asyncio.ensure_future(in_a_thread(destroy_old_keys))
        done, _ = await asyncio.wait([destroying], timeout=0.3)
        assert not done
        await transaction.commit()
        assert await destroying == (2, 0)
        second = await held(vault, connection)
        assert {second.data, second.index}.isdisjoint({first.data, first.index})
    finally:
        await connection.close()


async def test_without_a_key_of_the_year_nothing_is_held() -> None:
    connection = await asyncpg.connect(database_address())
    try:
        with pytest.raises(KeyUnknown):
            await Vault().hold(connection, NEW_YEAR)
    finally:
        await connection.close()
