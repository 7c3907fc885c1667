"""A correction says the level of the member of staff anew too, where he is rated beside the item; its order follows."""

from collections.abc import Awaitable, Callable

from haochaping.intake.http import Response
from haochaping.publication.proof import reconcile
from haochaping.rectification.states import Act, State
from tests.integration.intake.redress import Rater, rated
from tests.integration.intake.town import Town, rules
from tests.markup import Page

MakeTown = Callable[[str], Awaitable[Town]]
APART = '[{ subject = "item" }, { subject = "staff", rated = "apart" }]'
GOOD = {"satisfaction": "5", "evalDetail": []}


async def town_of(make_town: MakeTown, correction: str = "{}") -> Town:
    town = await make_town(rules(subjects=APART, correction=correction))
    town.at(11, 20)
    return town


async def correct(rater: Rater, **said: str) -> Response:
    """By the form, looked over and confirmed; what is not said stays as the form has it."""
    form = dict(Page((await rater.post("correction")).body).fields)
    looked_over = await rater.post("correction", **form | said)
    if looked_over.status != 200:
        return looked_over
    return await rater.post("correction", **dict(Page(looked_over.body).fields) | {"confirmed": "1"})


async def proved(rater: Rater) -> None:
    """All tallies, those of members of staff too, agree with the rows."""
    now = rater.town.citizen.now
    assert await rater.town.django(lambda: reconcile(now=now)) == ()


async def test_the_order_says_that_it_is_about_the_member_of_staff_and_is_withdrawn(
    make_town: MakeTown,
) -> None:
    rater = await rated(await town_of(make_town), **GOOD, staffSatisfaction="1", writingEvaluation="不耐烦")
    assert await rater.work() == 1
    await rater.lead(Act.TAKE)
    seen = await rater.seen()
    assert (seen.about_staff, seen.tags, seen.text) == (True, (), "不耐烦")
    form = Page((await rater.post("correction")).body)
    assert form.value("staffSatisfaction") == "1", "a correction begins with what stands"
    assert (await correct(rater)).status == 422, "nothing was changed"
    assert (await correct(rater, staffSatisfaction="4")).status == 201
    await rater.work()
    order = await rater.order()
    assert (order.state, order.exclusion) == (State.CLOSED, "corrected")
    text = (await rater.look()).text
    assert "对工作人员 满意" in text
    assert "对工作人员 非常不满意" in text, "what was said first is still his to see"
    assert await rater.town.counts() == {"occasions": 1, "n5": 1}
    await proved(rater)


async def test_a_bad_level_that_was_forgotten_opens_one(make_town: MakeTown) -> None:
    rater = await rated(await town_of(make_town), **GOOD)
    assert await rater.work() == 0
    assert (await correct(rater, staffSatisfaction="2", writingEvaluation="推诿")).status == 201
    assert await rater.work() == 1
    assert (await rater.order()).about_staff


async def test_nobody_is_rated_any_more_when_that_is_chosen(make_town: MakeTown) -> None:
    rater = await rated(await town_of(make_town), **GOOD, staffSatisfaction="1", writingEvaluation="不耐烦")
    assert await rater.work() == 1
    assert (await correct(rater, staffSatisfaction="")).status == 201
    assert await rater.town.citizen.database.fetchval("SELECT staff_level FROM ratings_laterword") == 0
    await rater.work()
    assert (await rater.order()).exclusion == "corrected"
    await proved(rater)


async def test_bad_of_the_item_too_it_is_no_longer_about_him_alone(make_town: MakeTown) -> None:
    rater = await rated(await town_of(make_town), **GOOD, staffSatisfaction="1", writingEvaluation="不耐烦")
    await rater.work()
    assert (await correct(rater, satisfaction="1", evalDetail="108")).status == 201
    await rater.work()
    order = await rater.order()
    assert (order.state, order.about_staff, order.tags) == (State.OPENED, False, [108])


async def test_the_direction_holds_for_him_as_well(make_town: MakeTown) -> None:
    rater = await rated(await town_of(make_town, '{ direction = "up" }'), **GOOD, staffSatisfaction="4")
    answer = await correct(rater, staffSatisfaction="3")
    assert answer.status == 422
    assert "对工作人员只能改为更满意的等次" in answer.body.decode()
    assert (await correct(rater, staffSatisfaction="5")).status == 201
