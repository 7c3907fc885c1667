"""Ratings that a business system hands in, signed: whose they are, and the traps of their codes with and without a
dialect."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import Terms, change_client, create_client
from haochaping.accounts.operations.dialects import set_dialect
from haochaping.accounts.operations.keys import IssuedKey
from haochaping.cases.token import mint
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request
from haochaping.intake.ratings_api import rate
from haochaping.intake.writer import Writer
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys
from haochaping.registry.operations import import_registry
from tests.integration.intake.conftest import RECEPTION
from tests.occasions import SERVICE_DAY, add_occasion, database_address
from tests.reporting import AUTHORITY, REGISTRY, Sender, services, signed

HEAD = 'format = 1\nabout = "按键器接口文档"\n'
BUREAU = "11539436MB36597916"  # 昆明市人力资源和社会保障局


def at_the_desk(act: Any) -> Any:
    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return sync_to_async(run)()


class Device:
    """A business system with a right to rate, and occasions to be rated."""

    def __init__(self, sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.sender = sender
        self.pool = pool

    async def occasion(self) -> uuid.UUID:
        """One that waits, of the bureau."""
        async with self.pool.acquire() as database:
            made = await add_occasion(database, RECEPTION)  # type: ignore[arg-type]
        bureau = self.sender.services.directory.current().organisation(BUREAU, SERVICE_DAY)
        assert bureau is not None
        await self.pool.execute(
            "UPDATE cases_serviceoccasion SET organisation_id = $2, division_id = $3 WHERE id = $1",
            *(made, bureau.id, bureau.division_id),
        )
        return made

    async def rate(
        self, occasion: uuid.UUID, issued: IssuedKey | None = None, **fields: Any
    ) -> tuple[int, Any]:
        """Hands a rating in; the status, and problems by field or the error's code."""
        token = mint(occasion, 3, key_for("rating token"))
        sent = {"named": "0", "submission": uuid.uuid4().hex} | fields
        request = signed(
            issued or self.sender.issued,
            json.dumps(sent).encode(),
            RECEPTION,
            path=f"/api/v1/ratings/{token}",
            headers={"content-type": "application/json"},
        )
        return await self.send(replace(request, parameters={"token": token}))

    async def send(self, request: Request) -> tuple[int, Any]:
        response = await rate(request, self.sender.services)
        error = json.loads(response.body).get("error", {})
        told = {problem["field"]: problem["code"] for problem in error.get("problems", ())}
        return response.status, told or error.get("code", "")

    async def stored(self, occasion: uuid.UUID) -> dict[str, Any] | None:
        row = await self.pool.fetchrow(
            "SELECT level, tags, channel, origin FROM ratings_rating WHERE id = $1", occasion
        )
        return dict(row) if row else None

    async def learn(self, text: str) -> None:
        await at_the_desk(
            lambda: set_dialect(client=self.sender.issued.key, text=HEAD + text, now=RECEPTION, actor="test")
        )


@pytest.fixture
async def device(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Device]:
    def prepare() -> IssuedKey:
        import_registry(directory=REGISTRY, now=RECEPTION, actor="test")
        return create_client(organisation=AUTHORITY, rights=["rate"], actor="test", now=RECEPTION)

    issued = await at_the_desk(prepare)
    writer = Writer(database_address(), keys=receipt_keys(), now=lambda: RECEPTION)
    all_of_it = replace(await services(pool, lambda: RECEPTION), writer=writer, tags=Tags.load())
    yield Device(Sender(issued, all_of_it, [RECEPTION]), pool)
    await writer.close()


async def test_a_rating_is_kept_as_handed_in(device: Device) -> None:
    occasion = await device.occasion()
    assert await device.rate(occasion, satisfaction=4, evalDetail="410", pf="5", assessNumber=1) == (201, "")
    assert await device.stored(occasion) == {"level": 4, "tags": [410], "channel": 5, "origin": "device"}
    # Not the rater's address: thousands of one system are no ring.
    trace = await device.pool.fetchrow("SELECT address, device FROM ratings_trace")
    assert trace is not None
    assert (trace["address"], trace["device"]) == (None, None)


async def test_a_system_of_the_rated_is_told_apart(device: Device) -> None:
    occasion = await device.occasion()
    own = await at_the_desk(
        lambda: create_client(organisation=BUREAU, rights=["rate"], actor="test", now=RECEPTION)
    )
    assert await device.rate(occasion, own, satisfaction=5) == (201, "")
    stored = await device.stored(occasion)
    assert stored is not None
    assert (stored["origin"], stored["channel"]) == ("client_of_rated", 3)


async def test_who_signs_must_be_right_and_have_the_right(device: Device) -> None:
    occasion = await device.occasion()
    wrong = replace(device.sender.issued, secret="0" * 64)
    assert await device.rate(occasion, wrong, satisfaction=5) == (401, "signature_wrong")
    reporter = await at_the_desk(
        lambda: create_client(organisation=BUREAU, rights=["report"], actor="test", now=RECEPTION)
    )
    assert await device.rate(occasion, reporter, satisfaction=5) == (403, "right_missing")
    await at_the_desk(
        lambda: change_client(
            client=device.sender.issued.key,
            terms=Terms(listed=[AUTHORITY], limits={"calls": 1, "calls_burst": 1}),
            now=RECEPTION,
            actor="test",
        )
    )
    assert await device.rate(occasion, satisfaction=5) == (403, "out_of_scope")
    assert await device.rate(occasion, satisfaction=5) == (429, "limit_calls")
    assert await device.stored(occasion) is None


