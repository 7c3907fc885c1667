"""Static codes: windows, halls, platforms and guides are rated without a case, as the rules say, and no figure of the
organisation's services moves."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from haochaping.cases import static_code
from haochaping.cases.static_code import StaticCode
from haochaping.cli.main import main
from haochaping.faces.shared.qr import svg
from haochaping.foundation.clock import now as clock_now
from haochaping.foundation.keys import key_for
from haochaping.policy.keeping import in_force, one_edition
from haochaping.publication.proof import reconcile
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.rated import Rated, rated
from haochaping.registry.operations import import_registry
from haochaping.registry.queries import directory
from tests.integration.faces.citizen.person import ITEM, WINDOW, Citizen, receipt
from tests.integration.intake.town import Town, rules
from tests.markup import Page
from tests.occasions import database_address
from tests.reporting import REGISTRY

PLATFORM = "11531103MB0661353G"
MakeTown = Callable[[str], Awaitable[Town]]

ONCE_A_DAY = """[[frequency]]
from = 2020-01-01
document = "d"
article = "第二条"
only = { subjects = ["window"] }
value = { per = "window_and_day" }
"""


SUBJECTS = '[{ subject = "item" }, { subject = "hall" }, { subject = "platform" }, { subject = "guide" }]'


def path_of(town: Town, subject: str = "window", code: str = WINDOW) -> str:
    directory, day = town.citizen.services.directory.current(), town.citizen.now.date()
    find = {
        "window": directory.window,
        "hall": directory.hall,
        "platform": directory.organisation,
        "guide": directory.item,
    }
    thing = find[subject](code, day)
    assert thing is not None
    return f"/r/w/{static_code.mint(StaticCode(subject, thing.id), key_for(static_code.PURPOSE))}"


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
        "origin": None,
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


@pytest.mark.parametrize(
    ("subject", "code", "told", "copied", "responsible"),
    [
        ("hall", "H530100", "昆明市政务服务中心", ("hall_id",), "authority"),
        ("guide", ITEM, "办事指南", ("item_id",), "department"),
        ("platform", PLATFORM, "服务平台", (), "hotline"),
    ],
)
async def test_what_is_no_window_is_rated_and_a_bad_one_finds_who_answers(
    make_town: MakeTown, subject: str, code: str, told: str, copied: tuple[str, ...], responsible: str
) -> None:
    town = await make_town(rules(subjects=SUBJECTS))
    town.at(11, 20)
    path = path_of(town, subject, code)
    page = await town.citizen.get(path)
    assert page.status == 200
    assert told in Page(page.body).text
    sent = await town.citizen.post(path, form(satisfaction="1", writingEvaluation="指引不清"))
    assert sent.status == 201
    (row,) = await rows(town)
    ids = ("hall_id", "window_id", "item_id", "staff_id", "occasion_id")
    assert tuple(name for name in ids if row[name] is not None) == copied
    organisation = town.citizen.services.directory.current().organisation_by_id(
        row["organisation_id"], row["service_day"]
    )
    assert organisation is not None
    assert organisation.kind == responsible
    number, secret = receipt(sent)
    back = await town.citizen.post("/receipt", {"number": number, "secret": secret})
    thing = path_thing(town, subject, code)
    assert thing in Page(back.body).text

    def work() -> tuple[Rated | None, int]:
        with one_edition(every=0):
            open_orders(now=town.citizen.now, limit=10)
            order = WorkOrder.objects.get()
            governs = governed(order, at=town.citizen.now, rulebook=in_force().rulebook)
            assert governs is not None
        return rated([order]).get(order.subject_id), len(reconcile(now=town.citizen.now))

    assert await town.django(work) == (Rated(subject, thing), 0)
    assert await town.counts() == {}


def path_thing(town: Town, subject: str, code: str) -> str:
    """What it is called."""
    directory, day = town.citizen.services.directory.current(), town.citizen.now.date()
    find = {"hall": directory.hall, "guide": directory.item, "platform": directory.organisation}
    thing = find[subject](code, day)
    assert thing is not None
    return str(thing.name)


async def test_where_nobody_answers_a_hall_is_not_rated(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=SUBJECTS))
    town.at(11, 20)
    path = path_of(town, "hall", "H530100")
    keeper = town.citizen.services.directory
    blind = town.citizen.with_services(directory=Nobody(keeper.current()))
    assert (await blind.get(path)).status == 410
    assert (await town.citizen.get(path)).status == 200


class Nobody:
    """A registry that tells of no authority."""

    def __init__(self, directory: Any) -> None:
        self._directory = copy(directory)
        self._directory._authorities = {}

    def current(self) -> Any:
        return self._directory


async def test_a_day_of_a_window_is_no_limit_of_a_hall(make_town: MakeTown) -> None:
    """同一窗口每日一评 says nothing of halls; 同一评价人每日一评 does."""
    of_all = ONCE_A_DAY.replace('only = { subjects = ["window"] }\n', "")
    town = await make_town(rules(subjects=SUBJECTS) + of_all)
    town.at(11, 20)
    path = path_of(town, "hall", "H530100")
    assert [(await town.citizen.post(path, form())).status for _ in range(2)] == [201, 201]
    by_rater = of_all.replace("window_and_day", "rater_and_day")
    town = await make_town(rules(subjects=SUBJECTS) + by_rater)
    town.at(11, 21)
    assert [(await town.citizen.post(path, form())).status for _ in range(2)] == [201, 410]


async def test_what_it_means_later_is_said_by_the_rules_for_it(make_town: MakeTown) -> None:
    """A correction of a hall's rating is offered by the rules for halls, not by those for items."""
    correction = """[[correction]]
from = 2020-01-01
document = "d"
article = "第三条"
only = { subjects = ["hall"] }
value = { limit = { n = 24, unit = "hour", after = "rating" }, counts = "last" }
"""
    town = await make_town(rules(subjects=SUBJECTS) + correction)
    town.at(11, 20)
    offered = {}
    for subject, code in (("hall", "H530100"), ("guide", ITEM)):
        number, secret = receipt(await town.citizen.post(path_of(town, subject, code), form()))
        back = await town.citizen.post("/receipt", {"number": number, "secret": secret})
        offered[subject] = "更正评价" in Page(back.body).text
    assert offered == {"hall": True, "guide": False}


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


def test_the_codes_of_a_hall_and_its_windows_are_written(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import_registry(directory=REGISTRY, now=clock_now(), actor="test")
    monkeypatch.setenv("DATABASE_URL", database_address())
    words = ["--address", "https://hcp.example.cn/", "--output", str(tmp_path)]
    assert main(["codes", "H530100", *words]) == 0
    windows = {
        each.code: each for each in directory().windows(clock_now().date()) if each.code.startswith("W530100")
    }
    assert {path.stem for path in tmp_path.iterdir()} == {*windows, "hall-H530100"}
    token = static_code.mint(StaticCode("window", windows[WINDOW].id), key_for(static_code.PURPOSE))
    assert (tmp_path / f"{WINDOW}.svg").read_bytes() == svg(f"https://hcp.example.cn/r/w/{token}")
    assert main(["codes", "H530100", "--of", "hall", "--form", "png", *words]) == 0
    assert (tmp_path / "hall-H530100.png").exists()
    assert not (tmp_path / f"{WINDOW}.png").exists()
    capsys.readouterr()
    # Kunming's rules name no guides: they are counted, and not written.
    assert main(["codes", "11539436MB36597916", "--of", "guide", *words]) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 codes written")
    assert "not written" in said
    assert main(["codes", "H0", *words]) != 0
    assert "H0" in capsys.readouterr().err
