"""Static codes: a window is rated without a case, as the rules say, and no figure of the organisation's services moves."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from haochaping.cases import window_token
from haochaping.cli.main import main
from haochaping.faces.citizen.qr import svg
from haochaping.foundation.clock import now as clock_now
from haochaping.foundation.keys import key_for
from haochaping.policy.keeping import one_edition
from haochaping.publication.proof import reconcile
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.registry.operations import import_registry
from haochaping.registry.queries import directory
from tests.integration.faces.citizen.person import WINDOW, Citizen, receipt
from tests.integration.intake.town import Town, rules
from tests.markup import Page
from tests.occasions import database_address
from tests.reporting import REGISTRY

MakeTown = Callable[[str], Awaitable[Town]]

ONCE_A_DAY = """[[frequency]]
from = 2020-01-01
document = "d"
article = "第二条"
only = { subjects = ["window"] }
value = { per = "window_and_day" }
"""


def path_of(town: Town, code: str = WINDOW) -> str:
    window = town.citizen.services.directory.current().window(code, town.citizen.now.date())
    assert window is not None
    return f"/r/w/{window_token.mint(window.id, key_for(window_token.PURPOSE))}"


def form(**said: Any) -> dict[str, str]:
    return {"satisfaction": "4", "named": "0", "submission": uuid.uuid4().hex} | said


async def rows(town: Town) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in await town.citizen.database.fetch("SELECT * FROM ratings_rating ORDER BY received_at")
    ]


async def test_rated_by_whoever_stands_before_it(make_town: MakeTown) -> None:
    town = await make_town(rules())
    town.at(11, 20)
    path = path_of(town)
    page = await town.citizen.get(path.lower())
    text = Page(page.body).text
    assert page.status == 200
    assert "昆明市人力资源和社会保障局1号窗口" in text
    assert "昆明市政务服务中心" in text
    assert "办理事项" not in text
    assert len(page.body) <= 30_000
    assert not [each for tag, each in Page(page.body).tags if each.get("name") == "named"]
    sent = await town.citizen.fill(path, satisfaction="4")
    first, again = await town.citizen.post(path, sent), await town.citizen.post(path, sent)
    assert (first.status, again.status) == (201, 200)
    assert receipt(first) == receipt(again)
    (row,) = await rows(town)
    said = {name: row[name] for name in ("level", "occasion_id", "item_id", "staff_id", "channel", "origin")}
    assert said == {
        "level": 4,
        "occasion_id": None,
        "item_id": None,
        "staff_id": None,
        "channel": 3,
        "origin": "citizen",
    }
    place = [row[name] for name in ("window_id", "hall_id", "organisation_id", "division_id")]
    assert all(place)
    number, secret = receipt(first)
    back = await town.citizen.post("/receipt", {"number": number, "secret": secret})
    assert back.status == 200
    assert "满意" in Page(back.body).text
    assert (await town.citizen.post(path, form(named="1"))).status == 201
    assert not any(row["named"] for row in await rows(town))


async def test_where_the_rules_want_a_name_it_says_so(make_town: MakeTown) -> None:
    """Nobody is known here, so such a level can only be given by the code of a case."""
    town = await make_town(rules(naming="{ encouraged = true, anonymous = true, conditional = true }"))
    town.at(11, 20)
    path = path_of(town)
    refused = await town.citizen.post(path, form(satisfaction="1", writingEvaluation="无人在岗"))
    assert refused.status == 422
    assert "须实名" in Page(refused.body).text
    assert (await town.citizen.post(path, form(satisfaction="5"))).status == 201


async def test_a_bad_one_is_followed_by_an_order_and_moves_no_figure(make_town: MakeTown) -> None:
    town = await make_town(rules())
    town.at(11, 20)
    path = path_of(town)
    assert (await town.citizen.post(path, form(satisfaction="1"))).status == 422
    assert (await town.citizen.post(path, form(satisfaction="1", writingEvaluation="无人在岗"))).status == 201

    def work() -> tuple[int, str, int]:
        with one_edition(every=0):
            opened = open_orders(now=town.citizen.now, limit=10)
        return opened, WorkOrder.objects.get().text, len(reconcile(now=town.citizen.now))

    assert await town.django(work) == (1, "无人在岗", 0)
    assert await town.counts() == {}


async def test_the_same_submission_at_once_is_one_rating(make_town: MakeTown) -> None:
    town = await make_town(rules())
    town.at(11, 20)
    path = path_of(town)
    sent = await town.citizen.fill(path, satisfaction="5", named="0")
    answers = await asyncio.gather(*(town.citizen.post(path, sent) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len({receipt(answer) for answer in answers}) == len(await rows(town)) == 1


async def test_once_a_day_where_the_rules_say_so(make_town: MakeTown) -> None:
    town = await make_town(rules() + ONCE_A_DAY)
    town.at(11, 20)
    path = path_of(town)
    first = form()
    assert (await town.citizen.post(path, first)).status == 201
    assert (await town.citizen.post(path, first)).status == 200
    assert (await town.citizen.post(path, form(satisfaction="5"))).status == 410
    other = replace(town.citizen, headers={"user-agent": "another phone"})
    assert (await other.post(path, form())).status == 201
    town.at(11, 21, hour=0, minute=30)
    assert (await town.citizen.post(path, form(satisfaction="5"))).status == 201
    assert len(await rows(town)) == 3


async def test_what_the_rules_do_not_rate_without_a_case_is_over(make_town: MakeTown) -> None:
    needs = '[{ subject = "item" }, { subject = "window", needs_case = true }]'
    town = await make_town(rules(subjects=needs))
    town.at(11, 20)
    path = path_of(town)
    opened, posted = await town.citizen.get(path), await town.citizen.post(path, form())
    assert (opened.status, posted.status) == (410, 410)
    assert await rows(town) == []


async def test_a_forged_one_asks_nobody(make_town: MakeTown) -> None:
    town = await make_town(rules())
    blind: Citizen = town.citizen.with_services(pool=None, directory=None)
    for forged in ("0" * 21, "Z" * 21, "A" * 40, "x"):
        assert (await blind.get(f"/r/w/{forged}")).status == 404
        assert (await blind.post(f"/r/w/{forged}", form())).status == 404


async def test_the_database_away_keeps_what_was_typed(make_town: MakeTown) -> None:
    town = await make_town(rules())
    town.at(11, 20)
    path = path_of(town)
    await town.citizen.services.pool.close()
    answer = await town.citizen.post(path, form(writingEvaluation="等了很久"))
    assert answer.status == 503
    assert "等了很久" in Page(answer.body).text or b"\xe7\xad\x89\xe4\xba\x86" in answer.body


def test_the_codes_of_a_hall_are_written(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import_registry(directory=REGISTRY, now=clock_now(), actor="test")
    monkeypatch.setenv("DATABASE_URL", database_address())
    words = ["--address", "https://hcp.example.cn/", "--output", str(tmp_path)]
    assert main(["codes", "H530100", *words]) == 0
    windows = {
        each.code: each for each in directory().windows(clock_now().date()) if each.code.startswith("W530100")
    }
    assert {path.stem for path in tmp_path.iterdir()} == set(windows)
    token = window_token.mint(windows[WINDOW].id, key_for(window_token.PURPOSE))
    assert (tmp_path / f"{WINDOW}.svg").read_bytes() == svg(f"https://hcp.example.cn/r/w/{token}")
    assert main(["codes", "H0", *words]) != 0
    assert "H0" in capsys.readouterr().err
