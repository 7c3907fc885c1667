"""The data key of a year is made once, whoever comes first."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from haochaping.identity.vault import Vault
from tests.occasions import database_address

pytestmark = pytest.mark.usefixtures("committed_db")
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
ROW = UUID(int=1)


async def test_processes_agree_on_the_key_of_a_new_year() -> None:
    vaults = [Vault() for _ in range(8)]
    connections = [await asyncpg.connect(database_address()) for _ in vaults]
    try:
        ids = await asyncio.gather(
            *(
                vault.prepare(connection, NEW_YEAR)
                for vault, connection in zip(vaults, connections, strict=True)
            )
        )
        assert set(ids) == {2027}
        sealed = vaults[0].seal("李明", row=ROW, column="name", key_id=2027)
        assert {v.open(sealed, row=ROW, column="name", key_id=2027) for v in vaults} == {"李明"}
        late = Vault()
        await late.prepare_to_open(connections[0], [2027, 2027])
        assert late.open(sealed, row=ROW, column="name", key_id=2027) == "李明"
        assert await connections[0].fetchval("SELECT count(*) FROM identity_datakey") == 1
    finally:
        for connection in connections:
            await connection.close()
