"""Ratings that a business system hands in by case number and service number: the same claim, the same answers, and nothing
about what is not its own."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from haochaping.accounts.operations.clients import Terms, change_client, create_client
from haochaping.accounts.operations.keys import IssuedKey
from haochaping.intake.arrivals import HEADER, Arrivals
from haochaping.intake.http import Response
from haochaping.intake.ratings_api import rate_by_key
from tests.integration.intake.conftest import RECEPTION
from tests.integration.intake.test_ratings_by_clients import BUREAU, Device, at_the_desk
from tests.integration.intake.test_ratings_by_clients import device as device
from tests.integration.intake.town import Town, rules
from tests.occasions import database_address
from tests.reporting import AUTHORITY, Sender, sample_lines, signed

JSON = {"content-type": "application/json"}


@dataclass
class Desk:
    """A system that reports and hands in; `device` has the right to rate."""

    device: Device
    reporter: IssuedKey
    now: datetime = RECEPTION

    async def report(self, number: str, **changes: Any) -> None:
        record = json.loads(sample_lines()[0]) | {
            "projectNo": number,
            "proStatus": "2",
            "acceptDate": "2026-11-20 09:00:00",
            "serviceTime": "2026-11-20 09:20:00",
        }
        record.pop("resultDate", None)
        sender = Sender(self.reporter, self.device.sender.services, [RECEPTION])
        assert await sender.verdicts(record | changes) == ["accepted"]

    async def hand_in(
        self, number: Any, issued: IssuedKey | None = None, service: Any = "1", **fields: Any
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer."""
        plain = {"satisfaction": "5", "pf": "3", "named": "0", "submission": uuid.uuid4().hex}
        sent = {"projectNo": number, "serviceNumber": service} | plain | fields
        request = signed(
            issued or self.device.sender.issued,
            json.dumps(sent).encode(),
            self.now,
            path="/api/v1/ratings",
            headers=JSON,
        )
        response = await rate_by_key(request, self.device.sender.services)
        return response.status, json.loads(response.body)

    async def attempt(self, sent: dict[str, Any], mark: str = "", **parts: Any) -> Response:
        """The same rating sent once more, to a door that remembers nothing and of which `parts` are others."""
        headers = JSON | ({HEADER.lower(): mark} if mark else {})
        request = signed(
            self.device.sender.issued,
            json.dumps(sent).encode(),
            self.now,
            path="/api/v1/ratings",
            headers=headers,
        )
        served_by = replace(self.device.sender.services, arrivals=Arrivals(), **parts)
        return await rate_by_key(request, served_by)

    async def stored(self, number: str) -> list[dict[str, Any]]:
        rows = await self.device.pool.fetch(
            """SELECT r.level, r.channel, r.origin FROM ratings_rating r
            JOIN cases_occasionkey k ON k.occasion_id = r.occasion_id WHERE k.project_no = $1""",
            number,
        )
        return [dict(row) for row in rows]


@pytest.fixture
async def desk(device: Device) -> Desk:
    reporter = await at_the_desk(
        lambda: create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=RECEPTION)
    )
    return Desk(device, reporter)


def problems(answer: tuple[int, dict[str, Any]]) -> dict[str, str]:
    status, body = answer
    assert status == 422, body
    return {each["field"]: each["code"] for each in body["error"]["problems"]}


async def test_stored_once_and_answered_again(desk: Desk) -> None:
    await desk.report("K1")
    own = uuid.uuid4().hex
    first = await desk.hand_in("K1", satisfaction=4, pf=4, submission=own)
    assert first[0] == 201
    assert await desk.hand_in("K1", satisfaction=4, pf=4, submission=own) == (200, first[1])
    status, body = await desk.hand_in("K1", satisfaction=1, evalDetail="114")
    assert (status, body["error"]["code"]) == (410, "gone")
    # Used looks as expired does, also to what would not have been valid.
    assert await desk.hand_in("K1", satisfaction=9) == (410, body)
    assert await desk.stored("K1") == [{"level": 4, "channel": 4, "origin": "device"}]


async def test_the_address_and_the_key_are_one_claim(desk: Desk) -> None:
    await desk.report("K2")
    await desk.report("K3")
    ids = dict(await desk.device.pool.fetch("SELECT project_no, occasion_id FROM cases_occasionkey"))
    assert await desk.device.rate(ids["K2"], satisfaction=5) == (201, "")
    assert (await desk.hand_in("K2"))[0] == 410
    assert (await desk.hand_in("K3"))[0] == 201
    assert await desk.device.rate(ids["K3"], satisfaction=5) == (410, "gone")


async def test_who_was_in_time_stays_so_at_another_door(desk: Desk) -> None:
    """Though nobody could say, while the database was away, who had signed and what was meant."""
    await desk.report("K5")
    closes_at = RECEPTION + timedelta(seconds=1)
    await desk.device.pool.execute(
        "UPDATE cases_waiting SET window_at = $1, window_provisional = false", closes_at
    )
    submission = uuid.uuid4().hex
    sent = {
        "projectNo": "K5",
        "serviceNumber": 1,
        "satisfaction": 5,
        "pf": 3,
        "named": 0,
        "submission": submission,
    }
    nowhere = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await nowhere.close()
    away = await desk.attempt(sent, pool=nowhere)
    assert away.status == 503
    mark = dict(away.headers)[HEADER]
    desk.now = closes_at + timedelta(seconds=20)
    for another, given in ((sent, ""), (sent | {"submission": uuid.uuid4().hex}, mark)):
        assert (await desk.attempt(another, given)).status == 410
    assert (await desk.attempt(sent, mark)).status == 201
    assert await desk.device.pool.fetchval("SELECT received_at FROM ratings_rating") == RECEPTION


