"""The door's process as it is wired: ready or not and why, and a rating through its API from token to
receipt.
"""

import asyncio
import json
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from haochaping.cases.token import mint
from haochaping.config import asgi
from haochaping.foundation.clock import now as clock_now
from haochaping.foundation.keys import KeyMissing, key_for
from haochaping.intake.arrivals import HEADER
from haochaping.intake.door import Door
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.tags import Tags
from haochaping.ratings.wording import opened_text
from tests.markup import Page
from tests.occasions import add_occasion, database_address

SUBMISSION = "00112233445566778899aabbccddeeff"
GOOD = {"satisfaction": "5", "named": "0", "submission": SUBMISSION}


@pytest.fixture
async def database(committed_db: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_address())
    yield connection
    await connection.close()


@pytest.fixture
async def door(committed_db: None) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application in this process, started and stopped as a server would."""
    application = asgi.build({"DATABASE_URL": database_address()})
    async with running(application) as client:
        yield client


class running:  # noqa: N801  (reads as a sentence)
    def __init__(self, application: Door, peer: str = "127.0.0.1") -> None:
        self._application, self._peer = application, peer

    async def __aenter__(self) -> httpx.AsyncClient:
        self._told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._life = asyncio.create_task(
            self._application({"type": "lifespan"}, self._told.get, self._said.put)  # type: ignore[arg-type]
        )
        await self._told.put({"type": "lifespan.startup"})
        assert (await self._said.get())["type"] == "lifespan.startup.complete"
        transport = httpx.ASGITransport(self._application, client=(self._peer, 1))  # type: ignore[arg-type]
        self._client = httpx.AsyncClient(transport=transport, base_url="http://door")
        for _ in range(200):
            if (await self._client.get("/readyz")).status_code == 200:
                break
            await asyncio.sleep(0.01)
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        await self._told.put({"type": "lifespan.shutdown"})
        assert (await self._said.get())["type"] == "lifespan.shutdown.complete"
        await self._life


async def token_of(database: asyncpg.Connection, **occasion: Any) -> str:
    return mint(await add_occasion(database, clock_now(), **occasion), 3, key_for("rating token"))


async def rate(door: httpx.AsyncClient, token: str, **fields: Any) -> httpx.Response:
    return await door.post(f"/api/v1/ratings/{token}", json=GOOD | fields)


async def test_ready_means_database_migrations_and_registry(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    answer = await door.get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "migrations", "directory", "rules", "bulk")
    assert answer.json()["parts"] == dict.fromkeys(parts, "ok")

    row = await database.fetchrow(
        "DELETE FROM django_migrations WHERE app = 'ratings' AND name = '0001_initial' RETURNING *"
    )
    try:
        answer = await door.get("/readyz")
        assert (answer.status_code, answer.json()["parts"]["migrations"]) == (503, "1 not applied")
    finally:
        await database.execute("INSERT INTO django_migrations VALUES ($1, $2, $3, $4)", *row.values())


async def test_a_provisional_deadline_closes_nothing(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    token = await token_of(database, due_at=clock_now() - timedelta(days=2), provisional=True)
    assert (await rate(door, token, satisfaction=9)).status_code == 422
    assert (await rate(door, token)).status_code == 201


async def test_a_door_that_has_no_database_yet_keeps_what_was_typed_and_when() -> None:
    token = mint(uuid.uuid4(), 3, key_for("rating token"))
    application = asgi.build({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    transport = httpx.ASGITransport(application)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        answer = await rate(client, token)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        mark = answer.headers[HEADER]
        again = await client.post(f"/api/v1/ratings/{token}", json=GOOD, headers={HEADER: mark})
        assert again.headers[HEADER] == mark
        named = GOOD | {"projectNo": "K1", "serviceNumber": 1}
        assert (await client.post("/api/v1/ratings", json=named)).headers[HEADER] != mark

        page = await client.post(
            f"/r/{token}", data=GOOD | {"writingEvaluation": "等了很久", "received": mark}
        )
        assert (page.status_code, Page(page.content).value("received")) == (503, mark)
        assert ("writingEvaluation", "等了很久") in Page(page.content).fields

        for starting in (
            await client.post(f"/r/{token}", data=GOOD, headers={"Sec-Fetch-Site": "cross-site"}),
            await client.post(f"/r/{token}", json=GOOD),
            await client.post(f"/r/{token[:-1]}", data=GOOD),
            await client.post(f"/api/v1/ratings/{token}", data=GOOD),
            await client.get(f"/r/{token}"),
        ):
            assert (starting.status_code, "Retry-After" in starting.headers) == (503, True)
            assert HEADER not in starting.headers
            assert "received" not in starting.text


async def test_reports_are_stored_durably_whatever_the_servers_default_is(committed_db: None) -> None:
    dsn = database_address()
    async with asgi.services(dsn, "http://door", RulesKeeper(), Tags.load()) as given:
        assert await given.pool.fetchval("SHOW synchronous_commit") == "on"


async def test_without_a_database_the_door_lives_and_says_what_is_missing() -> None:
    application = asgi.build({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    transport = httpx.ASGITransport(application)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        assert (await client.get("/livez")).status_code == 200
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["parts"]) == (503, {"database": "not reached yet"})


async def test_a_rating_by_the_api_is_created_known_again_and_then_gone(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    token = await token_of(database, due_at=clock_now() + timedelta(days=1))

    created = await rate(door, token, satisfaction=1, evalDetail=["110", 111], writingEvaluation="等了很久")
    again = await rate(door, token.lower(), satisfaction=1, evalDetail="110,111")
    other = await rate(door, token, submission="f" * 32)

    assert (created.status_code, again.status_code, other.status_code) == (201, 200, 410)
    assert created.headers["cache-control"] == "no-store"
    assert set(created.json()["receipt"]) == {"number", "secret"}
    assert again.json() == created.json()
    assert other.json()["error"]["code"] == "gone"
    stored = await database.fetchrow("SELECT level, tags, channel, named, text, id FROM ratings_rating")
    assert tuple(stored)[:4] == (1, [110, 111], 3, False)
    assert opened_text(stored["text"], stored["id"]) == "等了很久"
    trace = await database.fetchrow("SELECT address, device FROM ratings_trace")
    assert len(trace["address"]) == len(trace["device"]) == 32


async def test_every_problem_is_told_by_field(door: httpx.AsyncClient, database: asyncpg.Connection) -> None:
    token = await token_of(database)
    answer = await rate(
        door,
        token,
        satisfaction=2,
        evalDetail=[{"a": 1}],
        named=None,
        evaldetail="x",
        writingEvaluation=5,
        submission="",
    )
    assert answer.status_code == 422
    told = {(each["field"], each["code"]) for each in answer.json()["error"]["problems"]}
    assert told == {
        ("evaldetail", "unknown_field"),
        ("evalDetail", "wrong_type"),
        ("writingEvaluation", "wrong_type"),
        ("named", "required"),
        ("submission", "required"),
    }
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"satisfaction":"5",}',
        b"[" * 10_000,
        '{"satisfaction":"好"}'.encode("gbk"),
    ],
)
async def test_what_is_no_json_object_is_told_so(
    door: httpx.AsyncClient, database: asyncpg.Connection, body: bytes
) -> None:
    token = await token_of(database)
    answer = await door.post(
        f"/api/v1/ratings/{token}", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


async def test_half_characters_and_nul_are_told(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    token = await token_of(database)
    for text, statuses in (('"\\ud800"', (400, 422)), ('"\\u0000"', (422,))):
        body = json.dumps(GOOD)[:-1] + f', "writingEvaluation": {text}}}'
        answer = await door.post(
            f"/api/v1/ratings/{token}", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in statuses


async def test_a_form_is_not_json(door: httpx.AsyncClient, database: asyncpg.Connection) -> None:
    answer = await door.post(f"/api/v1/ratings/{await token_of(database)}", data=GOOD)
    assert answer.status_code == 415


async def test_forged_and_unknown_look_alike_and_so_do_used_and_expired(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    unknown = mint(uuid.uuid4(), 3, key_for("rating token"))
    forged = unknown[:-1] + ("0" if unknown[-1] != "0" else "1")
    answers = [await rate(door, each) for each in (unknown, forged)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()

    expired = await token_of(database, due_at=clock_now() - timedelta(seconds=1))
    late = await token_of(database, waiting=False)
    used = await token_of(database)
    await rate(door, used, submission="e" * 32)
    answers = [
        await rate(door, each, **wrong) for each in (expired, late, used) for wrong in ({}, {"named": "?"})
    ]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.text for answer in answers}) == 1


async def test_the_receipt_of_the_api_opens_the_receipt_page(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    receipt = (await rate(door, await token_of(database))).json()["receipt"]
    answer = await door.post("/receipt", data=receipt)
    assert answer.status_code == 200
    assert "非常满意" in answer.text


def test_the_door_process_brings_no_django() -> None:
    code = (
        "import sys, haochaping.config.asgi;"
        "sys.exit(any(name.partition('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_no_waiting_will_mend_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(asgi.SettingMissing, match="DATABASE_URL"):
        asgi.build({})

    def no_key() -> bytes:
        raise KeyMissing("none")

    monkeypatch.setattr(asgi, "root_secret", no_key)
    with pytest.raises(KeyMissing):
        asgi.build({"DATABASE_URL": "postgresql://x"})
