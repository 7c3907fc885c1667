"""The rater's verdict on the rectification: asked as the rules say, kept once, and what they make follow from it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from haochaping.foundation.clock import CN
from haochaping.rectification.models import BadRating, OrderStep
from haochaping.rectification.states import Act, RaterAct, SetOff, State, Verdict
from tests.integration.intake.redress import Rater, answered
from tests.integration.intake.town import Town, days, rules

MakeTown = Callable[[str], Awaitable[Town]]
SCALE = (
    '[{ key = "good", label = "满意", satisfied = true }, { key = "bad", label = "不满意", satisfied = false },'
    ' { key = "worse", label = "很不满意", satisfied = false, sets_off = "escalate" }]'
)
QUESTION = "整改之后，您满意吗"


def verdict(more: str, limit: str = days(7, "calendar_day", "answer")) -> str:
    return rules(verdict=f"{{ scale = {SCALE}, limit = {limit}, {more} }}")


async def town_of(make_town: MakeTown, text: str) -> Town:
    town = await make_town(text)
    town.at(11, 20)
    return town


async def rows(rater: Rater) -> list[tuple[int, str, bool, str, bool]]:
    found = await rater.town.citizen.database.fetch("SELECT * FROM ratings_verdict ORDER BY answers")
    return [(r["answers"], r["answer"], r["satisfied"], r["sets_off"], r["silent"]) for r in found]


async def steps(rater: Rater, act: RaterAct) -> int:
    return await rater.town.django(lambda: OrderStep.objects.filter(act=act).count())


async def test_not_satisfied_it_goes_back_to_work_as_often_as_the_rules_say(make_town: MakeTown) -> None:
    more = 'silence = "satisfied", unsatisfied = "reopen", times = 1, beyond = "supervise"'
    rater = await answered(await town_of(make_town, verdict(more)))
    assert QUESTION in (await rater.look()).text
    rater.town.at(11, 21)
    assert (await rater.judge("bad")).status == 201
    assert QUESTION not in (await rater.look()).text, "once an answer"
    await rater.work()
    order = await rater.order()
    assert (order.state, order.finding, order.answer, order.closed_at) == (State.OPENED, "", "", None)
    assert (order.due_at, order.silence_at) == (None, None)
    seen = await rater.seen()
    assert (seen.verdict, seen.set_off, seen.row.next_act) == (Verdict.UNSATISFIED, SetOff.REOPEN, Act.TAKE)
    assert seen.by_rater == (RaterAct.VERDICT,)
    assert [step.act for step in seen.history] == [Act.TAKE, Act.VERIFY, Act.RECTIFY, Act.ANSWER], (
        "no time of his"
    )
    step = await rater.town.django(lambda: OrderStep.objects.get(act=RaterAct.VERDICT))
    assert (step.from_state, step.to_state, step.clause) == ("answered", "opened", "《示例办法》第一条")
    assert "这张工单重新整改" in (await rater.look()).text

    await rater.lead(Act.CLOSE)
    assert QUESTION in (await rater.look()).text, "closed by the handler, it is still his to judge"
    assert (await rater.judge("bad")).status == 201
    await rater.work()
    order = await rater.order()
    assert (order.state, order.set_off) == (State.CLOSED, "supervise")
    assert await rows(rater) == [(1, "bad", False, "reopen", False), (2, "bad", False, "supervise", False)]
    assert "这张工单转为督办" in (await rater.look()).text
    assert await rater.silence(rater.town.at(12, 20)) == 0


async def test_an_answer_of_the_scale_may_set_off_its_own(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('unsatisfied = "reopen"')))
    assert (await rater.judge("worse")).status == 201
    await rater.work()
    assert (await rater.order()).state == State.ANSWERED
    assert (await rater.seen()).set_off is SetOff.ESCALATE
    assert await rows(rater) == [(1, "worse", False, "escalate", False)]


async def test_satisfied_nothing_follows_and_the_submission_is_known_again(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('unsatisfied = "reopen"')))
    asked = dict((await rater.look()).fields)
    sent = {"submission": asked["submission"], "verdict": "good", "confirmed": "1"}
    assert [(await rater.post("verdict", **sent)).status for _ in range(3)] == [201, 200, 200]
    other = sent | {"submission": "0" * 32, "verdict": "bad"}
    assert (await rater.post("verdict", **other)).status == 410
    await rater.work()
    assert await rows(rater) == [(1, "good", True, "none", False)]
    assert ((await rater.order()).state, (await rater.seen()).verdict) == (State.ANSWERED, Verdict.SATISFIED)
    assert (await rater.seen()).set_off is None


async def test_what_is_wrong_is_said_and_nothing_is_kept(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('unsatisfied = "reopen"')))
    asked = dict((await rater.look()).fields)
    assert "verdict" not in asked, "nothing is chosen beforehand"
    for wrong in ("", "of another scale"):
        answer = await rater.post("verdict", submission=asked["submission"], verdict=wrong, confirmed="1")
        assert answer.status == 422
        assert "请选择一项" in answer.body.decode()
    for lost in ("", "xy", "00"):
        assert (await rater.post("verdict", submission=lost, verdict="bad", confirmed="1")).status == 200
    changed = await rater.post("verdict", submission=asked["submission"], verdict="bad", change="1")
    assert changed.status == 200
    assert 'value="bad" checked' in changed.body.decode()
    assert await rows(rater) == []


@pytest.mark.parametrize(
    ("silence", "kept", "state"),
    [
        ("satisfied", (1, "", True, "none", True), State.ANSWERED),
        ("unsatisfied", (1, "", False, "reopen", True), State.OPENED),
    ],
)
async def test_silence_counts_once_when_the_limit_is_over(
    make_town: MakeTown, silence: str, kept: tuple[object, ...], state: State
) -> None:
    rater = await answered(
        await town_of(make_town, verdict(f'silence = "{silence}", unsatisfied = "reopen"'))
    )
    due = datetime(2026, 11, 28, tzinfo=CN)
    assert (await rater.order()).silence_at == due
    late = dict((await rater.look()).fields) | {"verdict": "bad", "confirmed": "1"}
    assert await rater.silence(rater.town.at(11, 27, 23, 59)) == 0
    rater.town.at(11, 28, 0)
    assert QUESTION not in (await rater.look()).text
    assert (await rater.post("verdict", **late)).status == 410
    turns = await asyncio.gather(*(rater.silence() for _ in range(3)))
    assert sorted(turns) == [0, 0, 1]
    assert await rater.silence() == 0
    assert await rows(rater) == [kept]
    order = await rater.order()
    assert (order.state, order.verdict, order.silence_at) == (state, silence, None)
    assert await steps(rater, RaterAct.SILENT) == 1
    assert (await rater.seen()).by_rater == (RaterAct.SILENT,)
    assert "没有评价，按照规定推定" in (await rater.look()).text


async def test_said_in_time_beats_silence_and_reaches_the_order_once(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('silence = "satisfied", unsatisfied = "reopen"')))
    rater.town.at(11, 27, 23, 59)
    assert (await rater.judge("bad")).status == 201
    assert await rater.silence(rater.town.at(11, 28, 0)) == 0, "the worker had no turn yet"
    order = await rater.order()
    assert (order.state, order.verdict) == (State.OPENED, "unsatisfied")
    await rater.work()
    assert (await rater.order()).revision == order.revision
    assert await steps(rater, RaterAct.VERDICT) == 1
    assert not await rater.town.django(BadRating.objects.exists)


async def test_rater_and_silence_at_once_have_one_outcome(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('silence = "satisfied", unsatisfied = "reopen"')))
    asked = dict((await rater.look()).fields)
    sent = {"submission": asked["submission"], "verdict": "bad", "confirmed": "1"}
    late = datetime(2026, 11, 28, tzinfo=CN)
    said, counted = await asyncio.gather(rater.post("verdict", **sent), rater.silence(late))
    assert (said.status, counted) in {(201, 0), (410, 1)}
    await rater.work()
    assert len(await rows(rater)) == 1
    assert (await rater.order()).verdict == ("unsatisfied" if counted == 0 else "satisfied")


async def test_a_limit_beyond_the_notices_sets_nothing_off(make_town: MakeTown) -> None:
    limit = days(40, "workday", "answer")
    town = await town_of(make_town, verdict('silence = "unsatisfied", unsatisfied = "reopen"', limit))
    rater = await answered(town)
    order = await rater.order()
    assert order.silence_provisional
    assert order.silence_at is not None
    assert await rater.silence(order.silence_at) == 0
    assert await rows(rater) == []


async def test_without_a_verdict_in_the_rules_the_answer_alone_is_shown(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, rules()))
    page = await rater.look()
    assert "我们已增设一个窗口" in page.text
    assert QUESTION not in page.text
    assert (await rater.post("verdict", submission="0" * 32, verdict="bad", confirmed="1")).status == 410
    assert (await rater.order()).silence_at is None


async def test_before_the_answer_nothing_is_asked(make_town: MakeTown) -> None:
    rater = await answered(await town_of(make_town, verdict('unsatisfied = "reopen"')))
    assert (await rater.judge("bad")).status == 201
    await rater.work()
    await rater.lead(Act.RECTIFY)
    assert (await rater.post("verdict")).status == 410