async def test_of_many_at_once_one_is_stored(desk: Desk) -> None:
    await desk.report("K4")
    answers = await asyncio.gather(*(desk.hand_in("K4", satisfaction=3) for _ in range(12)))
    assert sorted(status for status, _ in answers) == [201] + [410] * 11
    assert len(await desk.stored("K4")) == 1


async def test_services_that_are_rated_as_one_are_one_here_too(
    make_town: Callable[[str], Awaitable[Town]],
) -> None:
    town = await make_town(rules(frequency='{ per = "case" }'))
    town.at(11, 20)
    record = town.served(11, 20)
    for service in ("1", "2"):
        await town.report(record | {"serviceNumber": service})
    issued = await at_the_desk(
        lambda: create_client(organisation=AUTHORITY, rights=["rate"], actor="test", now=RECEPTION)
    )
    desk = Desk(
        Device(Sender(issued, town.sender.services, [town.citizen.now]), town.sender.services.pool), issued
    )
    desk.now = town.citizen.now
    number = record["projectNo"]
    assert [(await desk.hand_in(number, service=each))[0] for each in (2, 1, 2)] == [201, 410, 410]


async def test_what_is_not_its_own_is_as_if_it_were_not(desk: Desk) -> None:
    """Out of scope, of another platform, never reported, quarantined: one answer, byte for byte."""
    await desk.report("K7")
    strangers = await at_the_desk(
        lambda: create_client(organisation=BUREAU, rights=["rate"], actor="test", now=RECEPTION)
    )
    nobody = await desk.hand_in("K0")
    assert (nobody[0], nobody[1]["error"]["code"]) == (404, "unknown")
    assert await desk.hand_in("K7", strangers) == nobody
    assert await desk.hand_in("K7", service=2) == nobody
    await at_the_desk(
        lambda: change_client(
            client=desk.device.sender.issued.key, terms=Terms(listed=[AUTHORITY]), now=RECEPTION, actor="test"
        )
    )
    assert await desk.hand_in("K7") == nobody
    assert await desk.hand_in("K7", satisfaction=9, remark="x") == nobody
    assert await desk.stored("K7") == []


async def test_who_does_not_sign_or_may_not_rate_is_refused(desk: Desk) -> None:
    await desk.report("K8")
    status, body = await desk.hand_in("K8", desk.reporter)
    assert (status, body["error"]["code"]) == (403, "right_missing")
    unsigned = signed(desk.device.sender.issued, b"{}", RECEPTION, path="/api/v1/ratings", headers=JSON)
    bare = {name: value for name, value in unsigned.headers.items() if not name.startswith("x-hcp")}
    response = await rate_by_key(replace(unsigned, headers=bare), desk.device.sender.services)
    assert (response.status, json.loads(response.body)["error"]["code"]) == (401, "signature_missing")


async def test_everything_wrong_is_said_by_field(desk: Desk) -> None:
    await desk.report("K9")
    assert problems(await desk.hand_in("", service="0")) == {
        "projectNo": "required",
        "serviceNumber": "positive_integer",
    }
    assert problems(await desk.hand_in(["K9"], service=None)) == {
        "projectNo": "nested",
        "serviceNumber": "required",
    }
    wrong = {"pf": None, "satisfaction": 6, "assessTime": "2026-11-24 09:00:00", "userName": "何然涛"}
    assert problems(await desk.hand_in("K9", **wrong)) == {
        "pf": "required",
        "satisfaction": "unknown",
        "assessTime": "future",
        "userName": "unknown_field",
    }
    assert problems(await desk.hand_in("K9", assessTime="2026-11-19 23:00:00")) == {
        "assessTime": "before_service"
    }
    assert problems(await desk.hand_in("K9", assessTime="yesterday")) == {"assessTime": "date"}
    assert (await desk.hand_in("K9", assessTime="2026-11-20 09:30:00"))[0] == 201


async def test_a_number_is_taken_for_its_digits_and_the_dialect_for_the_rest(desk: Desk) -> None:
    await desk.report("530102001")
    await desk.device.learn(
        '[occasions]\ntimes = ["yyyy/MM/dd HH:mm"]\n[ratings.codes.satisfaction]\n0 = "5"\n1 = "4"\n4 = "1"\n'
    )
    sent = {"satisfaction": 4, "evalDetail": "114", "assessTime": "2026/11/20 09:30"}
    assert (await desk.hand_in(530102001, service=1, **sent))[0] == 201
    assert await desk.stored("530102001") == [{"level": 1, "channel": 3, "origin": "client"}]


async def test_a_system_of_the_rated_is_counted_apart_whatever_its_channel(desk: Desk) -> None:
    await desk.report("K10")
    own = await desk.device.pool.fetchval("SELECT organisation_id FROM cases_serviceoccasion LIMIT 1")
    rated = desk.device.sender.services.directory.current().organisation_by_id(own, RECEPTION.date())
    assert rated is not None
    client = await at_the_desk(
        lambda: create_client(
            organisation=rated.code, rights=["rate"], platform=AUTHORITY, actor="test", now=RECEPTION
        )
    )
    assert (await desk.hand_in("K10", client, pf="5"))[0] == 201
    assert await desk.stored("K10") == [{"level": 5, "channel": 5, "origin": "client_of_rated"}]
