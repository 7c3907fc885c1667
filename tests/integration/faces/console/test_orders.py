"""The desk and the order in the browser: acts by their forms, refusals that keep the words, nothing for strangers."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.queries import tag_names
from haochaping.rectification.states import STRAIGHT, Act
from tests.orders import NAME, PHONE, PROJECT_NO, WORDS, City, lead_to, make_official, open_order

POSTS = ["act", "contact"]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def address(order: WorkOrder, what: str = "") -> str:
    return f"/console/orders/{order.id}/" + (f"{what}/" if what else "")


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(act|revision)" value="(\w+)">', page))


def submit(client: Client, order: WorkOrder, **typed: str) -> HttpResponse:
    """Sends the form of the next act as the page gives it."""
    fields = hidden(text(client.get(address(order))))
    return client.post(address(order, "act"), {**fields, **typed})


def test_an_order_is_led_through_all_acts_by_the_forms_of_its_page(
    browser: Client, city: City, now: datetime
) -> None:
    order = open_order(city, now)
    said = ["已签收", "核实结论已保存", "整改情况已保存", "答复已提交", "工单已办结"]
    for act, words in zip(STRAIGHT, said, strict=True):
        typed = WORDS.get(act, {}) | ({"confirm": "1"} if act is Act.CLOSE else {})
        answer = submit(browser, order, **typed)
        assert (answer.status_code, answer["Location"]) == (302, address(order))
        assert words in text(browser.get(address(order)))
    page = text(browser.get(address(order)))
    assert hidden(page) == {}
    for words in (
        "已按期整改",
        "依据：《昆明市政务服务“好差评”实施办法》第十二条",
        WORDS[Act.ANSWER]["text"],
        "属实",
    ):
        assert words in page
    assert page.count("赵敏（handler）") == 5


def test_the_desk_lists_the_order_with_its_clock_and_its_state(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    page = text(browser.get("/console/"))
    for words in (
        order.number,
        "户口迁移",
        "昆明市公安局",
        "2026年11月16日当周",
        "还剩 15 个工作日",
        "待整改",
    ):
        assert words in page
    assert order.number not in text(browser.get("/console/?show=closed"))


def test_an_empty_desk_says_so(browser: Client) -> None:
    assert "现在没有待您办理的工单" in text(browser.get("/console/"))
    assert "现在没有待办的工单" in text(browser.get("/console/?show=open"))
    assert "还没有办结的工单" in text(browser.get("/console/?show=closed"))


@pytest.mark.parametrize("field", ["after", "due", "unit", "week", "class", "state", "type", "show"])
@pytest.mark.parametrize("said", ["0", "x", "9" * 90, "２", "\0", "2026-13-01", "0001-01-01"])
def test_a_filter_that_is_none_is_no_error(browser: Client, field: str, said: str) -> None:
    assert browser.get("/console/", {field: said}).status_code == 200


def test_a_refusal_keeps_what_was_typed_and_says_what_is_missing(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    order = lead_to(open_order(city, now), Act.TAKE, handler, now)
    answer = submit(browser, order, text="向窗口了解<b>情况</b>")
    assert answer.status_code == 422
    assert "向窗口了解&lt;b&gt;情况&lt;/b&gt;</textarea>" in text(answer)
    assert "请选择核实结论" in text(answer)
    answer = submit(browser, order, text="无", finding="partly")
    assert re.search(r'value="partly" checked', text(answer))
    assert 'aria-invalid="true"' in text(answer)
    assert OrderStep.objects.count() == 1


def test_closing_asks_to_be_sure(browser: Client, handler: UUID, city: City, now: datetime) -> None:
    order = lead_to(open_order(city, now), Act.ANSWER, handler, now)
    answer = submit(browser, order)
    assert answer.status_code == 422
    assert "请先勾选确认" in text(answer)
    assert WorkOrder.objects.get().state == "answered"


def test_who_comes_second_sees_the_new_state_and_his_own_words(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    old = hidden(text(browser.get(address(order))))
    assert submit(browser, order, **WORDS[Act.RECTIFY]).status_code == 302
    answer = browser.post(address(order, "act"), {**old, "text": "我也写了很久的整改情况"})
    assert answer.status_code == 409
    assert "没有重复办理" in text(answer)
    assert "我也写了很久的整改情况" in text(answer)
    assert "提交答复" in text(answer)
    assert OrderStep.objects.count() == 3


@pytest.mark.parametrize(
    "broken",
    [{}, {"act": "explode", "revision": "0"}, {"act": "take"}, {"act": "take", "revision": "x" * 50}],
)
def test_a_form_that_is_none_of_ours_is_refused(
    browser: Client, city: City, now: datetime, broken: dict[str, str]
) -> None:
    assert browser.post(address(open_order(city, now), "act"), broken).status_code == 400


def test_the_page_of_an_act_leads_back_to_its_order(browser: Client, city: City, now: datetime) -> None:
    order = open_order(city, now)
    for what in POSTS:
        assert browser.get(address(order, what))["Location"] == address(order)


def test_an_order_of_others_is_not_there(
    signed_in: Callable[[UUID], Client], city: City, now: datetime, handler: UUID
) -> None:
    order = open_order(city, now, named=True)
    stranger = signed_in(make_official(city.county, now, "stranger"))
    missing = uuid4()
    assert stranger.get(address(order)).status_code == 404
    assert stranger.get(f"/console/orders/{missing}/").status_code == 404
    fields = {"act": "take", "revision": "0", "purpose": "核实情况"}
    answers = [stranger.post(address(order, what), fields) for what in POSTS]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not any(order.number in text(answer) for answer in answers)
    assert order.number not in text(stranger.get("/console/"))
    assert not OrderStep.objects.exists()


def test_nobody_without_a_session_sees_or_does_anything(client: Client, city: City, now: datetime) -> None:
    order = open_order(city, now)
    for path in ("/console/", address(order)):
        assert client.get(path)["Location"].startswith("/console/login/?next=")
    for what in POSTS:
        answer = client.post(address(order, what), {"act": "take", "revision": "0"})
        assert (answer.status_code, answer["Location"]) == (302, "/console/login/")
    assert not OrderStep.objects.exists()


def test_the_authority_reads_and_is_refused_every_act(
    signed_in: Callable[[UUID], Client], city: City, now: datetime
) -> None:
    order = open_order(city, now, named=True)
    officer = signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))
    page = text(officer.get(address(order)))
    assert order.number in page
    assert "由承办单位的经办人办理" in page
    assert "查看评价人" not in page
    for what in POSTS:
        assert officer.post(address(order, what), {"act": "take", "revision": "0"}).status_code == 403


def test_without_its_token_against_forgery_no_act_is_done(handler: UUID, city: City, now: datetime) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Official.objects.get(id=handler))
    order = open_order(city, now)
    for what in POSTS:
        assert strict.post(address(order, what), {"act": "take", "revision": "0"}).status_code == 403
    assert strict.post("/console/logout/").status_code == 403
    assert WorkOrder.objects.get().state == "opened"


def test_pages_tell_no_level_no_time_no_rating_and_are_kept_nowhere(
    browser: Client, city: City, now: datetime
) -> None:
    order = open_order(city, now, named=True)
    for path in ("/console/", address(order)):
        answer = browser.get(path)
        assert answer["Cache-Control"] == "no-store"
        page = text(answer)
        for secret in (str(order.subject_id), NAME, PHONE, PROJECT_NO, "非常不满意", "<time"):
            assert secret not in page
        assert "style=" not in page
        assert "<script" not in page


def test_the_contact_of_a_named_rater_is_shown_once_for_a_purpose(
    browser: Client, city: City, now: datetime
) -> None:
    order = open_order(city, now, named=True)
    answer = browser.post(address(order, "contact"), {})
    assert answer.status_code == 422
    assert PHONE not in text(answer)
    answer = browser.post(address(order, "contact"), {"purpose": "核实情况"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    for words in (NAME, PHONE, PROJECT_NO):
        assert words in text(answer)
    assert AuditEntry.objects.filter(act="identity.reveal").count() == 1
    assert PHONE not in text(browser.get(address(order)))


def test_an_anonymous_rater_has_no_contact(browser: Client, city: City, now: datetime) -> None:
    order = open_order(city, now)
    assert "查看评价人" not in text(browser.get(address(order)))
    assert browser.post(address(order, "contact"), {"purpose": "核实情况"}).status_code == 404
    assert not AuditEntry.objects.filter(act="identity.reveal").exists()


def test_the_whole_console_speaks_english_to_who_wants_it(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    orders = [lead_to(open_order(city, now, named=True, text=""), Act.TAKE, handler, now)]
    orders += [lead_to(open_order(city, now, text=""), act, handler, now) for act in STRAIGHT]
    browser.cookies["django_language"] = "en"
    paths = [
        "/console/",
        "/console/?show=closed",
        *map(address, orders),
        "/console/login/",
        "/console/first-login/",
    ]
    data = ["户口迁移", "昆明市公安局", "赵敏", "《昆明市政务服务“好差评”实施办法》第十二条", "简体中文"]
    data += ["《昆明市政务服务“好差评”实施办法》第十条", "昆明市政务服务管理局"]
    data += [*tag_names(orders[0].tags), *(words["text"] for words in WORDS.values())]
    for path in paths:
        page = text(browser.get(path))
        for words in sorted(data, key=len, reverse=True):
            page = page.replace(words, "")
        assert re.findall(r"[一-鿿]+", page) == [], path
