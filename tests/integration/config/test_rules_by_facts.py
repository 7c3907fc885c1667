"""One city, several rules: what the registry and the sender tell decides which window, words, default and limit apply.

Records come through the signed API, citizens through their pages and the interface, officials through the acts. The rules
are data alone (tests/data/selected_by_facts): a line of departments and halls of their own, above Kunming's.
"""

import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import create_client
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.intake.http import Request
from haochaping.intake.ratings_api import rate
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import keeper, one_edition
from haochaping.policy.tags import Tags
from haochaping.ratings.models import DefaultRating
from haochaping.ratings.operations import default_due
from haochaping.ratings.receipt import receipt_keys
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.states import Act
from haochaping.registry.operations import import_registry
from haochaping.registry.queries import organisation
from tests.integration.faces.citizen.person import Citizen
from tests.markup import Page
from tests.occasions import database_address
from tests.orders import lead_to, make_official
from tests.reporting import AUTHORITY, REGISTRY, ROOT, Sender, services

SERVED = datetime(2026, 3, 2, 10, 0, tzinfo=CN)  # a Monday; no holiday follows for five weeks
POLICE, EMPLOYMENT = "11532216MB3585447A", "11539436MB36597916"
# Item, window: of the police in the government's hall and in their own, of the employment bureau.
MOVE, LICENCE = POLICE + "075301000000001", EMPLOYMENT + "015301000000201"
NAMES = {MOVE: "户口迁移", LICENCE: "劳务派遣经营许可"}
GOVERNMENT, OWN, DESK = "W530100000", "W530100900", "W530100010"
LABELS = re.compile(r'id="level-\d".*?<span[^>]*>(.*?)</span>', re.DOTALL)
CITY = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
LINE = ["很好", "较好", "一般", "差"]


class City:
    """The business system and the citizen before one and the same system, at a time that the test sets."""

    def __init__(self, sender: Sender, citizen: Citizen) -> None:
        self.sender, self.citizen = sender, citizen
        self._reported = 0

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """Sets the clock, in local time of 2026; the instant."""
        moment = datetime(2026, month, day, hour, minute, tzinfo=CN).astimezone(UTC)
        self.sender.now[0] = moment
        self.citizen = replace(self.citizen, now=moment)
        return moment

    async def serve(self, item: str, **told: str) -> str:
        """Reports one service of the item; the path of its page."""
        self._reported += 1
        codes = {
            "deptCode": item[:18],
            "taskCode": item[:31],
            "taskHandleItem": item,
            "taskName": NAMES[item],
        }
        (result,) = await self.sender.report(RECORD | codes | {"projectNo": f"P{self._reported}"} | told)
        assert result["verdict"] == "accepted", result
        return f"/r/{result['url'].rpartition('/r/')[2]}"

    async def page(self, path: str) -> tuple[int, list[str], str]:
        """The page's status, the levels that it offers, the last day that it names ("" for none)."""
        answer = await self.citizen.get(path)
        found = Page(answer.body)
        times = [attributes["datetime"] for tag, attributes in found.tags if tag == "time"]
        return (
            answer.status,
            [one.replace("<wbr>", "") for one in LABELS.findall(answer.body.decode())],
            times[1] if len(times) > 1 else "",
        )

    async def rate(self, path: str, **said: Any) -> tuple[int, list[str]]:
        """A rating through the interface; the status and the fields that were refused."""
        content = {"named": 0, "submission": uuid.uuid4().hex} | said
        request = Request(
            method="POST",
            path=f"/api/v1/ratings/{path.rpartition('/')[2]}",
            query="",
            headers={"content-type": "application/json"},
            address="203.0.113.9",
            received_at=self.citizen.now,
            body=json.dumps(content).encode(),
            parameters={"token": path.rpartition("/")[2]},
        )
        answer = await rate(request, self.citizen.services)
        problems = json.loads(answer.body).get("error", {}).get("problems", [])
        return answer.status, [each["field"] for each in problems]


