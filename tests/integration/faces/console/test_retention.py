"""The page of terms, and the alarm on the desk when a deletion could not be proved."""

from datetime import datetime, timedelta

from django.db import transaction
from django.test import Client

from haochaping.audit.operations import record
from haochaping.policy.retention import known_terms
from tests.orders import City

PAGE = "/console/retention/"


def proved(result: str, now: datetime) -> None:
    with transaction.atomic():
        record(now=now, actor="system", act="retention.prove", subject="traces", result=result)


def test_the_page_says_what_is_kept_how_long_by_which_clause(browser: Client, city: City) -> None:
    shown = browser.get(PAGE).content.decode()
    for kept in known_terms():
        assert kept.what in shown
        assert kept.citation in shown
    assert "评价之日起 190 天" in shown
    assert shown.count("未规定</span>") == sum(kept.n is None and not kept.because for kept in known_terms())
    assert Client().get(PAGE).status_code == 302
    assert PAGE in browser.get("/console/rules/").content.decode()


def test_a_deletion_that_was_not_proved_is_an_alarm_on_the_desk_until_it_is(
    browser: Client, city: City, now: datetime
) -> None:
    assert "没有删除" not in browser.get("/console/").content.decode()
    proved("failed", now)
    for page in ("/console/", PAGE):
        shown = browser.get(page).content.decode()
        assert "到期应当删除的内容没有删除" in shown
        assert "网络地址和浏览器标识的加密摘要" in shown
    assert "未通过" in browser.get(PAGE).content.decode()
    proved("done", now + timedelta(hours=1))
    assert "没有删除" not in browser.get("/console/").content.decode()
    assert "没有遗留" in browser.get(PAGE).content.decode()
