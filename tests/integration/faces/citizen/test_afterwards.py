"""What a rater does by the receipt later: corrected, supplemented, said again after the answer; counted exactly once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.policy.keeping import keeper
from haochaping.rectification.listing import DeskFilter, Show, desk
from haochaping.rectification.models import BadRating, OrderStep, WorkOrder
from haochaping.rectification.operations import act, see_contact
from haochaping.rectification.queries import order
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act, RaterAct, State
from tests.integration.faces.citizen.holder import Holder, levels, rated, thread_closed, work
from tests.integration.faces.citizen.person import Citizen
from tests.markup import Page
from tests.orders import NAME, WORDS, lead_to, make_official

DECIDED = Path(__file__).parents[3] / "data" / "afterwards"
BAD = {"satisfaction": "1", "evalDetail": "108", "writingEvaluation": "多要了一份证明", "named": "0"}
GOOD = {"satisfaction": "5", "named": "0"}
TO_GOOD = {"satisfaction": "5", "evalDetail": [], "writingEvaluation": ""}
TO_BAD = {"satisfaction": "1", "evalDetail": "111", "writingEvaluation": "其实等了两小时"}


@pytest.fixture(autouse=True)
def decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator has laid down what Kunming leaves open (tests/data/afterwards)."""
    keeper()  # made before: what the process itself judges by stays as it is for the tests that follow
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(DECIDED))


@pytest.fixture(autouse=True)
async def closing(decided: None, citizen: Citizen) -> AsyncIterator[None]:
    yield
    await thread_closed()


async def the_order(holder: Holder) -> WorkOrder:
    return await WorkOrder.objects.aget(subject_id=holder.occasion)


async def official_of(holder: Holder) -> object:
    found = await the_order(holder)
    return await sync_to_async(make_official)(found.organisation_id, holder.citizen.now, "handler")