RECORD = {
    "areaCode": "530100",
    "proStatus": "3",
    "userName": "何文",
    "userProp": "1",
    "userPageType": "414",
    "certKey": "E12345678",
    "acceptDate": "2026-03-02 09:30:00",
    "serviceName": "办结",
    "serviceNumber": "1",
    "serviceTime": "2026-03-02 10:00:00",
    "resultDate": "2026-03-02 10:00:00",
    "projectType": "1",
    "proChannel": "2",
}


def _registry(folder: Path) -> Path:
    """Kunming's six files, with lines, kinds of halls, and a hall that the police run themselves."""
    said = {
        "organisations": ("department", {EMPLOYMENT: "hrss"}, []),
        "halls": (
            "kind",
            {"H530100": "government_hall"},
            ["H530100P,昆明市公安局办证大厅,530100,,,own_hall"],
        ),
        "windows": ("", {}, [f"{OWN},昆明市公安局办证大厅1号窗口,H530100P,{POLICE},,"]),
    }
    for source in REGISTRY.glob("*.csv"):
        column, facts, added = said.get(source.stem, ("", {}, []))
        header, *rows = source.read_text("utf-8").splitlines()
        if column:
            header, rows = f"{header},{column}", [f"{row},{facts.get(row.split(',')[0], '')}" for row in rows]
        (folder / source.name).write_text("\n".join([header, *rows, *added, ""]), "utf-8")
    return folder


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules of the test in this process, and the others again after it."""
    with monkeypatch.context() as patch:
        patch.setenv("HAOCHAPING_RULES_DIR", str(ROOT / "tests/data/selected_by_facts"))
        yield
    keeper().look()


@pytest.fixture
async def city(committed_db: None, rules: None, tmp_path: Path) -> AsyncIterator[City]:
    now = [SERVED.astimezone(UTC)]

    def prepare() -> Any:
        import_registry(directory=_registry(tmp_path), now=now[0], actor="test")
        return create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=now[0])

    issued = await in_django(prepare)
    async with AsyncExitStack() as opened:
        pool = await opened.enter_async_context(
            asyncpg.create_pool(database_address(), min_size=1, max_size=4)
        )
        writer = Writer(database_address(), keys=receipt_keys(), now=lambda: now[0])
        opened.push_async_callback(writer.close)
        system = replace(await services(pool, lambda: now[0]), writer=writer, tags=Tags.load())
        database: Any = await opened.enter_async_context(pool.acquire())
        yield City(Sender(issued, system, now), Citizen(system, now[0], database))


async def in_django(act: Callable[..., Any], **given: Any) -> Any:
    """What the worker or an official does, by the rules in force then, with a connection that is closed after it."""

    def done() -> Any:
        try:
            with one_edition(every=0):
                return act(**given)
        finally:
            connection.close()

    return await sync_to_async(done)()


async def swept(city: City, month: int, day: int) -> list[int]:
    """The default levels that stand after the sweep at one hour past midnight of this day."""
    await in_django(default_due, now=city.at(month, day, 1, 30))
    return await in_django(lambda: sorted(DefaultRating.objects.values_list("level", flat=True)))


async def test_each_place_has_the_window_and_the_words_of_its_own_rules(city: City) -> None:
    pages = {
        "city": await city.page(await city.serve(MOVE, windowNo=GOVERNMENT)),
        "unknown place": await city.page(await city.serve(MOVE)),
        "own hall": await city.page(await city.serve(MOVE, windowNo=OWN)),
        "line": await city.page(await city.serve(LICENCE, windowNo=DESK)),
        "line online": await city.page(await city.serve(LICENCE, windowNo=DESK, proChannel="1")),
    }
    assert pages == {
        "city": (200, CITY, "2026-03-09"),
        "unknown place": (200, CITY, "2026-03-09"),
        "own hall": (200, CITY, "2026-03-05"),
        "line": (200, LINE, "2026-03-12"),
        "line online": (200, LINE, "2026-03-22"),
    }


async def test_silence_counts_by_the_rules_of_its_own_place(city: City) -> None:
    await city.serve(MOVE, windowNo=GOVERNMENT)
    await city.serve(MOVE, windowNo=OWN)
    line = await city.serve(LICENCE, windowNo=DESK)
    assert await swept(city, 3, 5) == []
    assert await swept(city, 3, 6) == [4]
    assert await swept(city, 3, 9) == [4]
    assert await swept(city, 3, 10) == [3, 4]
    assert await in_django(
        lambda: [entry.clause for entry in AuditEntry.objects.filter(act="ratings.default")]
    ) == [
        "《关于部门自设大厅评价的决定（虚构）》第二条",
        "《昆明市政务服务“好差评”实施办法》第七条",
    ]
    city.at(3, 12, 23, 59)
    assert (await city.page(line))[0] == 200
    assert await swept(city, 3, 14) == [3, 4]
    assert (await city.page(line))[0] == 410


async def test_the_interface_takes_what_the_rules_of_the_place_offer(city: City) -> None:
    by_city, by_line = await city.serve(MOVE, windowNo=GOVERNMENT), await city.serve(LICENCE, windowNo=DESK)
    # Level 3 is good for the city; the line calls it bad and so wants a reason. It has no level 2.
    assert await city.rate(by_line, satisfaction=2, writingEvaluation="慢") == (422, ["satisfaction"])
    assert await city.rate(by_line, satisfaction=3) == (422, ["evalDetail"])
    assert await city.rate(by_city, satisfaction=3) == (201, [])
    assert await city.rate(by_line, satisfaction=3, writingEvaluation="慢") == (201, [])
    # A bad rating of their own hall needs a real name, and the page says so.
    by_hall = await city.serve(MOVE, windowNo=OWN)
    assert "评价为“不满意”或“非常不满意”的，须实名" in (await city.citizen.get(by_hall)).body.decode()
    assert await city.rate(by_hall, satisfaction=1, writingEvaluation="慢") == (422, ["named"])
    assert await city.rate(by_hall, satisfaction=1, writingEvaluation="慢", named=1) == (201, [])
    city.at(3, 2, 12)
    assert await in_django(open_orders, now=city.citizen.now, limit=10) == 2


async def test_an_order_has_the_limit_of_the_rules_of_its_place(city: City) -> None:
    """Kunming: fifteen working days; a hall of their own: one from receipt, for what was found true; the line: five, two
    for a permit rated by name."""
    named = {"satisfaction": 1, "writingEvaluation": "慢", "named": 1}
    served = [(MOVE, GOVERNMENT, 0), (MOVE, OWN, 1), (LICENCE, DESK, 0), (LICENCE, DESK, 1)]
    for item, window, anonymous in served:
        path = await city.serve(item, windowNo=window)
        assert await city.rate(path, **named | {"named": anonymous}) == (201, [])
    now = city.at(3, 3, 10)
    found = await in_django(_verified, now=now)
    assert found == {
        (POLICE, False): ("2026-03-25", "《昆明市政务服务“好差评”实施办法》第十二条"),
        (POLICE, True): ("2026-03-05", "《关于部门自设大厅评价的决定（虚构）》第三条"),
        (EMPLOYMENT, False): ("2026-03-11", "《人社条线评价规定（虚构）》第五条"),
        (EMPLOYMENT, True): ("2026-03-06", "《人社条线评价规定（虚构）》第六条"),
    }


def _verified(now: datetime) -> dict[tuple[str, bool], tuple[str, str]]:
    """Opens and verifies all orders; by organisation and 实名 the first local day past the limit, and the clause."""
    open_orders(now=now, limit=10)
    found = {}
    for order in WorkOrder.objects.all():
        of = organisation(order.organisation_id, now.date())
        assert of is not None
        handler = make_official(order.organisation_id, now, f"handler{order.number.lower()}")
        verified = lead_to(order, Act.VERIFY, handler, now)
        assert verified.due_at is not None
        found[of.credit_code, order.named] = (
            verified.due_at.astimezone(CN).date().isoformat(),
            verified.due_clause,
        )
    return found
