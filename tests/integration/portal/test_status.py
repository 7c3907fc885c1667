"""The public page of how the service does: the last self-test in words, nothing of how it is built."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.integration.oversight.test_alarms import concluded
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock that the views read, stopped."""
    monkeypatch.setattr("haochaping.faces.portal.views.now", lambda: now)
    return now


def test_before_the_first_test_nothing_is_claimed(client: Client, stopped: datetime) -> None:
    page = client.get("/status").content.decode()
    assert "还没有检验过" in page
    assert "正常" not in page


def test_all_well(client: Client, stopped: datetime) -> None:
    concluded(stopped - timedelta(hours=6))
    page = client.get("/status").content.decode()
    assert "下列各渠道的五个等次都可以正常评价" in page
    assert page.count("五个等次都正常") == 5
    assert "2026年11月23日" in page


def test_what_does_not_work_is_named_by_channel_and_level_alone(client: Client, stopped: datetime) -> None:
    concluded(stopped, 1, 2)
    page = client.get("/status").content.decode()
    assert "部分评价可能无法提交" in page
    assert page.count("不满意、非常不满意") == 5
    assert "HTTP 500" not in page
    assert "http://door" not in page


def test_a_door_that_is_down_is_said_shortly(client: Client, stopped: datetime) -> None:
    concluded(stopped, 1, 2, 3, 4, 5)
    assert client.get("/status").content.decode().count("五个等次都不正常") == 5


def test_a_test_of_long_ago_is_called_one(client: Client, stopped: datetime) -> None:
    concluded(stopped - timedelta(hours=31))
    page = client.get("/status").content.decode()
    assert "以来没有检验" in page
    assert "下列各渠道的五个等次都可以正常评价" not in page


def test_in_english(client: Client, stopped: datetime) -> None:
    concluded(stopped, 1)
    client.cookies["django_language"] = "en"
    answer = client.get("/status")
    assert "Levels that do not work: Very dissatisfied" in " ".join(answer.content.decode().split())
    assert Page(answer.content).foreign == []
