"""From the link on the slip to the receipt, against the real database."""

import uuid
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from haochaping.foundation.clock import now as clock_now
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.writer import Limits, Writer
from haochaping.ratings.receipt import receipt_keys
from haochaping.ratings.wording import opened_text
from tests.integration.faces.citizen.person import Citizen, receipt
from tests.markup import Page
from tests.occasions import database_address


async def test_the_page_says_what_was_served_and_by_whom(citizen: Citizen) -> None:
    answer = await citizen.get(citizen.link(await citizen.occasion()))
    assert answer.status == 200
    text = Page(answer.body).text
    for word in (
        "失业登记",
        "昆明市人力资源和社会保障局1号窗口",
        "昆明市政务服务中心",
        "王梓娜",
        "2026年11月20日",
    ):
        assert word in text
    assert len(answer.body) <= 30_000


async def test_the_slip_says_what_the_page_says_and_is_over_with_it(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    slip = await citizen.get(f"{link}/slip")
    assert slip.status == 200
    text = Page(slip.body).text
    for word in ("失业登记", "昆明市政务服务中心", "2026年11月20日"):
        assert word in text
    assert "王梓娜" not in text
    assert b"<svg" in slip.body
    assert (await citizen.post(link, await citizen.fill(link, satisfaction="5", named="0"))).status == 201
    over, gone = await citizen.get(f"{link}/slip"), await citizen.get(link)
    assert over.status == gone.status == 410
    assert over.body == gone.body
    assert (await citizen.get(f"/r/{'0' * 40}/slip")).status == 404


async def test_a_bad_rating_is_stored_as_said_and_answered_with_a_receipt(citizen: Citizen) -> None:
    occasion = await citizen.occasion()
    form = await citizen.fill(
        citizen.link(occasion),
        satisfaction="2",
        evalDetail=["207", "208"],
        writingEvaluation="跑了两次",
        named="1",
    )
    answer = await citizen.post(citizen.link(occasion), form)
    assert answer.status == 201
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    text = Page(answer.body).text
    assert "应在15个工作日内整改" in text
    assert "实施办法》第十二条" in text
    row = await citizen.database.fetchrow("SELECT * FROM ratings_rating WHERE id = $1", occasion)
    assert row is not None
    assert (row["level"], row["tags"], row["named"]) == (2, [207, 208], True)
    assert opened_text(row["text"], occasion) == "跑了两次"
    assert (row["channel"], row["origin"], row["received_at"]) == (3, None, citizen.now)
    assert await citizen.database.fetchval("SELECT count(*) FROM rectification_badrating") == 1


async def test_the_trace_holds_neither_address_nor_device(citizen: Citizen) -> None:
    occasion = await citizen.occasion()
    form = await citizen.fill(citizen.link(occasion), satisfaction="5", named="0")
    later = replace(citizen, now=citizen.now + timedelta(seconds=30))
    assert (await later.post(citizen.link(occasion), form)).status == 201
    trace = await citizen.database.fetchrow("SELECT * FROM ratings_trace WHERE rating_id = $1", occasion)
    assert trace is not None
    assert trace["elapsed_ms"] == 30_000
    assert len(trace["address"]) == len(trace["device"]) == 32
    assert b"203.0.113.9" not in trace["address"]


async def test_the_same_submission_again_gets_the_same_receipt_any_other_the_410(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    form = await citizen.fill(link, satisfaction="4", named="0")
    other = await citizen.fill(link, satisfaction="1", evalDetail="108", named="0")
    first, again = await citizen.post(link, form), await citizen.post(link, form)
    assert (first.status, again.status) == (201, 200)
    assert receipt(first) == receipt(again)
    refused, opened = await citizen.post(link, other), await citizen.get(link)
    invalid = await citizen.post(link, {"satisfaction": "9"})
    assert refused.status == opened.status == invalid.status == 410
    assert refused.body == opened.body == invalid.body


async def test_used_expired_and_never_opened_look_alike(citizen: Citizen) -> None:
    used = citizen.link(await citizen.occasion())
    await citizen.post(used, await citizen.fill(used, satisfaction="5", named="0"))
    expired = citizen.link(await citizen.occasion(due_at=citizen.now))
    late = citizen.link(await citizen.occasion(waiting=False))
    answers = [await citizen.get(link) for link in (used, expired, late)]
    assert [answer.status for answer in answers] == [410, 410, 410]
    assert len({answer.body for answer in answers}) == 1
    form = {"satisfaction": "5", "named": "0", "submission": uuid.uuid4().hex}
    posted = [await citizen.post(link, form) for link in (expired, late)]
    assert [answer.status for answer in posted] == [410, 410]


async def test_the_last_instant_before_the_window_closes_is_in_time(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion(due_at=citizen.now + timedelta(microseconds=1)))
    assert (await citizen.post(link, await citizen.fill(link, satisfaction="5", named="0"))).status == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_of_another_site_is_answered_with_an_empty_one(citizen: Citizen, site: str) -> None:
    occasion = await citizen.occasion()
    link = citizen.link(occasion)
    planted = uuid.uuid4().hex
    for satisfaction in ("5", ""):
        form = {"satisfaction": satisfaction, "named": "0", "submission": planted}
        answer = await citizen.post(link, form, **{"sec-fetch-site": site})
        assert answer.status == 200
        fields = dict(Page(answer.body).fields)
        assert fields["submission"] != planted
        assert "satisfaction" not in fields
    assert await citizen.database.fetchval("SELECT count(*) FROM ratings_rating") == 0
    own = await citizen.fill(link, satisfaction="5", named="0")
    assert (await citizen.post(link, own, **{"sec-fetch-site": "same-origin"})).status == 201
    assert (await citizen.post(link, own, **{"sec-fetch-site": site})).status == 410


async def test_a_provisional_deadline_closes_nothing(citizen: Citizen) -> None:
    due_at = citizen.now - timedelta(days=2)
    link = citizen.link(await citizen.occasion(due_at=due_at, provisional=True))
    form = await citizen.fill(link, satisfaction="2", named="0")
    assert (await citizen.post(link, form)).status == 422
    form = await citizen.fill(link, satisfaction="5", named="0")
    assert (await citizen.post(link, form)).status == 201
    assert (await citizen.get(link)).status == 410


async def test_forged_and_unknown_look_alike_and_a_forged_one_never_reaches_the_database(
    citizen: Citizen,
) -> None:
    unknown = await citizen.get(citizen.link(uuid.uuid4()))
    pool = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await pool.close()
    without = citizen.with_services(pool=pool)
    token = citizen.link(uuid.uuid4())
    forged = await without.get(token[:-1] + ("0" if token[-1] != "0" else "1"))
    posted = await without.post("/r/nothing", {"satisfaction": "5"})
    assert unknown.status == forged.status == posted.status == 404
    assert unknown.body == forged.body == posted.body


async def test_problems_are_told_at_once_and_everything_typed_is_kept(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    form = await citizen.fill(link, satisfaction="1", writingEvaluation="x" * 501)
    answer = await citizen.post(link, form)
    assert answer.status == 422
    seen = Page(answer.body)
    assert "文字超过500字" in seen.text
    assert "还没有选择实名或匿名" in seen.text
    kept = dict(form)
    assert seen.value("writingEvaluation") == "x" * 501
    assert seen.value("satisfaction") == "1"
    assert seen.value("submission") == kept["submission"]
    corrected = [pair for pair in seen.fields if pair[0] != "writingEvaluation"] + [("named", "0")]
    assert (await citizen.post(link, [*corrected, ("writingEvaluation", "短")])).status == 201


async def test_a_bad_rating_without_a_reason_says_what_to_do_in_english_too(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion()) + "?lang=en"
    answer = await citizen.post(link, await citizen.fill(link, satisfaction="2", named="0"))
    seen = Page(answer.body)
    assert answer.status == 422
    assert "needs a reason" in seen.text
    assert seen.foreign == []
    assert seen.all("form")[0]["action"].endswith("?lang=en")


async def test_a_lost_submission_id_is_replaced_so_that_the_form_can_be_sent(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    answer = await citizen.post(link, {"satisfaction": "5", "named": "0", "submission": "abc"})
    assert answer.status == 422
    assert (await citizen.post(link, Page(answer.body).fields)).status == 201


async def test_tags_of_another_level_are_refused_unless_our_page_had_hidden_them(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    said = {"satisfaction": "5", "evalDetail": "510,207", "named": "0", "submission": uuid.uuid4().hex}
    assert (await citizen.post(link, said)).status == 422
    occasion = await citizen.occasion()
    form = await citizen.fill(citizen.link(occasion), satisfaction="2", evalDetail=["510", "207"], named="0")
    assert (await citizen.post(citizen.link(occasion), form)).status == 201
    assert await citizen.database.fetchval("SELECT tags FROM ratings_rating WHERE id = $1", occasion) == [207]


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_what_is_no_form_is_told_so(citizen: Citizen, kind: str) -> None:
    answer = await citizen.post(citizen.link(await citizen.occasion()), {}, **{"content-type": kind})
    assert answer.status == 415


async def test_no_database_loses_nothing_that_was_typed(citizen: Citizen) -> None:
    link = citizen.link(await citizen.occasion())
    form = await citizen.fill(
        link, satisfaction="2", evalDetail=["207"], writingEvaluation="第一行\r\n第二行", named="0"
    )
    limits = Limits(answer=0.5, reconnect=0.2)
    writer = Writer("postgresql://nobody@127.0.0.1:1/none", keys=receipt_keys(), now=clock_now, limits=limits)
    unheard = await citizen.with_services(writer=writer).post(link, form)
    await writer.close()
    pool = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await pool.close()
    # Who carries what his page knew needs no question.
    uncarried = [(name, "" if name == "seen" else value) for name, value in form]
    unread = await citizen.with_services(pool=pool).post(link, uncarried)
    for answer in (unheard, unread):
        assert answer.status == 503
        assert int(dict(answer.headers)["Retry-After"]) > 0
        seen = Page(answer.body)
        assert "再次提交" in seen.text
        assert seen.value("writingEvaluation").splitlines() == ["第一行", "第二行"]
        assert seen.value("evalDetail") == "207"
        assert seen.value("submission") == dict(form)["submission"]
    assert (await citizen.with_services(pool=pool).get(link)).status == 503
    assert (await citizen.with_services(directory=DirectoryKeeper()).get(link)).status == 503
    assert (await citizen.post(link, Page(unread.body).fields)).status == 201
