"""The public pages as a browser gets them."""

import json
import re
from datetime import datetime

import pytest
from django.core.cache import cache
from django.template.loader import get_template
from django.test import Client

from haochaping.foundation.clock import local_day
from haochaping.publication.operations import freeze_departments
from tests.integration.publication import city

pytestmark = pytest.mark.django_db

PAGES = ("/", "/guide", "/about", "/status", "/definitions", "/answers", "/rankings", "/publications")


@pytest.fixture
def stopped(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock that the views read, stopped."""
    monkeypatch.setattr("haochaping.faces.portal.views.now", lambda: now)
    return now


def figure(page: str, name: str) -> str:
    found = re.search(rf'id="figure-{name}">.*?<dd>(?:<data value="(\d+)">)?([^<]*)', page)
    assert found, name
    return found[1] or found[2]


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_is_healthy_without_any_data(client: Client, address: str) -> None:
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="zh-hans">' in page
    assert not answer.cookies
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<style|<script(?! src)|\son\w+=", page)


def test_the_front_page_says_that_nothing_was_counted_yet(client: Client) -> None:
    assert "还没有可以统计的办件服务和评价" in client.get("/").content.decode()


def test_the_front_page_shows_the_figures(client: Client, stopped: datetime) -> None:
    town = city.build()
    city.count(town.bureau, local_day(stopped), occasions=1200, late=3, n5=1000, n3=30, n2=1, n1=1, d3=68)
    page = client.get("/").content.decode()
    shown = {name: figure(page, name) for name in ("rated", "good", "bad", "unrated", "default")}
    assert shown == {"rated": "1032", "good": "1030", "bad": "2", "unrated": "100", "default": "68"}
    assert figure(page, "active") == "99.81%"
    assert figure(page, "inclusive") == "99.82%"
    assert figure(page, "participation") == "86.00%"
    assert "1,032" in page
    assert "2026年11月23日 10:00:00（北京时间）" in page
    assert "昆明市政务服务评价数据" in page
    assert '另有迟报 <data value="3">3</data> 次' in page
    assert 'href="/definitions#active_good_rate"' in page
    assert "昆明市公安局" not in page  # departments by the day only


def test_departments_appear_once_they_are_frozen(client: Client, stopped: datetime) -> None:
    town = city.build()
    day = local_day(stopped).replace(day=20)
    city.count(town.bureau, day, occasions=30, n5=21)
    city.count(town.north, day, occasions=30, n5=5)
    freeze_departments(now=stopped)
    page = client.get("/").content.decode()
    assert "昆明市公安局" in page
    assert "统计截至2026年11月22日的办件服务" in page
    assert (
        page.count("不足 20 条，暂不公开") == 3
    )  # north as division and as department, the city to cover for it


def test_the_language_is_chosen_by_a_link_and_kept(client: Client) -> None:
    answer = client.get("/language", {"lang": "en", "next": "/guide"})
    assert (answer.status_code, answer["Location"]) == (302, "/guide")
    page = client.get("/guide").content.decode()
    assert '<html lang="en">' in page
    assert "Skip to content" in page
    assert "跳到正文" not in page


def test_large_type_is_chosen_by_a_link_and_kept(client: Client) -> None:
    page = client.get("/answers?tag=111").content.decode()
    assert 'href="/size?size=large&amp;next=/answers%3Ftag%3D111"' in page
    assert client.get("/size", {"size": "large", "next": "/guide"})["Location"] == "/guide"
    large = client.get("/guide")
    assert '<html lang="zh-hans" class="large">' in large.content.decode()
    assert "Cookie" in large["Vary"]
    assert client.get("/size", {"size": "huge", "next": "//example.com"})["Location"] == "/"
    client.get("/size", {"size": "normal", "next": "/guide"})
    assert 'class="large"' not in client.get("/guide").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "\\\\example.com", ""]
)
def test_the_language_link_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/language", {"lang": "en", "next": elsewhere})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert not client.get("/language", {"lang": "xx", "next": "/"}).cookies


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_holds_no_chinese_sentence(client: Client, address: str) -> None:
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    page = page.replace("简体中文", "")
    assert re.findall(r"[\u4e00-\u9fff]{2,}", page) == []


def test_what_is_not_there_says_what_why_and_what_to_do(client: Client) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_neither_request_nor_database(name: str) -> None:
    page = get_template(name).render({})
    assert "回到首页" in page


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_a_page_is_made_once_in_two_seconds_and_told_to_be_the_same(
    client: Client, stopped: datetime
) -> None:
    town = city.build()
    city.count(town.bureau, local_day(stopped), occasions=40, n5=30)
    first = client.get("/")
    city.count(town.bureau, local_day(stopped), n5=1, occasions=1)
    again = client.get("/")
    assert again.content == first.content
    assert first["Cache-Control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    english = client.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="en">' in english.content.decode()
    cache.clear()
    later = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert figure(later.content.decode(), "rated") == "31"


def test_the_figures_are_given_to_programs_with_their_dictionary(client: Client, stopped: datetime) -> None:
    town = city.build()
    city.count(town.bureau, local_day(stopped), occasions=1200, n5=1000, n1=2, d3=68)
    city.count(town.north, local_day(stopped), occasions=5, n5=3)
    said = json.loads(client.get("/data.json").content)
    rows = {(row["scope"], row["name"]): row for row in said["rows"]}
    assert rows["total", "昆明市"]["rated"] == 1005
    assert rows["total", "昆明市"]["active_good_rate"] == "0.998010"
    assert rows["division", "五华区"] == {
        "scope": "division",
        "division": "",
        "name": "五华区",
        "withheld": True,
        "daily": False,
    }
    assert {key for row in said["rows"] for key in row} <= said["dictionary"].keys()
    table = client.get("/data.csv").content.decode()
    assert table.startswith('\ufeff"scope","division","name","occasions"')
    assert '"division","","五华区","","","","","","","","","","","true","false"' in table
    assert client.get("/data.xml").status_code == 404