async def test_a_mistap_is_corrected_before_anybody_saw_it(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    assert await levels(citizen) == {1: 1}
    answer = await holder.act("correction", **TO_GOOD)
    assert answer.status == 201
    assert "评价已更正" in Page(answer.body).text
    before, after = holder.pages[-1].text.split("更正后的评价")
    assert "多要了一份证明" in before
    assert "非常满意" in after
    assert await levels(citizen) == {5: 1}
    kept = await citizen.database.fetchrow("SELECT level, tags FROM ratings_rating")
    assert (kept["level"], kept["tags"]) == (1, [108]), "the rating itself is never changed"
    assert await work(citizen) == 0
    assert not await BadRating.objects.aexists()
    assert not await WorkOrder.objects.aexists()
    assert await AuditEntry.objects.filter(act="order.excluded", result="corrected").acount() == 1
    page = await holder.look()
    assert "有更正或补充" in page.text
    assert "多要了一份证明" in page.text, "what was said first is still his to see"


async def test_a_correction_begins_with_what_stands(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    page = Page((await holder.form("correction")).body)
    assert (page.value("satisfaction"), page.value("evalDetail")) == ("1", "108")
    assert page.value("writingEvaluation") == "多要了一份证明"


async def test_the_same_submission_again_is_the_same_and_another_comes_too_late(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    sent = await holder.fill("correction", **TO_GOOD)
    other = await holder.fill("correction", satisfaction="4", evalDetail=[], writingEvaluation="")
    assert [(await citizen.post("/receipt/correction", sent)).status for _ in range(3)] == [201, 200, 200]
    refused = await citizen.post("/receipt/correction", other)
    assert refused.status == 410
    assert "您的评价没有变动" in Page(refused.body).text
    assert await levels(citizen) == {5: 1}
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_laterword") == 1
    assert await AuditEntry.objects.filter(act="ratings.correction").acount() == 1


async def test_after_its_hours_nothing_is_corrected(citizen: Citizen) -> None:
    holder = await rated(citizen, **GOOD)
    sent = await holder.fill("correction", **TO_BAD)
    holder.citizen = late = replace(citizen, now=citizen.now + timedelta(hours=24))
    assert "更正评价" not in (await holder.look()).text
    assert (await holder.form("correction")).status == 410
    assert (await late.post("/receipt/correction", sent)).status == 410
    assert await levels(citizen) == {5: 1}


async def test_an_open_order_is_closed_for_that_reason_and_whoever_held_it_is_told(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    assert await work(citizen) == 1
    handler = await official_of(holder)
    opened = await the_order(holder)
    await sync_to_async(lead_to)(opened, Act.TAKE, handler, citizen.now)
    assert (await holder.act("correction", **TO_GOOD)).status == 201
    assert await work(citizen) == 0
    closed = await the_order(holder)
    assert (closed.state, closed.exclusion, closed.due_at) == (State.CLOSED, "corrected", None)
    assert closed.tags == [108], "what it should be now is not for the handler to see"
    with pytest.raises(Conflict) as refused:
        await sync_to_async(act)(
            order_id=closed.id,
            act=Act.VERIFY,
            official_id=handler,
            revision=1,
            now=citizen.now,
            **WORDS[Act.VERIFY],
        )
    assert refused.value.code == "changed"
    view = await sync_to_async(order)(official_id=handler, order_id=closed.id, now=citizen.now)
    assert (view.row.next_act, view.row.exclusion, view.row.clock.kind) == (
        None,
        "corrected",
        ClockKind.EXCLUDED,
    )
    assert view.by_rater == (RaterAct.CORRECTED,)
    assert [step.act for step in view.history] == [Act.TAKE], "between times of others his own would show"
    shown = await sync_to_async(desk)(official_id=handler, now=citizen.now, filters=DeskFilter(Show.CLOSED))
    assert [row.exclusion for row in shown.rows] == ["corrected"]
    assert "这张工单已经撤销" in (await holder.look()).text
    entry = await AuditEntry.objects.aget(act="order.rater_corrected")
    assert entry.detail == {"from": "taken", "to": "closed", "excluded": "corrected"}
    assert await levels(citizen) == {5: 1}


async def test_what_was_handled_to_its_end_stays_handled(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    await work(citizen)
    handler = await official_of(holder)
    await sync_to_async(lead_to)(await the_order(holder), Act.CLOSE, handler, citizen.now)
    await holder.act("correction", **TO_GOOD)
    await work(citizen)
    after = await the_order(holder)
    assert (after.state, after.exclusion) == (State.CLOSED, "")
    assert await levels(citizen) == {5: 1}
    assert await OrderStep.objects.filter(act="rater_corrected").acount() == 1


async def test_good_that_should_be_bad_opens_an_order_by_the_same_inbox(citizen: Citizen) -> None:
    holder = await rated(citizen, **GOOD)
    assert await work(citizen) == 0
    assert (await holder.act("correction", **TO_BAD)).status == 201
    assert await levels(citizen) == {1: 1}
    assert await work(citizen) == 1
    opened = await the_order(holder)
    assert (opened.tags, opened.text, opened.state) == ([111], "其实等了两小时", State.OPENED)


async def test_bad_that_stays_bad_reaches_its_order_with_new_words(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    await work(citizen)
    said = {"satisfaction": "2", "evalDetail": "207", "writingEvaluation": "少说了一句，请回电13888012345"}
    assert (await holder.act("correction", **said)).status == 201
    await work(citizen)
    found = await the_order(holder)
    assert (found.tags, found.text, found.state) == ([207], "少说了一句，请回电[电话]", State.OPENED)
    assert await levels(citizen) == {2: 1}


async def test_what_was_said_of_the_member_of_staff_stays_bad(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    async with citizen.database.transaction():
        await citizen.database.execute("SET LOCAL session_replication_role = replica")
        await citizen.database.execute("UPDATE ratings_rating SET staff_level = 1")
        await citizen.database.execute(
            """INSERT INTO tallies_change (organisation_id, day, staff_id, staff_level)
            SELECT organisation_id, service_day, staff_id, 1 FROM ratings_rating"""
        )
    await work(citizen)
    assert (await holder.act("correction", **TO_GOOD)).status == 201
    await work(citizen)
    found = await the_order(holder)
    assert (found.state, found.exclusion) == (State.OPENED, "")
    assert await levels(citizen) == {5: 1}


async def test_what_is_wrong_is_said_before_anything_is_kept(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    form = Page((await holder.form("correction")).body)
    assert form.value("satisfaction") == "1", "a correction begins with what is there"
    same = await citizen.post("/receipt/correction", form.fields)
    assert same.status == 422
    assert "没有需要更正的" in Page(same.body).text
    reasonless = [(n, v) for n, v in form.fields if n not in {"evalDetail", "writingEvaluation"}]
    assert (await citizen.post("/receipt/correction", [*reasonless, ("confirmed", "1")])).status == 422
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_laterword") == 0


async def test_without_a_rule_nothing_is_offered_and_nothing_taken(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = await rated(citizen, **BAD)
    sent = await holder.fill("correction", **TO_GOOD)
    monkeypatch.delenv("HAOCHAPING_RULES_DIR")
    assert citizen.services.rules.look()
    page = await holder.look()
    for words in ("更正评价", "补充评价", "追加评价"):
        assert words not in page.text
    for address in ("correction", "supplement", "follow-up"):
        assert (await holder.form(address)).status == 410
    assert (await citizen.post("/receipt/correction", sent)).status == 410
    assert await levels(citizen) == {1: 1}


async def test_a_supplement_stands_beside_the_rating_and_is_masked_for_the_handler(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    await work(citizen)
    answer = await holder.act("supplement", writingEvaluation="我是李小明，电话13888012345，窗口仍然要证明")
    assert answer.status == 201
    await work(citizen)
    found = await the_order(holder)
    assert found.text == "多要了一份证明"
    assert found.additions == ["我是[姓名]，电话[电话]，窗口仍然要证明"]
    assert await levels(citizen) == {1: 1}
    stored = await citizen.database.fetchval("SELECT text FROM ratings_laterword")
    assert stored.startswith("\x02")
    assert "窗口" not in stored
    assert "我是李小明" in (await holder.look()).text, "his own words are his to read"
    empty = await citizen.post("/receipt/supplement", Page((await holder.form("supplement")).body).fields)
    assert empty.status == 422
    assert (await holder.act("supplement", writingEvaluation="再补充一句")).status == 201
    assert (await holder.form("supplement")).status == 410, "twice, says the decision"
    late = replace(citizen, now=citizen.now + timedelta(days=6))
    assert (await late.post("/receipt/supplement", holder.held)).status == 410


async def test_a_supplement_before_the_order_comes_with_it(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    await holder.act("supplement", writingEvaluation="补充一句")
    assert await work(citizen) == 1
    assert (await the_order(holder)).additions == ["补充一句"]


async def test_a_supplement_to_a_good_rating_opens_nothing(citizen: Citizen) -> None:
    holder = await rated(citizen, **GOOD)
    assert (await holder.act("supplement", writingEvaluation="补充一句")).status == 201
    assert not await BadRating.objects.aexists()
    assert await work(citizen) == 0


async def test_after_the_answer_the_citizen_says_whether_it_satisfies(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    await work(citizen)
    assert (await holder.form("follow-up")).status == 410, "there is no answer yet"
    handler = await official_of(holder)
    await sync_to_async(lead_to)(await the_order(holder), Act.ANSWER, handler, citizen.now)
    assert "追加评价" in (await holder.look()).text
    assert (await holder.act("follow-up", satisfaction="4", writingEvaluation="改得很快")).status == 201
    assert await levels(citizen) == {4: 1}, "the decision lets it take the place of the first level"
    await work(citizen)
    after = await the_order(holder)
    assert (after.state, after.exclusion) == (State.ANSWERED, ""), (
        "a rectification is not a mistake taken back"
    )
    assert after.additions == ["改得很快"]
    assert (await holder.form("follow-up")).status == 410


async def test_who_withdraws_consent_is_anonymous_from_that_moment(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD | {"named": "1"})
    await work(citizen)
    handler = await official_of(holder)
    found = await the_order(holder)
    asked = {"order_id": found.id, "official_id": handler, "purpose": "核实情况", "now": citizen.now}
    assert (await sync_to_async(see_contact)(**asked)).name == NAME
    before = await holder.form("consent")
    assert before.status == 200
    assert "确认撤回" in before.body.decode()
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_withdrawnconsent") == 0
    confirmed = {**holder.held, "confirmed": "1"}
    statuses = [(await citizen.post("/receipt/consent", confirmed)).status for _ in range(2)]
    assert statuses == [201, 200]
    # Before any worker had its turn.
    with pytest.raises(NotFound):
        await sync_to_async(see_contact)(**asked)
    await work(citizen)
    view = await sync_to_async(order)(official_id=handler, order_id=found.id, now=citizen.now)
    assert (view.row.named, view.may_see_contact) == (False, False)
    assert view.by_rater == (RaterAct.ANONYMOUS,)
    page = await holder.look()
    assert "已撤回联系同意" in page.text
    assert "确认撤回" not in page.text
    assert await levels(citizen) == {1: 1}
    entry = await AuditEntry.objects.aget(act="ratings.withdraw_consent")
    assert (entry.actor, entry.subject) == ("rater", f"receipt:{holder.stored}")
    assert "个人信息保护法" in entry.clause
    assert str(holder.occasion) not in str(entry.__dict__)


async def test_an_anonymous_rating_has_no_consent_to_withdraw(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    assert "撤回联系同意" not in (await holder.look()).text
    refused = await citizen.post("/receipt/consent", {**holder.held, "confirmed": "1"})
    assert refused.status == 410
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_withdrawnconsent") == 0


async def test_the_printed_token_tells_nothing_of_it(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD | {"named": "1"})
    link = citizen.link(holder.occasion)
    before = await citizen.get(link)
    await holder.act("supplement", writingEvaluation="补充一句")
    await citizen.post("/receipt/consent", {**holder.held, "confirmed": "1"})
    await holder.act("correction", **TO_GOOD)
    after = await citizen.get(link)
    assert before.status == after.status == 410
    assert before.body == after.body


async def test_all_that_is_kept_is_shown_to_the_rater_alone(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD | {"named": "1"})
    text = (await holder.look()).text
    for words in ("同意就这次评价与您联系", "第三方", "网络地址的加密摘要", "2027年6月1日", "到期删除", "《"):
        assert words in text, words
    for address in ("correction", "supplement", "follow-up", "consent"):
        wrong = await citizen.post(f"/receipt/{address}", {"number": holder.number, "secret": "x"})
        assert wrong.status == 404
        assert "多要了一份证明" not in wrong.body.decode()
