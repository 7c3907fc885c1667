"""The page of an order offers what is possible now, keeps what was typed, shows every limit; and the ledger."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.queries import tag_names
from haochaping.rectification.states import Act
from haochaping.registry.models import Organisation
from tests.orders import (
    MINGZHOU,
    WORDS,
    City,
    do_act,
    lead_to,
    make_city,
    make_official,
    make_superior,
    open_order,
)

SERVED = datetime(2026, 11, 30, tzinfo=CN).date()


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def address(order: WorkOrder, what: str = "") -> str:
    return f"/console/orders/{order.id}/" + (f"{what}/" if what else "")


def acts_on(page: str) -> set[str]:
    return set(re.findall(r'name="act" value="(\w+)"', page))


@pytest.fixture
def mingzhou(db: None) -> City:
    return make_city(MINGZHOU)


@pytest.fixture
def two(mingzhou: City, now: datetime) -> tuple[UUID, UUID]:
    return tuple(make_official(mingzhou.police, now, name) for name in ("one", "two"))  # type: ignore[return-value]


def test_several_acts_are_offered_and_one_that_is_refused_keeps_its_words(
    signed_in: Callable[[UUID], Client], mingzhou: City, two: tuple[UUID, UUID], now: datetime
) -> None:
    order = do_act(open_order(mingzhou, now, named=True, service_day=SERVED), Act.TAKE, two[0], now)
    browser = signed_in(two[0])
    page = text(browser.get(address(order)))
    assert acts_on(page) == {"verify", "contact", "classify", "send_back"}
    assert "缺乏法定依据" in page
    assert "评价规定（教学用）" in page or "依据：" in page
    fields = {"act": "contact", "revision": str(order.revision), "text": "响了很久<没有>人接"}
    answer = browser.post(address(order, "act"), {**fields, "means": "telephone"})
    assert answer.status_code == 422
    refused = text(answer)
    assert "请选择是否联系上了评价人" in refused
    assert "响了很久&lt;没有&gt;人接</textarea>" in refused
    assert re.search(r'<details class="other-act no-print" open>\s*<summary>联系评价人', refused)
    assert re.search(r'value="telephone" selected', refused)
    assert OrderStep.objects.count() == 1
    answer = browser.post(address(order, "act"), {**fields, "means": "telephone", "reached": "no"})
    assert answer.status_code == 302
    page = text(browser.get(address(order)))
    for words in ("联系情况已登记", "打电话", "没有联系上", "响了很久"):
        assert words in page


def test_every_limit_is_shown_with_whose_it_is_and_its_clause(
    signed_in: Callable[[UUID], Client], mingzhou: City, two: tuple[UUID, UUID], now: datetime
) -> None:
    order = open_order(mingzhou, now, named=True, service_day=SERVED)
    page = text(signed_in(two[0]).get(address(order)))
    for words in (
        "<h4>联系评价人</h4>",
        "<h4>核实</h4>",
        "以前",
        "由昆明市政务服务管理局负责",
        "第九条第二款",
    ):
        assert words in page
    assert "核实后起算" in page


def test_the_writer_waits_and_another_person_approves(
    signed_in: Callable[[UUID], Client], mingzhou: City, two: tuple[UUID, UUID], now: datetime
) -> None:
    order = open_order(mingzhou, now, service_day=SERVED)
    for act in (Act.TAKE, Act.VERIFY, Act.RECTIFY):
        order = do_act(order, act, two[0], now, **WORDS.get(act, {}))
    writer, other = map(signed_in, two)
    assert "审核通过后评价人才能看到" in text(writer.get(address(order)))
    fields = {"act": "answer", "revision": str(order.revision), **WORDS[Act.ANSWER]}
    writer.post(address(order, "act"), fields)
    page = text(writer.get(address(order)))
    assert "另一位人员审核" in page
    assert not acts_on(page)
    page = text(other.get(address(order)))
    assert acts_on(page) == {"approve", "return_answer"}
    answer = other.post(address(order, "act"), {"act": "return_answer", "revision": str(order.revision + 1)})
    assert answer.status_code == 422
    answer = other.post(address(order, "act"), {"act": "approve", "revision": str(order.revision + 1)})
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.answer) == ("answered", WORDS[Act.ANSWER]["text"])


def test_an_officer_dispatches_what_was_sent_back(
    signed_in: Callable[[UUID], Client], mingzhou: City, two: tuple[UUID, UUID], now: datetime
) -> None:
    order = open_order(mingzhou, now, service_day=SERVED)
    order = do_act(order, Act.SEND_BACK, two[0], now, "不是我们的事", ground="other_unit")
    officer = signed_in(make_official(mingzhou.authority, now, "officer", Role.AUTHORITY_OFFICER))
    page = text(officer.get(address(order)))
    assert "五华区人力资源和社会保障局" in page
    assert "由主管部门转办" in text(signed_in(two[0]).get(address(order)))
    code = Organisation.objects.get(id=mingzhou.county).credit_code
    fields = {"act": "dispatch", "revision": str(order.revision), "text": "属于人社部门职责"}
    assert officer.post(address(order, "act"), {**fields, "organisation": "x"}).status_code == 422
    answer = officer.post(address(order, "act"), {**fields, "organisation": code})
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    order.refresh_from_db()
    assert (order.state, order.organisation_id) == ("opened", mingzhou.county)
    assert "转办给五华区人力资源和社会保障局" in text(officer.get(address(order)))


def test_what_cannot_be_set_right_in_time_stands_in_the_ledger(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    assert "台账里没有工单" in text(browser.get("/console/ledger/"))
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    day = (now.astimezone(CN) + timedelta(days=60)).date()
    fields = {"act": "ask_extension", "revision": str(order.revision), "text": "要等上级批复"}
    answer = browser.post(address(order, "act"), {**fields, "until": "2020-01-01"})
    assert answer.status_code == 422
    assert "这个日期太早" in text(answer)
    assert browser.post(address(order, "act"), {**fields, "until": day.isoformat()}).status_code == 302
    page = text(browser.get("/console/ledger/"))
    for words in (order.number, "要等上级批复", f"{day.year}年{day.month}月{day.day}日", "期限已延长"):
        assert words in page
    browser.cookies["django_language"] = "en"
    law = "《昆明市政务服务“好差评”实施办法》第十"
    data = (
        f"{law}二条",
        f"{law}条",
        "要等上级批复",
        "昆明市公安局",
        "昆明市政务服务管理局",
        "赵敏",
        "简体中文",
    )
    for path in ("/console/ledger/", address(order)):
        page = text(browser.get(path))
        for words in (*data, "户口迁移", "排队两小时，请回电[电话]", WORDS[Act.VERIFY]["text"]):
            page = page.replace(words, "")
        for words in sorted(tag_names(order.tags), key=len, reverse=True):
            page = page.replace(words, "")
        assert re.findall(r"[一-鿿]+", page) == [], path


def test_a_request_waits_for_the_body_that_grants_it(
    signed_in: Callable[[UUID], Client], mingzhou: City, two: tuple[UUID, UUID], now: datetime
) -> None:
    above = signed_in(make_official(make_superior(mingzhou), now, "above", Role.AUTHORITY_OFFICER))
    order = do_act(open_order(mingzhou, now, service_day=SERVED), Act.TAKE, two[0], now)
    order = do_act(order, Act.VERIFY, two[0], now, **WORDS[Act.VERIFY])
    due = order.due_at
    assert due is not None
    order = do_act(
        order, Act.ASK_EXTENSION, two[0], now, "要等上级批复", until=due.astimezone(CN).date().isoformat()
    )
    assert "延期待批准" in text(above.get("/console/ledger/"))
    assert acts_on(text(above.get(address(order)))) == {"grant_extension", "refuse_extension"}
    answer = above.post(
        address(order, "act"), {"act": "grant_extension", "revision": str(order.revision), "text": ""}
    )
    assert answer.status_code == 302
    assert "期限已延长" in text(above.get("/console/ledger/"))
