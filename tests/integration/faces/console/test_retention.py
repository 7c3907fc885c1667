"""The page of terms; that a deletion could not be proved stands there and in the one list of alarms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.audit.operations import record
from haochaping.oversight.operations.retention_alarms import ALL, watch_terms
from haochaping.policy.retention import known_terms
from tests.markup import Page
from tests.orders import City, make_official

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


def test_a_deletion_that_was_not_proved_is_on_the_page_until_it_is(
    browser: Client, city: City, now: datetime
) -> None:
    assert "没有删除" not in browser.get(PAGE).content.decode()
    proved("failed", now)
    shown = browser.get(PAGE).content.decode()
    assert "到期应当删除的内容没有删除" in shown
    assert "网络地址和浏览器标识的加密摘要" in shown
    assert "未通过" in shown
    proved("done", now + timedelta(hours=1))
    shown = browser.get(PAGE).content.decode()
    assert "没有删除" not in shown
    assert "没有遗留" in shown


def test_it_is_among_the_alarms_of_who_watches(
    city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    officer = signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))
    watch_terms({"traces": "1 left", ALL: "retention.toml: is not valid TOML"}, now=now, tell=False)
    assert "有2条运行告警尚未确认" in officer.get("/console/").content.decode()
    shown = officer.get("/console/watch/")
    assert "到期应当删除的内容没有删除：网络地址和浏览器标识的加密摘要" in Page(shown.content).text.replace(
        " ", ""
    )
    assert "保存期限文件有错误，更正之前不删除任何内容" in shown.content.decode()
    officer.cookies["django_language"] = "en"
    english = officer.get("/console/watch/")
    assert "What should have been deleted is still there" in english.content.decode()
    assert Page(english.content).foreign == ["赵敏"]  # a name stays one
