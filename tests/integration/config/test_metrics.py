"""What is measured: by whom it can be read, what it says of what happened, and that it names nobody."""

import uuid
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from haochaping.cases.token import mint
from haochaping.config import asgi
from haochaping.foundation.clock import now as clock_now
from haochaping.foundation.keys import key_for
from tests.integration.config.test_asgi import running
from tests.occasions import add_occasion, database_address

TOKEN = "a-token-for-measuring-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def database(committed_db: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_address())
    yield connection
    await connection.close()


@pytest.fixture
async def door(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("HAOCHAPING_METRICS_TOKEN", TOKEN)
    async with running(asgi.build({"DATABASE_URL": database_address()})) as client:
        yield client


async def token_of(database: asyncpg.Connection, channel: int) -> str:
    return mint(await add_occasion(database, clock_now()), channel, key_for("rating token"))


def samples(text: str) -> dict[tuple[str, ...], float]:
    """(name, then values of labels by name) → value."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def rate(door: httpx.AsyncClient, token: str, **fields: str) -> int:
    said = {"satisfaction": "5", "named": "0", "submission": uuid.uuid4().hex} | fields
    return (await door.post(f"/api/v1/ratings/{token}", json=said)).status_code


async def test_accepted_and_refused_are_counted_by_channel_level_and_reason(
    door: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    four, five = await token_of(database, 4), await token_of(database, 5)
    again = uuid.uuid4().hex
    assert await rate(door, four, submission=again) == 201
    assert await rate(door, four, submission=again) == 200
    assert await rate(door, four) == 410
    assert await rate(door, five, satisfaction="1") == 422  # without a reason
    assert await rate(door, five, satisfaction="") == 422
    assert await rate(door, five, satisfaction="1", writingEvaluation="等了很久") == 201
    form = {"satisfaction": "2", "named": "0", "submission": uuid.uuid4().hex}
    three = await token_of(database, 3)
    assert (await door.post(f"/r/{three}", data=form)).status_code == 422
    assert await rate(door, "0" * 40) == 404
    text = (await door.get("/metrics", headers=BEARER)).text
    found = samples(text)
    accepted = {
        key[1:]: value for key, value in found.items() if key[0] == "haochaping_ratings_accepted_total"
    }
    assert accepted == {("4", "5"): 1, ("5", "1"): 1}
    refused = {key[1:]: value for key, value in found.items() if key[0] == "haochaping_ratings_refused_total"}
    assert refused == {
        ("4", "5", "gone"): 1,
        ("5", "1", "invalid"): 1,
        ("5", "none", "invalid"): 1,
        ("3", "2", "invalid"): 1,
    }
    assert found["haochaping_door_answers_total", "POST", "/api/v1/ratings/{token}", "404"] == 1
    assert found["haochaping_door_answers_total", "POST", "/r/{token}", "422"] == 1
    assert found["haochaping_writer_queue",] == 0
    assert found["haochaping_writer_batch_size_sum",] == 4
    assert found["haochaping_commit_seconds_count",] >= 3
    for secret in (four, five, three, again):
        assert secret not in text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
async def test_who_does_not_bear_the_token_finds_no_such_page(
    door: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await door.get("/metrics", headers=headers)).status_code == 404


async def test_without_a_token_nobody_measures(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAOCHAPING_METRICS_TOKEN")
    assert (await door.get("/metrics", headers={"Authorization": "Bearer "})).status_code == 404


def test_a_token_that_can_be_guessed_stops_the_start() -> None:
    with pytest.raises(ValueError, match="HAOCHAPING_METRICS_TOKEN"):
        asgi.build({"DATABASE_URL": "postgresql:///none", "HAOCHAPING_METRICS_TOKEN": "short"})