@pytest.mark.parametrize(
    ("scale", "sent", "level"),
    [
        ('0 = "5"\n1 = "4"\n2 = "3"\n3 = "2"\n4 = "1"', 4, 1),
        ('0 = "5"\n1 = "4"\n3 = "2"\n4 = "1"', 3, 2),
        ('3 = "5"\n2 = "4"\n1 = "3"\n0 = "2"\n5 = "1"', 5, 1),
    ],
)
async def test_trap_1_scales_of_levels(device: Device, scale: str, sent: int, level: int) -> None:
    """Without, a 4 of the worst kind is praise; with, it is what the citizen pressed."""
    before, after = await device.occasion(), await device.occasion()
    text = {"writingEvaluation": "排队太久"}
    assert (await device.rate(before, satisfaction=sent, **text))[0] == 201
    stored = await device.stored(before)
    assert stored is not None
    assert stored["level"] == sent
    await device.learn(f"[ratings.codes.satisfaction]\n{scale}\n")
    assert (await device.rate(after, satisfaction=sent, **text))[0] == 201
    stored = await device.stored(after)
    assert stored is not None
    assert stored["level"] == level


async def test_trap_1_zero_is_no_level_without_a_scale(device: Device) -> None:
    occasion = await device.occasion()
    assert await device.rate(occasion, satisfaction=0) == (422, {"satisfaction": "unknown"})
    await device.learn('[ratings.codes.satisfaction]\n0 = "5"\n1 = "4"\n3 = "2"\n4 = "1"\n')
    assert await device.rate(occasion, satisfaction=2) == (422, {"satisfaction": "not_in_dialect"})
    assert (await device.rate(occasion, satisfaction=0))[0] == 201


async def test_trap_2_tags_of_a_device_family(device: Device) -> None:
    """The family K7 says 510 where the dictionary says 115, with bars between."""
    first, second = await device.occasion(), await device.occasion()
    sent = {"satisfaction": 1, "evalDetail": "510|114"}
    assert await device.rate(first, **sent) == (422, {"evalDetail": "other_level"})
    await device.learn('[sources.K7.ratings.tags]\n510 = "115"\n')
    assert await device.rate(first, **sent) == (422, {"evalDetail": "other_level"})
    assert await device.rate(second, dataSource="K7", **sent) == (201, "")
    stored = await device.stored(second)
    assert stored is not None
    assert stored["tags"] == [115, 114]


async def test_trap_3_channels_of_its_own(device: Device) -> None:
    first, second = await device.occasion(), await device.occasion()
    assert await device.rate(first, satisfaction=5, pf="9") == (422, {"pf": "unknown_code"})
    assert await device.rate(first, satisfaction=5, pf=7) == (422, {"isdefault": "default_rating"})
    assert await device.rate(first, satisfaction=5, isdefault="1") == (422, {"isdefault": "default_rating"})
    await device.learn('[ratings.codes.pf]\n6 = "7"\n7 = "6"\n')
    assert await device.rate(first, satisfaction=5, pf=6) == (422, {"isdefault": "default_rating"})
    assert await device.rate(first, satisfaction=5, pf=3) == (422, {"pf": "not_in_dialect"})
    assert await device.rate(second, satisfaction=5, pf=7) == (201, "")
    stored = await device.stored(second)
    assert stored is not None
    assert stored["channel"] == 6


async def test_trap_3_assess_number_that_repeats_the_service_number(device: Device) -> None:
    occasion = await device.occasion()
    assert await device.rate(occasion, satisfaction=5, assessNumber=2) == (
        422,
        {"assessNumber": "later_rating"},
    )
    await device.learn('[ratings]\nassess_number = "service_number"\n')
    assert (await device.rate(occasion, satisfaction=5, assessNumber=2))[0] == 201


async def test_trap_8_retired_tags(device: Device) -> None:
    occasion = await device.occasion()
    assert await device.rate(occasion, satisfaction=5, evalDetail="501") == (422, {"evalDetail": "retired"})
    await device.learn('[ratings.tags]\n501 = "510"\n')
    assert (await device.rate(occasion, satisfaction=5, evalDetail="501"))[0] == 201
    stored = await device.stored(occasion)
    assert stored is not None
    assert stored["tags"] == [510]


async def test_who_signs_nothing_may_not_choose_the_channel(device: Device) -> None:
    occasion = await device.occasion()
    token = mint(occasion, 3, key_for("rating token"))
    sent = {"satisfaction": "5", "named": "0", "submission": uuid.uuid4().hex, "pf": "5"}
    request = Request(
        method="POST",
        path=f"/api/v1/ratings/{token}",
        query="",
        headers={"content-type": "application/json"},
        address="127.0.0.1",
        received_at=RECEPTION,
        body=json.dumps(sent).encode(),
        parameters={"token": token},
    )
    assert await device.send(request) == (422, {"pf": "unknown_field"})
