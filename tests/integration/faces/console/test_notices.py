"""What the console tells: a list with what is unread, the preferences, the outbox, what was escalated."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import local_day
from haochaping.notices.models import Notice, Preference
from haochaping.notices.queries.preferences import preference
from haochaping.rectification.models import Escalation
from tests.markup import Page
from tests.notices import EMAIL, PHONE, put_notice, wants
from tests.orders import City, make_official, open_order

LIST, WAYS = "/console/notices/", "/console/notices/preferences/"


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def page(browser: Client, address: str, language: str = "zh-hans") -> Page:
    answer = browser.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return Page(answer.content)


def test_before_anything_is_told_the_page_says_when_it_will_be(browser: Client) -> None:
    found = page(browser, LIST)
    assert "现在没有通知" in found.text
    assert "条未读" not in found.text


def test_a_notice_is_unread_until_it_is_marked(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    first = put_notice(handler, now, channel="console", kind="nearing")
    put_notice(handler, now, channel="console")
    others = put_notice(make_official(city.police, now, "other"), now, channel="console")
    found = page(browser, LIST)
    assert "工单 CPABCD1234 的整改期限将满" in found.text
    assert "请立即完成整改。按规定将催办。" in found.text
    assert "整改期限的最后一日：2026年11月20日。" in found.text
    assert "2 条未读" in page(browser, "/console/").text
    both = {"notice": [str(first.id), str(others.id)]}
    assert browser.post(f"{LIST}read/", both).status_code == 302
    assert "1 条未读" in page(browser, "/console/").text
    others.refresh_from_db()
    assert others.read_at is None
    browser.post(f"{LIST}read/")
    assert "条未读" not in page(browser, "/console/").text
    assert "标为已读" not in page(browser, LIST).text.replace("已标为已读", "")


def test_many_are_paged_and_counted_to_99(browser: Client, handler: UUID, now: datetime) -> None:
    for _ in range(101):
        put_notice(handler, now, channel="console")
    assert "第1页，共4页" in page(browser, LIST).text
    assert page(browser, f"{LIST}?page=4").text.count("请立即完成整改") == 11
    assert "99+ 条未读" in page(browser, "/console/").text


def test_what_became_of_the_mail_is_said_beside_it(browser: Client, handler: UUID, now: datetime) -> None:
    cause = f"escalation:{uuid4()}"
    put_notice(handler, now, channel="console", cause=cause)
    mail = put_notice(handler, now, cause=cause)
    Notice.objects.filter(id=mail.id).update(state="withheld", last_error="demo")
    put_notice(handler, now, channel="sms", cause=cause)
    text = page(browser, LIST).text
    assert "电子邮件：未外发，演示系统不向外发送" in text
    assert "短信：等待发送" in text


def test_preferences_are_kept_shown_to_their_owner_and_taken_back(
    browser: Client, handler: UUID, now: datetime
) -> None:
    said = {
        "email": EMAIL,
        "phone": "138 8801 2345",
        "email_kinds": ["nearing", "overdue"],
        "sms_kinds": ["overdue"],
    }
    assert browser.post(WAYS, said).status_code == 302
    assert preference(official_id=handler).phone == PHONE
    body = browser.get(WAYS).content.decode()
    assert f'value="{EMAIL}"' in body
    assert body.count(" checked>") == 3
    assert browser.post(WAYS, {"email": "", "phone": ""}).status_code == 302
    row = Preference.objects.get()
    assert (row.email, row.phone, row.email_kinds, row.sms_kinds) == (None, None, [], [])


def test_a_refused_form_says_why_and_keeps_what_was_typed(browser: Client) -> None:
    answer = browser.post(WAYS, {"email": "zhao@km", "phone": "", "sms_kinds": ["overdue"]})
    assert answer.status_code == 422
    found = Page(answer.content)
    assert "这不是电子邮箱地址" in found.text
    assert "您选择了用短信通知，请填写手机号码" in found.text
    assert 'value="zhao@km"' in answer.content.decode()
    assert not Preference.objects.exists()


def test_where_nothing_goes_out_the_form_says_so(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAOCHAPING_SMTP_HOST", "smtp.example.cn")
    text = page(browser, WAYS).text
    assert "短信：本系统现在不向外发送" in text
    assert "电子邮件：本系统现在不向外发送" not in text


def test_the_outbox_is_for_the_authority_and_shows_no_address(
    browser: Client, officer: Client, handler: UUID, now: datetime
) -> None:
    wants(handler, now)
    failed = put_notice(handler, now)
    Notice.objects.filter(id=failed.id).update(state="given_up", last_error="SMTP 550 recipient", attempts=1)
    assert browser.get("/console/outbox/").status_code == 403
    body = officer.get("/console/outbox/").content.decode()
    assert "多次失败，已停止发送" in body
    assert "SMTP 550 recipient" in body
    assert EMAIL not in body
    assert "/console/outbox/" in officer.get("/console/watch/").content.decode()


def test_what_was_set_off_stands_on_the_order_and_in_the_list_of_who_may_see_it(
    browser: Client, officer: Client, city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    order = open_order(city, now)
    for rule, body, persons in (("late", "", 1), ("later", "supervision", 0)):
        Escalation.objects.create(
            id=uuid4(),
            order=order,
            rule=rule,
            happened="overdue",
            action="named:挂牌督办" if body else "reminder",
            body=body,
            clause="《决定》第一条",
            due_at=now,
            at=now,
            state="set_off",
            settled_at=now,
            persons=persons,
        )
    Escalation.objects.create(
        id=uuid4(),
        order=order,
        rule="next",
        happened="overdue",
        action="talk",
        due_at=now,
        at=now,
        state="planned",
    )
    on_order = page(browser, f"/console/orders/{order.id}/").text
    for words in ("催办", "挂牌督办", "向：纪检监察机关", "系统中没有可通知的人员", "依据：《决定》第一条"):
        assert words in on_order
    assert "约谈" not in on_order
    listed = page(officer, "/console/escalations/").text
    assert listed.count(order.number) == 2
    assert "共2条" in listed
    stranger = signed_in(make_official(city.county, now, "stranger"))
    assert "现在没有催办、督办" in page(stranger, "/console/escalations/").text
    assert f"{local_day(now).year}年" in listed


def test_all_of_it_is_there_in_english(
    browser: Client, officer: Client, handler: UUID, now: datetime
) -> None:
    put_notice(handler, now, channel="console")
    text = page(browser, LIST, "en").text
    assert "Work order CPABCD1234: “Rectify” is overdue" in text
    assert "By the rules there follows: Reminder." in text
    for address in (WAYS, "/console/escalations/"):
        assert set(page(browser, address, "en").foreign) <= {"赵敏"}  # his own name
    assert "Notices sent out" in page(officer, "/console/outbox/", "en").text


def test_every_field_has_a_label(browser: Client) -> None:
    found = page(browser, WAYS)
    assert {"email", "phone"} <= found.labelled
    for kind in ("nearing", "overdue", "escalated"):
        assert {f"email_kinds={kind}", f"sms_kinds={kind}"} <= found.labelled


@pytest.mark.usefixtures("db")
def test_who_has_not_signed_in_is_sent_to() -> None:
    for address in (LIST, WAYS, "/console/outbox/", "/console/escalations/"):
        assert Client().get(address).status_code == 302
