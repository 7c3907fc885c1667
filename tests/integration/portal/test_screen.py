"""The page for a screen in a hall: the figures of the portal, again every few seconds without a script."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from haochaping.foundation.clock import local_day
from haochaping.publication.screen import MOST, screen
from tests.integration.oversight.test_alarms import concluded
from tests.integration.publication import city

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock that the views read, stopped."""
    monkeypatch.setattr("haochaping.faces.portal.screen.now", lambda: now)
    return now


def test_an_empty_system_says_so(client: Client, stopped: datetime) -> None:
    answer = client.get("/screen")
    page = answer.content.decode()
    assert answer["Refresh"] == "10"
    assert "还没有可以统计的办件服务和评价" in page
    assert "还没有检验过" in page
    assert "还没有公布" in page


def test_it_shows_what_the_portal_shows_and_no_more(client: Client, stopped: datetime) -> None:
    town = city.build()
    city.count(town.bureau, local_day(stopped), occasions=1200, n5=1000, n3=30, n2=1, n1=1, d3=68)
    city.count(town.north, local_day(stopped), occasions=9, n5=9)
    concluded(stopped - timedelta(hours=6))
    page = client.get("/screen").content.decode()
    assert "99.81%" in page
    assert "好评 ÷ 评价，不计默认评价" in page
    assert "五华区" in page
    assert "不足 20 条" in page
    assert "各渠道都可以正常评价" in page
    assert "10:00:00" in page


def test_it_can_be_held(client: Client, stopped: datetime) -> None:
    held = client.get("/screen/still")
    assert "Refresh" not in held
    assert "恢复自动更新" in held.content.decode()


def test_of_many_regions_those_with_most_ratings_are_on_it(now: datetime) -> None:
    town = city.build()
    parent = city.models.Division.objects.get(code="530100")
    for number in range(MOST + 3):
        place = city.division(str(530200 + number), f"第{number}区", "county", parent)
        there = city.organisation(f"{number:018}", f"第{number}局", place)
        city.spread(there, local_day(now), 100 + number)
    city.count(town.bureau, local_day(now), occasions=5, n5=5)
    found = screen(now=now)
    assert (len(found.regions), found.left_out) == (MOST, 4)
    assert "第22区" in {row.name for row in found.regions}
    assert "昆明市（本级）" not in {row.name for row in found.regions}
    cache.clear()
