"""Who comes too often, through the door as it is wired: over real sockets, behind a proxy and without one."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import asyncpg
import pytest

from haochaping.config import asgi
from tests.integration.config.test_asgi import GOOD, running, token_of
from tests.integration.intake.test_door import serving
from tests.markup import Page
from tests.occasions import database_address

STRANGER, CITIZEN, HALL = "203.0.113.66", "203.0.113.9", "198.51.100.7"
SMALL = {"HAOCHAPING_ADDRESS_LIMIT": "1/8", "HAOCHAPING_TOKEN_LIMIT": "1/5"}
TYPED = {"satisfaction": "2", "evalDetail": "207", "writingEvaluation": "第一行\r\n第二行", "named": "0"}


@pytest.fixture
async def database(committed_db: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_address())
    yield connection
    await connection.close()


@asynccontextmanager
async def behind_a_proxy(proxies: str = "127.0.0.1", **limits: str) -> AsyncIterator[aiohttp.ClientSession]:
    """The door on a real socket; we are the proxy that it believes."""
    environment = {"DATABASE_URL": database_address(), "HAOCHAPING_PROXIES": proxies}
    async with serving(asgi.build(environment | SMALL | limits)) as url, aiohttp.ClientSession(url) as client:
        for _ in range(500):
            async with client.get("/readyz") as answer:
                if answer.status == 200:
                    break
        yield client


def from_(address: str, agent: str = "a phone", **more: str) -> dict[str, Any]:
    return {"headers": {"X-Forwarded-For": address, "User-Agent": agent} | more}


async def statuses(client: aiohttp.ClientSession, times: int, path: str, **request: Any) -> list[int]:
    told = []
    for _ in range(times):
        async with client.get(path, **request) as answer:
            told.append(answer.status)
    return told


async def test_a_link_tried_all_the_time_is_slowed_and_its_citizen_rates(
    database: asyncpg.Connection,
) -> None:
    token = await token_of(database)
    async with behind_a_proxy() as client:
        told = []
        for n in range(300):
            wrong = GOOD | {"satisfaction": "9", "submission": f"{n:032x}"}
            async with client.post(f"/api/v1/ratings/{token}", json=wrong, **from_(STRANGER)) as answer:
                told.append(answer.status)
                refusal = await answer.json()
        assert told == [422] * 5 + [429] * 295
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert refusal["error"]["code"] == "too_often"
        async with client.post(f"/api/v1/ratings/{token}", json=GOOD, **from_(CITIZEN)) as rated:
            assert rated.status == 201
        # Nobody sees by his own refusal what became of the link.
        async with client.post(f"/api/v1/ratings/{token}", json=GOOD, **from_(STRANGER)) as after:
            assert after.status == 429
            assert (await after.json())["error"]["code"] == "too_often"


async def test_whatever_lies_behind_a_link_the_refusal_is_the_same(database: asyncpg.Connection) -> None:
    used, never = await token_of(database, waiting=False), "0" * 40
    fresh = await token_of(database)
    refusals = set()
    async with behind_a_proxy() as client:
        for n, token in enumerate((used, fresh, never)):
            await statuses(client, 5, f"/r/{token}", **from_(f"203.0.113.{n}"))
            async with client.get(f"/r/{token}", **from_(f"203.0.113.{n}")) as answer:
                refusals.add((answer.status, re.sub(token, "", await answer.text())))
    ((status, page),) = refusals
    assert status == 429
    assert "打开得过于频繁" in page


async def test_a_hall_behind_one_address_is_let_in_by_its_links_and_forgers_are_not(
    database: asyncpg.Connection,
) -> None:
    tokens = [await token_of(database) for _ in range(30)]
    async with behind_a_proxy() as client:
        assert await statuses(client, 12, "/receipt", **from_(HALL)) == [200] * 8 + [429] * 4
        forged = [(await statuses(client, 1, f"/r/{n:040}", **from_(HALL)))[0] for n in range(20)]
        assert set(forged) == {429}
        for token in tokens:
            async with client.post(f"/api/v1/ratings/{token}", json=GOOD, **from_(HALL)) as answer:
                assert answer.status == 201
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == len(tokens)


@pytest.mark.parametrize("pieces", [False, True], ids=["whole", "in pieces"])
async def test_a_form_that_has_to_wait_keeps_what_was_typed(
    database: asyncpg.Connection, pieces: bool
) -> None:
    link = f"/r/{await token_of(database)}"
    async with behind_a_proxy() as client:
        async with client.get(link, **from_(CITIZEN)) as page:
            seen = Page(await page.read())
        kept = {name: seen.value(name) for name in ("submission", "opened")}
        await statuses(client, 4, link, **from_(CITIZEN))
        body = urlencode(TYPED | kept).encode()
        sent = from_(CITIZEN, **{"Content-Type": "application/x-www-form-urlencoded"})
        async with client.post(link, data=_in_pieces(body) if pieces else body, **sent) as answer:
            assert answer.status == 429
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
            again = Page(await answer.read())
        assert "不是您填写有误" in again.text
        assert again.value("writingEvaluation").splitlines() == ["第一行", "第二行"]
        assert {name: again.value(name) for name in kept} == kept
        async with client.post(link, data=dict(again.fields), **from_(HALL)) as rated:
            assert rated.status == 201


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 20):
        yield body[start : start + 20]


async def test_a_form_of_another_site_is_not_kept_in_a_page_of_ours(database: asyncpg.Connection) -> None:
    link = f"/r/{await token_of(database)}"
    planted = TYPED | {"submission": "f" * 32}
    async with behind_a_proxy() as client:
        await statuses(client, 5, link, **from_(CITIZEN))
        elsewhere = from_(CITIZEN, **{"Sec-Fetch-Site": "cross-site"})
        async with client.post(link, data=planted, **elsewhere) as answer:
            assert answer.status == 429
            assert "f" * 32 not in await answer.text()
        async with client.post(link, data=b"{}", **from_(CITIZEN)) as answer:
            assert answer.status == 429
            assert "打开得过于频繁" in await answer.text()


async def test_english_readers_are_told_in_english(database: asyncpg.Connection) -> None:
    link = f"/r/{await token_of(database)}?lang=en"
    async with behind_a_proxy() as client:
        await statuses(client, 5, link, **from_(CITIZEN))
        async with client.get(link, **from_(CITIZEN)) as answer:
            assert "Opened too often" in await answer.text()
        async with client.post(link, data=TYPED, **from_(CITIZEN)) as answer:
            assert "you made no mistake" in await answer.text()


async def test_receipts_wait_with_what_was_typed_and_wrong_ones_are_counted_as_ever(
    committed_db: None,
) -> None:
    wrong = {"number": "ABCD-EFGH", "secret": "0000-1111-2222-3333"}
    async with behind_a_proxy(HAOCHAPING_ADDRESS_LIMIT="1/14") as client:
        told = []
        for _ in range(16):
            async with client.post("/receipt", data=wrong, **from_(STRANGER)) as answer:
                told.append(answer.status)
                seen = Page(await answer.read())
        # Ten wrong ones a minute, whatever an address may else.
        assert told == [404] * 10 + [429] * 6
        assert (seen.value("number"), seen.value("secret")) == tuple(wrong.values())
        assert await statuses(client, 1, "/receipt", **from_(STRANGER)) == [429]
        assert await statuses(client, 1, "/receipt", **from_(CITIZEN)) == [200]


async def test_without_a_trusted_proxy_another_name_each_time_helps_nobody(
    database: asyncpg.Connection,
) -> None:
    token = await token_of(database)
    application = asgi.build({"DATABASE_URL": database_address()} | SMALL)
    async with running(application, peer=STRANGER) as client:
        told = [
            (await client.get(f"/r/{token}", headers={"X-Forwarded-For": f"198.51.100.{n}"})).status_code
            for n in range(20)
        ]
        assert told == [200] * 5 + [429] * 15


async def test_behind_the_proxy_only_what_the_proxy_says_counts(database: asyncpg.Connection) -> None:
    """A client's own header stands before what the proxy adds."""
    token = await token_of(database)
    async with behind_a_proxy() as client:
        told = [
            (await statuses(client, 1, f"/r/{token}", **from_(f"198.51.100.{n}, {STRANGER}")))[0]
            for n in range(20)
        ]
        assert told == [200] * 5 + [429] * 15
        assert await statuses(client, 1, f"/r/{token}", **from_(CITIZEN)) == [200]


async def test_off_is_off(database: asyncpg.Connection) -> None:
    token = await token_of(database)
    async with behind_a_proxy(HAOCHAPING_ADDRESS_LIMIT="off", HAOCHAPING_TOKEN_LIMIT="off") as client:
        assert await statuses(client, 50, f"/r/{token}", **from_(STRANGER)) == [200] * 50


def test_a_limit_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="HAOCHAPING_ADDRESS_LIMIT"):
        asgi.build({"DATABASE_URL": "postgresql://x", "HAOCHAPING_ADDRESS_LIMIT": "many"})


async def test_the_log_tells_nothing_of_who_waits(
    database: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    token = await token_of(database)
    with caplog.at_level("DEBUG"):
        async with behind_a_proxy() as client:
            assert 429 in await statuses(client, 8, f"/r/{token}", **from_(STRANGER))
    assert token not in caplog.text
    assert STRANGER not in caplog.text
