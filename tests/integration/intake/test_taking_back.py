"""A rating is taken back as a whole, where the rules allow it: out of every figure, its order withdrawn, kept as it was."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.policy.keeping import one_edition
from haochaping.publication.proof import reconcile
from haochaping.ratings.operations import default_taken_back
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act, RaterAct, State
from tests.integration.intake.redress import Rater, answered, rated
from tests.integration.intake.town import Town, days, rules
from tests.markup import Page

MakeTown = Callable[[str], Awaitable[Town]]
LIMIT = days(3, "calendar_day", "rating")
OFFER = "撤回评价"


def back(effect: str, **more: str) -> str:
    return rules(withdrawal=f'{{ allowed = true, limit = {LIMIT}, effect = "{effect}" }}', **more)


async def town_of(make_town: MakeTown, text: str) -> Town:
    town = await make_town(text)
    town.at(11, 20)
    return town


async def counts(town: Town) -> dict[str, int]:
    """What the tallies say, proved against the rows."""
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()
    return await town.counts()


async def take_back(rater: Rater) -> int:
    return (await rater.post("withdrawal", confirmed="1")).status


async def silence(town: Town) -> int:
    def work() -> int:
        with one_edition(every=0):
            return default_taken_back(now=town.citizen.now)

    return await town.django(work)


async def test_asked_once_more_then_out_of_the_figures_before_there_was_an_order(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated"))
    rater = await rated(town)
    assert await counts(town) == {"occasions": 1, "n1": 1}
    assert OFFER in (await rater.look()).text
    asked = await rater.post("withdrawal")
    assert asked.status == 200
    for words in ("撤回后不能恢复", "视为没有评价", "非常不满意", "截至2026年11月23日"):
        assert words in Page(asked.body).text, words
    assert await counts(town) == {"occasions": 1, "n1": 1}, "not before it is confirmed"
    assert [await take_back(rater), await take_back(rater)] == [201, 200]
    assert await counts(town) == {"occasions": 1}
    assert await rater.work() == 0
    assert not await town.django(WorkOrder.objects.exists)
    excluded = AuditEntry.objects.filter(act="order.excluded", result="taken_back")
    assert await town.django(excluded.exists)
    page = await rater.look()
    assert "评价已撤回" in page.text
    assert OFFER not in page.text
    for act in ("correction", "supplement", "verdict"):
        assert (await rater.post(act)).status == 410
    entry = await town.django(lambda: AuditEntry.objects.get(act="ratings.withdrawal"))
    assert (entry.actor, entry.clause) == ("rater", "《示例办法》第一条")


async def test_not_counted_its_occasion_leaves_the_figures_as_well(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("not_counted"))
    rater, other = await rated(town), await rated(town, satisfaction="5", evalDetail=[])
    assert await take_back(rater) == 201
    assert await counts(town) == {"occasions": 1, "n5": 1}
    assert "不计入评价统计" in (await rater.look()).text
    assert OFFER in (await other.look()).text


async def test_what_was_corrected_is_taken_back_as_it_stands(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated", correction="{ times = 2 }"))
    rater = await rated(town)
    asked = dict(Page((await rater.post("correction")).body).fields)
    said = asked | {"satisfaction": "4", "evalDetail": "", "confirmed": "1"}
    assert (await rater.post("correction", **said)).status == 201
    assert await counts(town) == {"occasions": 1, "n4": 1}
    assert await take_back(rater) == 201
    assert await counts(town) == {"occasions": 1}


async def test_silence_then_counts_once_and_nobody_can_rate_it(make_town: MakeTown) -> None:
    default = f"{{ level = 4, limit = {days(7, 'calendar_day', 'service')} }}"
    town = await town_of(make_town, back("unrated", default=default))
    path = await town.report(town.served(11, 20))
    rater = await rated(town)
    assert path is not None
    assert await take_back(rater) == 201
    town.at(11, 27, 23, 59)
    assert await silence(town) == 0
    town.at(11, 28, 0)
    assert sorted(await asyncio.gather(*(silence(town) for _ in range(3)))) == [0, 0, 1]
    assert await counts(town) == {"occasions": 2, "d4": 1}
    number = await town.citizen.database.fetchval("SELECT id FROM ratings_rating")
    assert (await town.citizen.get(town.citizen.link(number))).status == 410


async def test_silence_beyond_the_notices_waits_for_them(make_town: MakeTown) -> None:
    default = f"{{ level = 4, limit = {days(40)} }}"
    town = await town_of(make_town, back("unrated", default=default))
    assert await take_back(await rated(town)) == 201
    kept = await town.citizen.database.fetchrow("SELECT * FROM ratings_withdrawal")
    assert kept is not None
    assert kept["silence_provisional"]
    town.sender.now[0] = town.citizen.now = kept["silence_at"]
    assert await silence(town) == 0
    assert await counts(town) == {"occasions": 1}


async def test_an_open_order_is_withdrawn_and_nobody_is_contacted(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated"))
    rater = await answered(town, named="1")
    assert await take_back(rater) == 201
    await rater.work()
    order = await rater.order()
    assert (order.state, order.exclusion, order.named) == (State.CLOSED, "taken_back", False)
    assert order.closed_at == datetime(2026, 11, 20, tzinfo=CN), "as of the day"
    assert (await rater.seen()).by_rater == (RaterAct.TAKEN_BACK,)
    await rater.work()
    assert (await rater.order()).revision == order.revision
    text = (await rater.look()).text
    assert "您撤回了评价，这张工单已经撤销" in text
    assert "撤回联系同意" not in text


async def test_what_was_handled_to_its_end_stays_handled(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated"))
    rater = await rated(town)
    await rater.work()
    await rater.lead(Act.CLOSE)
    assert await take_back(rater) == 201
    await rater.work()
    order = await rater.order()
    assert (order.state, order.exclusion) == (State.CLOSED, "")
    assert await counts(town) == {"occasions": 1}


async def test_in_its_time_and_where_the_rules_allow_it(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated"))
    rater = await rated(town)
    town.at(11, 24, 0)
    assert OFFER not in (await rater.look()).text
    assert (await rater.post("withdrawal")).status == 410
    assert await take_back(rater) == 410
    assert await counts(town) == {"occasions": 1, "n1": 1}


@pytest.mark.parametrize("text", [rules(), rules(withdrawal="{ allowed = false }"), back("rate_again")])
async def test_else_nothing_is_offered(make_town: MakeTown, text: str) -> None:
    town = await town_of(make_town, text)
    rater = await rated(town)
    assert OFFER not in (await rater.look()).text
    assert await take_back(rater) == 410


async def test_many_at_once_are_one(make_town: MakeTown) -> None:
    town = await town_of(make_town, back("unrated"))
    rater = await rated(town)
    assert sorted(await asyncio.gather(*(take_back(rater) for _ in range(5)))) == [200] * 4 + [201]
    assert await counts(town) == {"occasions": 1}
