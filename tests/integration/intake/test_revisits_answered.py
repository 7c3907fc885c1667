"""The rater answers a revisit by the receipt; the worker takes it in once, and what the rules say follows."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict
from haochaping.intake.http import Response
from haochaping.jobs.hourly import revisits
from haochaping.oversight.models import Revisit, RevisitAnswer
from haochaping.oversight.operations.online import take_in_answers
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.queries.revisits import revisit
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import State
from tests.integration.intake.redress import Rater, answered
from tests.integration.intake.town import Town, rules
from tests.markup import Page

MakeTown = Callable[[str], Awaitable[Town]]
BUTTON = "回答回访"
ASK = "还有什么问题"


def laid_down(more: str = "") -> str:
    value = f'{{ of = "bad", share = 1, by = "handling_unit", asks = ["{ASK}"]{more} }}'
    return rules(revisits=f'{value}\nkey = "each"')


async def to_be_asked(make_town: MakeTown, text: str, **said: Any) -> Rater:
    """Who has an answer, and whose revisit is due."""
    town = await make_town(text)
    town.at(11, 20)
    rater = await answered(town, **{"named": "1", **said})
    assert BUTTON not in (await rater.look()).text
    await rater.ruled(revisits.run, now=town.citizen.now)
    return rater


async def answer(rater: Rater, **said: str) -> tuple[Response, dict[str, str]]:
    """By the questionnaire, looked over and confirmed; the last answer, and what was sent with it."""
    form = dict(Page((await rater.post("revisit")).body).fields)
    looked_over = await rater.post("revisit", submission=form["submission"], **said)
    assert looked_over.status == 200, Page(looked_over.body).text
    sent = dict(Page(looked_over.body).fields) | {"confirmed": "1"}
    return await rater.post("revisit", **sent), sent


async def take_in(rater: Rater) -> int:
    return await rater.ruled(take_in_answers, now=rater.town.citizen.now)


async def kept(rater: Rater) -> Revisit:
    return await rater.town.django(Revisit.objects.get)


async def test_an_answer_is_looked_over_kept_once_and_taken_in_once(make_town: MakeTown) -> None:
    rater = await to_be_asked(make_town, laid_down(', unsatisfied = "reopen"'))
    assert BUTTON in (await rater.look()).text
    said = {"satisfied": "no", "answer-0": "还是要排队", "note": "请回电13888012345"}
    done, sent = await answer(rater, **said)
    assert done.status == 201, Page(done.body).text
    again = await rater.post("revisit", **sent)
    assert (again.status, "已收到" in Page(again.body).text) == (200, True)
    assert BUTTON not in (await rater.look()).text
    due = await kept(rater)
    stored = await rater.town.django(RevisitAnswer.objects.get)
    assert "排队".encode() not in bytes(stored.answers or b"")

    call: dict[str, Any] = {"revisit_id": due.pk, "official_id": rater.handler, "revision": 0}
    with pytest.raises(Conflict) as refused:
        await rater.ruled(
            attempt, typed=Attempt("answered", "person", "yes"), now=rater.town.citizen.now, **call
        )
    assert refused.value.code == "answered_online"

    assert [await take_in(rater) for _ in range(2)] == [1, 0]
    due = await kept(rater)
    assert (due.state, due.satisfied) == ("answered", False)
    shown = await rater.ruled(
        revisit, official_id=rater.handler, revisit_id=due.pk, now=rater.town.citizen.now
    )
    (step,) = shown.history
    assert (step.means, step.actor, step.answers, step.note) == (
        "online",
        "评价人",
        ((ASK, "还是要排队"),),
        "请回电[电话]",
    )
    assert step.at == datetime(2026, 11, 20, tzinfo=CN), "no hour of his"
    order = await rater.order()
    assert (order.state, order.set_off) == (State.OPENED, "reopen")
    assert (await rater.town.django(RevisitAnswer.objects.get)).answers is None
    assert (await rater.post("revisit", **sent)).status == 200
    assert (await rater.post("revisit")).status == 410


async def test_what_is_missing_is_told_and_what_was_typed_stays(make_town: MakeTown) -> None:
    rater = await to_be_asked(make_town, laid_down())
    form = dict(Page((await rater.post("revisit")).body).fields)
    sent = {"submission": form["submission"], "answer-0": "甲" * 1001, "note": "太慢\x07"}
    refused = await rater.post("revisit", **sent)
    page = Page(refused.body)
    assert refused.status == 422
    for words in ("请选择对整改是否满意", "最多1000个字，现在是1001个字", "无法显示的字符"):
        assert words in page.text
    assert "甲" * 1001 in refused.body.decode()
    empty = await rater.post("revisit", submission=form["submission"], satisfied="yes", confirmed="1")
    assert (empty.status, "请回答这个问题" in Page(empty.body).text) == (422, True)
    assert not await rater.town.django(RevisitAnswer.objects.exists)


async def test_one_that_cannot_be_read_holds_no_other_up_and_none_is_asked_without_an_answer(
    make_town: MakeTown,
) -> None:
    rater = await to_be_asked(make_town, laid_down())
    await rater.town.django(lambda: WorkOrder.objects.update(answer=""))
    assert BUTTON not in (await rater.look()).text
    await rater.town.django(lambda: WorkOrder.objects.update(answer="已经改正。"))
    done, _ = await answer(rater, satisfied="yes", **{"answer-0": "没有"})
    assert done.status == 201
    await rater.town.django(lambda: RevisitAnswer.objects.update(answers=b"broken"))
    assert await take_in(rater) == 0
    assert (await kept(rater)).state == "due"
    assert (await rater.town.django(RevisitAnswer.objects.get)).taken_at is None


async def test_an_attempt_that_came_first_stands(make_town: MakeTown) -> None:
    rater = await to_be_asked(make_town, laid_down())
    done, _ = await answer(rater, satisfied="yes", **{"answer-0": "没有"})
    assert done.status == 201
    await rater.town.django(lambda: Revisit.objects.update(state="refused"))
    assert await take_in(rater) == 0
    assert (await kept(rater)).satisfied is None


@pytest.mark.parametrize("means", ['["telephone"]', '["telephone", "online"]'])
async def test_it_is_asked_online_where_the_rules_let_it(make_town: MakeTown, means: str) -> None:
    text = rules(
        revisits=f'{{ of = "bad", share = 1, by = "same_level_authority", means = {means} }}\nkey = "each"'
    )
    rater = await to_be_asked(make_town, text)
    await rater.town.django(lambda: Revisit.objects.exclude(body="same_level_authority").delete())
    assert (BUTTON in (await rater.look()).text) == ("online" in means)


async def test_who_gave_no_consent_or_withdrew_it_is_not_asked(make_town: MakeTown) -> None:
    rater = await to_be_asked(make_town, laid_down())
    assert (await rater.post("consent", confirmed="1")).status == 201
    assert BUTTON not in (await rater.look()).text
    assert (await rater.post("revisit")).status == 410
