"""Window clerk, handler and business system of the rated organisation, with all their rights and all that they hold, try to
learn what was said, when and by whom."""

import json
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from haochaping.accounts.models import Official
from haochaping.accounts.operations.clients import create_client
from haochaping.accounts.operations.keys import IssuedKey
from haochaping.intake.http import Response
from haochaping.intake.quarantine_api import own_quarantine
from haochaping.intake.ratings_api import rate, rate_by_key
from haochaping.policy.keeping import one_edition
from haochaping.ratings.receipt import grouped
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from tests.integration.faces.citizen.person import receipt
from tests.integration.intake.town import Town, rules
from tests.orders import make_official
from tests.reporting import AUTHORITY, Sender, signed

MakeTown = Callable[[str], Awaitable[Town]]

RATED = "11539965MB8164648G"
APART = '[{ subject = "item" }, { subject = "staff", rated = "apart" }]'
SAID = "材料退了三次，何然涛商贸有限公司，请致电13888012345"
BAD = {"satisfaction": "1", "evalDetail": "108", "writingEvaluation": SAID}


@dataclass
class Visit:
    """What the rated side holds of a service: its record, and the slip that it printed."""

    record: dict[str, Any]
    path: str

    @property
    def token(self) -> str:
        return self.path.rpartition("/")[2]


async def visit(town: Town, hours: str) -> Visit:
    town.at(11, 20, hour=16)
    record = town.served(11, 20, hours=hours)
    path = await town.report(record)
    assert path is not None
    return Visit(record, path)


async def say(town: Town, seen: Visit, hour: int, minute: int, phone: str, **said: str) -> Response:
    """A citizen rates, at that time, with that phone."""
    town.at(11, 20, hour=hour, minute=minute)
    citizen = replace(town.citizen, address=f"203.0.113.{len(phone)}", headers={"user-agent": phone})
    form = {"satisfaction": "5", "named": "0", "submission": uuid.uuid4().hex} | said
    answer = await citizen.post(seen.path, form)
    assert answer.status == 201
    return answer


def plain(answer: Response, seen: Visit) -> tuple[int, str]:
    """Status and body without what the asker sent itself."""
    text = answer.body.decode()
    for own in (seen.token, seen.record["projectNo"]):
        text = text.replace(own, "OWN")
    return answer.status, text


async def as_clerk(town: Town, seen: Visit) -> list[tuple[int, str]]:
    """With the slip: opens it, sends forms right and wrong, by page and by interface, and takes it for a receipt."""
    form = {"satisfaction": "5", "named": "0", "submission": "0" * 32}
    typed = {"number": grouped(seen.token[:12]), "secret": grouped(seen.token[12:29])}
    answers = [
        await town.citizen.get(seen.path),
        await town.citizen.get(f"{seen.path}?lang=en&size=large"),
        await town.citizen.post(seen.path, form),
        await town.citizen.post(seen.path, form | {"satisfaction": "9"}),
        await town.citizen.post(seen.path, {}),
        await town.rate_by_api(seen.path),
        await town.rate_by_api(seen.path, satisfaction="9", staffSatisfaction="9"),
        await town.citizen.post("/receipt", typed),
    ]
    # A wrong receipt is told with what was typed.
    *others, looked_up = answers
    return [*(plain(answer, seen) for answer in others), (looked_up.status, "")]


async def as_system(town: Town, issued: IssuedKey, seen: Visit) -> list[object]:
    """With every right: reports again, progress, another clerk; hands ratings in both ways; asks what lies aside."""
    services, now = town.sender.services, town.citizen.now
    system = Sender(issued, services, [now])
    rating = {"satisfaction": "5", "pf": "4", "named": "0", "submission": "0" * 32}
    key = {name: seen.record[name] for name in ("projectNo", "serviceNumber")}
    done = seen.record | {"proStatus": "3", "resultDate": seen.record["serviceTime"]}
    found: list[object] = []
    for body in (rating, rating | {"satisfaction": "9", "assessTime": "2026-11-20 08:00:00"}):
        headers = {"content-type": "application/json"}
        by_key = signed(issued, json.dumps(key | body).encode(), now, path="/api/v1/ratings", headers=headers)
        found.append(plain(await rate_by_key(by_key, services), seen))
        by_token = signed(
            issued, json.dumps(body).encode(), now, path=f"/api/v1/ratings/{seen.token}", headers=headers
        )
        found.append(plain(await rate(replace(by_token, parameters={"token": seen.token}), services), seen))
    for record in (seen.record, done, done | {"proManagerNo": ""}, done | {"taskName": "失业保险金申领"}):
        answer = await system.post(json.dumps(record, ensure_ascii=False).encode())
        found.append(plain(answer, seen))
    asked = signed(issued, b"", now, method="GET", path="/api/v1/quarantine")
    found.append(plain(await own_quarantine(asked, services), seen))
    return found


