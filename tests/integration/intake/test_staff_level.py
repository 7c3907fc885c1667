"""The member of staff is rated beside the item, where the rules say so: asked, stored, shown to the rater, followed by an
order where the rules lay one down."""

import json
import uuid
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from haochaping.intake.http import Response
from haochaping.policy.keeping import one_edition
from haochaping.publication.proof import reconcile
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.tallies.queries import staff_month_counts
from haochaping.tallies.rules import Counts
from tests.integration.faces.citizen.person import receipt
from tests.integration.intake.town import Town, days, rules
from tests.markup import Page

MakeTown = Callable[[str], Awaitable[Town]]

APART = '[{ subject = "item" }, { subject = "staff", rated = "apart" }]'
REQUIRED = '[{ subject = "item" }, { subject = "staff", rated = "apart", required = true }]'
NO_ORDER = """[[trigger]]
from = 2020-01-01
document = "d"
article = "第二条"
only = { subjects = ["staff"] }
absent = true
"""


async def served(town: Town, **changes: Any) -> str:
    town.at(11, 20)
    path = await town.report(town.served(11, 20, **changes))
    assert path is not None
    return path


def asked(body: bytes) -> list[str]:
    """What can be chosen for the member of staff, and nothing of it is."""
    found = [
        each for tag, each in Page(body).tags if tag == "input" and each.get("name") == "staffSatisfaction"
    ]
    assert not [each for each in found if "checked" in each]
    return [each["value"] for each in found]


async def send(town: Town, path: str, **said: Any) -> tuple[int, list[str], bytes]:
    """By the form; status, where the problems lead to, and the page."""
    form = {"satisfaction": "5", "named": "0", "submission": uuid.uuid4().hex} | said
    answer = await town.citizen.post(path, form)
    links = [each["href"] for tag, each in Page(answer.body).tags if tag == "a"]
    return answer.status, [each for each in links if each[0] == "#" and each != "#main"], answer.body


async def by_api(town: Town, path: str, **said: Any) -> tuple[int, dict[str, str]]:
    answer = await town.rate_by_api(path, **said)
    error = json.loads(answer.body).get("error", {})
    return answer.status, {each["field"]: each["code"] for each in error.get("problems", ())}


async def stored(town: Town) -> list[tuple[int, int]]:
    rows = await town.citizen.database.fetch("SELECT level, staff_level FROM ratings_rating")
    return sorted((row["level"], row["staff_level"] or 0) for row in rows)


async def orders(town: Town) -> int:
    """Opens what is due."""

    def work() -> int:
        with one_edition(every=0):
            return open_orders(now=town.citizen.now, limit=10)

    return await town.django(work)


async def test_without_a_word_in_the_rules_nobody_asks(make_town: MakeTown) -> None:
    """Kunming names staff as rated, and leaves open whether apart: 未规定, so off."""
    town = await make_town(rules())
    path = await served(town)
    assert asked((await town.citizen.get(path)).body) == []
    assert await by_api(town, path, staffSatisfaction="4") == (422, {"staffSatisfaction": "not_asked"})
    assert (await send(town, path, staffSatisfaction="4"))[0] == 422
    assert await stored(town) == []


async def test_asked_only_where_somebody_is_known(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=APART))
    alone = await served(town, proManagerNo="")
    assert asked((await town.citizen.get(alone)).body) == []
    assert await by_api(town, alone, staffSatisfaction="4") == (422, {"staffSatisfaction": "not_asked"})
    path = await served(town)
    assert asked((await town.citizen.get(path)).body) == ["5", "4", "3", "2", "1", ""]
    assert asked((await town.citizen.get(f"{path}?lang=en")).body) == ["5", "4", "3", "2", "1", ""]


async def test_both_levels_are_stored_and_shown_to_the_rater_alone(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=APART))
    first, second, third = await served(town), await served(town), await served(town)
    status, _, body = await send(town, first, satisfaction="4", staffSatisfaction="3")
    assert status == 201
    assert (await send(town, second, staffSatisfaction=""))[0] == 201
    assert (await by_api(town, third, satisfaction=4, staffSatisfaction=5))[0] == 201
    assert await stored(town) == [(4, 3), (4, 5), (5, 0)]
    number, secret = receipt(Response(201, body))
    shown = Page((await town.citizen.post("/receipt", {"number": number, "secret": secret})).body).text
    assert "对工作人员 基本满意" in shown
    # One rating each, by the item's level: the other one is no second vote for the organisation.
    assert await town.counts() == {"occasions": 3, "n4": 2, "n5": 1}
    ((_, month), figures), *others = (await town.django(staff_month_counts)).items()
    assert (month, figures, others) == (date(2026, 11, 1), Counts(n3=1, n5=1), [])
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_a_word_in_place_of_silence_takes_the_default_from_his_figures(make_town: MakeTown) -> None:
    silence = f"{{ level = 4, limit = {days(2)} }}"
    may_follow = f"{{ allowed = true, limit = {days(5, after='default')} }}"
    town = await make_town(rules(subjects=APART, window=days(2), default=silence, after_default=may_follow))
    path = await served(town)
    town.at(11, 25)
    assert await town.sweep() == 1
    assert list((await town.django(staff_month_counts)).values()) == [Counts(d4=1)]
    assert (await by_api(town, path, staffSatisfaction=1, writingEvaluation="不耐烦"))[0] == 201
    assert list((await town.django(staff_month_counts)).values()) == [Counts(n1=1)]
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_required_where_the_rules_require_it(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=REQUIRED))
    path = await served(town)
    assert asked((await town.citizen.get(path)).body) == ["5", "4", "3", "2", "1"]
    assert await by_api(town, path) == (422, {"staffSatisfaction": "required"})
    status, problems, body = await send(town, path, staffSatisfaction="9", writingEvaluation="窗口很快")
    assert (status, problems) == (422, ["#staff-level-5"])
    assert "窗口很快" in Page(body).text
    assert (await send(town, path, staffSatisfaction="1", writingEvaluation="态度生硬"))[0] == 201


async def test_a_bad_level_of_staff_alone_needs_words_and_opens_an_order(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=APART, bad_needs_reason="true"))
    path = await served(town)
    bad = {"staffSatisfaction": "2", "evalDetail": "510"}
    assert await by_api(town, path, **bad) == (422, {"writingEvaluation": "staff_reason_needed"})
    assert (await send(town, path, **bad, writingEvaluation="不耐烦"))[0] == 201
    assert await orders(town) == 1
    assert await town.django(lambda: WorkOrder.objects.get().text) == "不耐烦"


async def test_what_it_sets_off_is_the_word_of_the_rules(make_town: MakeTown) -> None:
    town = await make_town(rules(subjects=APART) + NO_ORDER)
    one, other = await served(town), await served(town)
    assert (await send(town, one, staffSatisfaction="1", writingEvaluation="不耐烦"))[0] == 201
    assert await orders(town) == 0
    assert (await send(town, other, satisfaction="1", evalDetail="108", staffSatisfaction="1"))[0] == 201
    assert await orders(town) == 1
