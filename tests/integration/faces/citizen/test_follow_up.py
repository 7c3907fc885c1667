"""The way back by the receipt, against the real database."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from haochaping.faces.citizen import routes as citizen_routes
from haochaping.faces.citizen.attempts import Attempts
from haochaping.intake.http import Response
from tests.integration.faces.citizen.person import Citizen, receipt
from tests.markup import Page

TYPED = re.compile(rb'value="[^"]*"')


@pytest.fixture(autouse=True)
def nobody_has_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The routes are made once for the process; each test starts with a clean memory of guesses."""
    monkeypatch.setattr(citizen_routes._RECEIPTS, "_attempts", Attempts())


async def rated(citizen: Citizen, **said: object) -> tuple[uuid.UUID, str, str]:
    occasion = await citizen.occasion()
    link = citizen.link(occasion)
    answer = await citizen.post(link, await citizen.fill(link, **said))
    assert answer.status == 201
    return occasion, *receipt(answer)


async def look(citizen: Citizen, number: str, secret: str) -> Response:
    return await citizen.post("/receipt", {"number": number, "secret": secret})


async def test_the_rater_sees_the_rating_the_order_and_the_answer(citizen: Citizen) -> None:
    occasion, number, secret = await rated(
        citizen, satisfaction="1", evalDetail="108", writingEvaluation="多要了一份证明", named="0"
    )
    before = await look(citizen, number, secret)
    assert before.status == 200
    assert "工单正在生成" in Page(before.body).text
    await citizen.database.execute(
        """INSERT INTO rectification_workorder (id, number, subject_id, organisation_id, division_id, tags,
        text, named, week, profile, state, finding, opened_at, due_at, due_provisional, due_clause, answer,
        revision) VALUES ($1, 'GD-1', $2, 1, 1, '{}', '', false, $3, 'kunming', 'answered', 'partly', $4, $4,
        true, '', $5, 0)""",
        *(uuid.uuid4(), occasion, citizen.now.date(), citizen.now, "已取消该证明，谢谢您。"),
    )
    # As people type it: lower case, blanks, O for 0.
    answer = await look(citizen, f" {number.lower().replace('-', ' ')}", secret.replace("0", "o"))
    assert answer.status == 200
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    text = Page(answer.body).text
    words = (
        "非常不满意",
        "在办事指南之外增加新的审批条件",
        "多要了一份证明",
        "匿名评价",
        "失业登记",
        "GD-1",
        "情况部分属实",
    )
    for word in (*words, "已取消该证明，谢谢您。"):
        assert word in text
    assert "王梓娜" not in text


async def test_a_good_rating_has_no_order(citizen: Citizen) -> None:
    _, number, secret = await rated(citizen, satisfaction="5", named="1")
    assert "办理情况" not in Page((await look(citizen, number, secret)).body).text


async def test_whatever_is_wrong_the_answer_is_the_same(citizen: Citizen) -> None:
    _, number, secret = await rated(citizen, satisfaction="5", named="1")
    _, other_number, other_secret = await rated(citizen, satisfaction="4", named="1")
    tries = [
        (number, other_secret),
        (other_number, secret),
        ("0000-0000-0000", secret),
        ("", ""),
        (number, "x"),
    ]
    answers = [await look(citizen, *each) for each in tries]
    assert {answer.status for answer in answers} == {404}
    assert len({TYPED.sub(b"", answer.body) for answer in answers}) == 1
    assert Page(answers[0].body).value("number") == number


async def test_guessing_is_slowed_down_by_address(citizen: Citizen) -> None:
    _, number, secret = await rated(citizen, satisfaction="5", named="1")
    for _ in range(10):
        assert (await look(citizen, number, "wrong")).status == 404
    slowed = await look(citizen, number, secret)
    assert slowed.status == 429
    assert "Retry-After" in dict(slowed.headers)
    assert (await look(replace(citizen, address="203.0.113.77"), number, secret)).status == 200
    assert (
        await look(replace(citizen, now=citizen.now + timedelta(minutes=1)), number, secret)
    ).status == 200


async def test_the_form_and_the_privacy_notice_need_nothing(citizen: Citizen) -> None:
    form, notice = await citizen.get("/receipt?size=large"), await citizen.get("/privacy?lang=en")
    assert (form.status, notice.status) == (200, 200)
    assert Page(form.body).all("form")[0]["method"] == "post"
    assert "190 days" in Page(notice.body).text


async def test_the_privacy_notice_shows_the_terms_that_are_in_force(
    citizen: Citizen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Page((await citizen.get("/privacy")).body).text
    assert "评价之日起190天，到期删除" in before
    assert "《中华人民共和国网络安全法》第二十一条第（三）项" in before
    assert "未规定期限" in before
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    (tmp_path / "retention.toml").write_text(
        '[documents.order]\ntitle = "留存规定"\nissuer = "某局"\nissued = 2026-11-01\n'
        '[[term]]\nkey = "pressure_contacts"\nn = 365\nunit = "day"\ndocument = "order"\narticle = "第三条"\n',
        "utf-8",
    )
    after = Page((await citizen.get("/privacy")).body).text
    assert "答复起365天，到期删除" in after
    assert "《留存规定》第三条" in after
    assert Page((await citizen.get("/privacy?lang=en")).body).foreign == []
