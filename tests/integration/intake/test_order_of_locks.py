"""A call and whoever counts all claims anew write to the same rows: one waits for the other, never both in a circle."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from haochaping.cases import token as tokens
from haochaping.cases import waiting
from haochaping.foundation.keys import key_for
from tests.integration.intake.town import Town, days, rules
from tests.occasions import database_address

MakeTown = Callable[[str], Awaitable[Town]]

RESULT = {"proStatus": "3", "resultDate": "2026-11-24 18:00:00"}
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
# The statements of cases.operations.windows, of which it holds and moves one batch after another.
HOLD = "SELECT id FROM cases_waiting WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
READ = HOLD.replace("SELECT id", f"SELECT {', '.join(waiting.ROW)}")
MOVE = waiting.move("${}".format)


async def served(town: Town, **changes: Any) -> tuple[dict[str, Any], Any]:
    """A record as it was reported, and its claim."""
    record = town.served(11, 24) | changes
    path = await town.report(record)
    assert path is not None
    token = urlsplit(path).path.rpartition("/")[2]
    return record, tokens.read(token, key_for("rating token")).occasion_id


async def until_it_waits(database: asyncpg.Connection, call: "asyncio.Task[Any]") -> None:
    while not await database.fetchval(WAITS):
        assert not call.done(), call
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("first", ["a result", "a corrected window", "a unit"])
async def test_a_call_and_the_nights_recount_do_not_wait_for_each_other(
    make_town: MakeTown, first: str
) -> None:
    town = await make_town(rules(window=days(5, after="result"), frequency='{ per = "case" }'))
    town.at(11, 25)
    open_case, claim = await served(town)
    town.at(11, 25, 11)
    other, later = await served(town, **RESULT)
    call = {
        # Its occasion is written before its limits are found to move.
        "a result": [open_case | RESULT],
        # The other's claim is wanted before anything of the first.
        "a corrected window": [open_case | RESULT, other | {"windowNo": "W530102061"}],
        "a unit": [open_case | RESULT, other | {"serviceNumber": "2"}],
    }[first]
    database = await asyncpg.connect(database_address())
    night = await asyncpg.connect(database_address())
    try:
        async with night.transaction():
            await night.fetch(HOLD, [claim])
            reported = asyncio.create_task(town.sender.report(*call))
            await until_it_waits(database, reported)
            await night.fetch(HOLD, [later])
            rows = await night.fetch(READ, [claim, later])
            await night.execute(MOVE, *waiting.moves((tuple(row), "counted anew") for row in rows))
        assert {each["verdict"] for each in await reported} <= {"updated", "accepted"}
    finally:
        await night.close()
        await database.close()
    assert (await town.waiting(f"/r/{tokens.mint(claim, 3, key_for('rating token'))}") or {})["window_at"]
