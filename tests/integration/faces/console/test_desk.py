"""The desk in the browser: lists and filters in its address, views that somebody keeps, help at each step."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.rectification.models import SavedView
from haochaping.rectification.states import Act
from tests.orders import City, lead_to, make_official, open_order


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def keep(
    client: Client, name: str = "快到期的", query: str = "show=mine&due=soon", **more: str
) -> HttpResponse:
    return client.post("/console/views/", {"name": name, "query": query, **more})


def test_the_day_begins_with_what_is_to_be_done(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    mine, closed = open_order(city, now), lead_to(open_order(city, now), Act.CLOSE, handler, now)
    page = text(browser.get("/console/"))
    assert mine.number in page
    assert closed.number not in page
    assert re.search(r'show=mine" aria-current="page">待我办理 <span class="count">1<', page)
    assert closed.number in text(browser.get("/console/?show=closed"))


def test_filters_stand_in_the_address_and_in_the_form(browser: Client, city: City, now: datetime) -> None:
    named, anonymous = open_order(city, now, named=True), open_order(city, now)
    page = text(browser.get("/console/", {"show": "open", "named": "yes", "week": "2026-11-21"}))
    assert named.number in page
    assert anonymous.number not in page
    assert '<option value="yes" selected>实名</option>' in page
    assert 'value="2026-11-16"' in page
    assert "show=open&amp;due=overdue&amp;named=yes&amp;week=2026-11-16" in page
    none = text(browser.get("/console/", {"show": "open", "named": "yes", "state": "verified"}))
    assert "没有符合这些条件的工单" in none
    assert "清除筛选" in none


def test_the_rated_are_not_asked_by_which_channel_a_rating_came(
    browser: Client, signed_in: Callable[[UUID], Client], city: City, now: datetime
) -> None:
    open_order(city, now)
    officer = signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))
    assert "评价渠道" not in text(browser.get("/console/"))
    assert "评价渠道" in text(officer.get("/console/"))
    assert "转办勾选的工单" in text(officer.get("/console/?show=open"))
    assert "转办勾选的工单" not in text(browser.get("/console/?show=open"))


def test_a_view_is_kept_opened_made_the_first_and_deleted(browser: Client, handler: UUID) -> None:
    answer = keep(browser, " 快到 期的 ", "show=open&due=soon&userName=李&after=CP1")
    assert (answer.status_code, answer["Location"]) == (302, "/console/?show=open&due=soon")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_default) == ("快到 期的", "show=open&due=soon", False)
    page = text(browser.get("/console/?show=open&due=soon"))
    assert "管理视图“快到 期的”" in page
    assert '<a href="?show=open&amp;due=soon" aria-current="true">快到 期的' in page
    browser.post(f"/console/views/{view.pk}/", {"act": "begin"})
    first = text(browser.get("/console/"))
    assert re.search(r'due=soon" aria-current="true">3个工作日内到期', first)
    browser.post(f"/console/views/{view.pk}/", {"act": "not-begin"})
    assert "管理视图" not in text(browser.get("/console/"))
    for said in ("视图已删除", "已经删除了"):
        answer = browser.post(f"/console/views/{view.pk}/", {"act": "delete"}, follow=True)
        assert said in text(answer)
    assert not SavedView.objects.exists()
    acts = AuditEntry.objects.filter(act__startswith="view.").order_by("at").values_list("act", "actor")
    whats = ("save", "begin_with", "begin_with", "delete")
    assert list(acts) == [(f"view.{what}", "official:handler") for what in whats]


def test_the_same_name_replaces_and_one_view_alone_comes_first(browser: Client) -> None:
    keep(browser, "甲", default="1")
    keep(browser, "乙", default="1")
    keep(browser, "甲", "show=open&named=yes")
    found = set(SavedView.objects.values_list("name", "query", "is_default"))
    assert found == {("甲", "show=open&named=yes", False), ("乙", "show=mine&due=soon", True)}


@pytest.mark.parametrize("name", ["", "   ", "长" * 21, "坏\x07"])
def test_a_name_that_is_none_is_refused_with_why(browser: Client, name: str) -> None:
    answer = keep(browser, name)
    assert answer.status_code == 422
    assert "view-error" in text(answer)
    assert not SavedView.objects.exists()


def test_twenty_views_are_enough(browser: Client) -> None:
    for number in range(20):
        keep(browser, f"视图{number}")
    answer = keep(browser, "又一个")
    assert answer.status_code == 422
    assert "最多保存20个视图" in text(answer)
    assert 'value="又一个"' in text(answer)


def test_a_view_is_nobody_elses(
    browser: Client, signed_in: Callable[[UUID], Client], city: City, now: datetime
) -> None:
    keep(browser)
    view = SavedView.objects.get()
    other = signed_in(make_official(city.police, now, "other"))
    assert "快到期的" not in text(other.get("/console/"))
    for act in ("delete", "begin"):
        assert other.post(f"/console/views/{view.pk}/", {"act": act}).status_code == 302
    view.refresh_from_db()
    assert not view.is_default
    assert other.post(f"/console/views/{uuid4()}/", {"act": "explode"}).status_code == 400
    assert other.get(f"/console/views/{view.pk}/")["Location"] == "/console/"
    assert other.get("/console/views/")["Location"] == "/console/"


def test_each_step_says_what_it_means_until_when_and_by_which_clause(
    browser: Client, handler: UUID, city: City, now: datetime
) -> None:
    order = open_order(city, now)
    page = text(browser.get(f"/console/orders/{order.id}/"))
    assert "签收表示由您负责办理这张工单" in page
    assert "这一步未规定期限" in page
    lead_to(order, Act.VERIFY, handler, now)
    page = text(browser.get(f"/console/orders/{order.id}/"))
    help_ = page[page.index('<div class="help">') :].partition("</div>")[0]
    assert "整改完成后写明措施和结果" in help_
    assert re.search(r"<strong>还剩 15 个工作日(（推定）)?</strong>，最后一日：", help_)
    assert "依据：《昆明市政务服务“好差评”实施办法》第十二条" in help_
    link = re.search(r'href="(/console/rules/\?[^"]+#rule-rectification)"', help_)
    assert link
    assert "第十二条" in text(browser.get(link.group(1).replace("&amp;", "&")))


def test_the_navigation_is_one_line_of_groups(
    browser: Client, signed_in: Callable[[UUID], Client], city: City, now: datetime
) -> None:
    page = text(
        signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)).get("/console/")
    )
    head = page[: page.index("<main")]
    assert re.findall(r"<summary[^>]*>(\w+)</summary>", head) == ["办理", "数据", "管理"]
    assert head.count('<li class="nav-group">') == 3
    rules = text(browser.get("/console/rules/"))
    assert '<summary class="here">管理</summary>' in rules
    assert 'aria-current="page">规则</a>' in rules