@pytest.fixture(autouse=True)
def quick(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def client_of_the_rated(town: Town) -> IssuedKey:
    return create_client(
        organisation=RATED,
        platform=AUTHORITY,
        rights=["report", "rate", "quarantine"],
        actor="test",
        now=town.citizen.now,
    )


async def test_clerk_and_system_see_the_same_whatever_was_said_whenever_by_whom(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=APART))
    praised, lukewarm, damned = [await visit(town, f"09:{minute}:00") for minute in (10, 20, 30)]
    await say(town, praised, 10, 2, "one phone", staffSatisfaction="5")
    await say(town, lukewarm, 15, 47, "quite another phone", satisfaction="3")
    await say(town, damned, 11, 11, "a tablet", named="1", staffSatisfaction="1", **BAD)
    town.at(11, 20, hour=16)
    issued = await town.django(lambda: client_of_the_rated(town))
    clerk = [await as_clerk(town, seen) for seen in (praised, lukewarm, damned)]
    assert clerk[0] == clerk[1] == clerk[2]
    assert {status for status, _ in clerk[0]} == {404, 410}
    system = [await as_system(town, issued, seen) for seen in (praised, lukewarm, damned)]
    assert system[0] == system[1] == system[2]
    verdicts = [json.loads(text)["results"][0]["verdict"] for _, text in system[0][4:8]]  # type: ignore[misc]
    assert verdicts == ["repeated", "updated", "updated", "conflicting"]


async def test_used_expired_and_closed_are_one_answer(make_town: MakeTown) -> None:
    town = await make_town(rules())
    used, expired, silent = [await visit(town, f"09:{minute}:00") for minute in (10, 20, 30)]
    await say(town, used, 10, 2, "one phone", **BAD)
    town.at(12, 10)
    before = await as_clerk(town, expired)
    await town.sweep()
    town.at(12, 11)
    assert (
        await as_clerk(town, used) == before == await as_clerk(town, expired) == await as_clerk(town, silent)
    )


async def test_the_handler_sees_of_a_bad_rating_what_may_be_seen_and_of_others_nothing(
    make_town: MakeTown,
) -> None:
    town = await make_town(rules(subjects=APART))
    praised, damned = [await visit(town, f"09:{minute}:00") for minute in (10, 20)]
    receipts = [
        receipt(await say(town, praised, 10, 2, "one phone", staffSatisfaction="4")),
        receipt(await say(town, damned, 15, 47, "quite another phone", staffSatisfaction="1", **BAD)),
    ]
    ids = [str(row["id"]) for row in await town.citizen.database.fetch("SELECT id FROM ratings_rating")]

    def look() -> tuple[str, list[str], list[int]]:
        with one_edition(every=0):
            assert open_orders(now=town.citizen.now, limit=10) == 1
        own = town.sender.services.directory.current().organisation(RATED, town.citizen.now.date())
        assert own is not None
        handler = make_official(own.id, town.citizen.now, "handler")
        browser = Client()
        browser.force_login(Official.objects.get(id=handler))
        order = WorkOrder.objects.get()
        pages = [
            browser.get(path)
            for path in (
                "/console/",
                "/console/?show=closed",
                "/console/orders/",
                f"/console/orders/{order.id}/",
            )
        ]
        pages.append(browser.post(f"/console/orders/{order.id}/contact/", {"purpose": "核实情况"}))
        closed = [
            browser.get(f"/console/{page}/").status_code for page in ("senders", "quarantine", "coverage")
        ]
        translation.deactivate()
        seen = "\n".join(page.content.decode() for page in pages)
        return seen, [str(page.headers) for page in pages], closed

    seen, headers, closed = await town.django(look)
    assert "材料退了三次" in seen
    assert closed == [403, 403, 403]
    hidden = [*ids, "15:47", "10:02", "13888012345", "quite another phone", "203.0.113"]
    for each in (praised, damned):
        hidden += [each.token, each.record["userName"], each.record["certKey"]]
        # Two characters stand by chance in what is drawn: the number itself is a word.
        assert not re.search(rf"\b{each.record['projectNo']}\b", seen)
    for number, secret in receipts:
        hidden += [number, secret, number.replace("-", "")]
    assert [word for word in hidden if word.lower() in (seen + "".join(headers)).lower()] == []
