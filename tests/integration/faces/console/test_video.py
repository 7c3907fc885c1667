"""The hall's record and its cameras on the console."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.evidence.models import Camera, VideoLook
from tests.integration.evidence.test_video import PURPOSE, filmed, window_of
from tests.orders import City, make_official

Sign = Callable[[UUID], Client]
URL = "https://video.example.cn/play/{camera}?b={begin}&e={end}&t={expires}&s={signature}"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAOCHAPING_VIDEO_URL", URL)
    monkeypatch.setenv("HAOCHAPING_VIDEO_SECRET", "platform-of-the-test")


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Sign) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


@pytest.mark.usefixtures("connected")
def test_from_the_order_to_the_platform(city: City, now: datetime, officer: Client) -> None:
    order = filmed(city, now, named=False)
    page = f"/console/orders/{order.id}/"
    assert "查看对应窗口和时间的录像" in officer.get(page).content.decode()
    assert officer.post(f"{page}video/", {"video_purpose": "看看"}).status_code == 302
    assert not VideoLook.objects.exists()
    shown = officer.post(f"{page}video/", {"video_purpose": PURPOSE}).content.decode()
    look = VideoLook.objects.get()
    link = f"{page}video/{look.id}/open/"
    assert link in shown
    answer = officer.get(link)
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://video.example.cn/play/cam-1?b=")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("connected")
def test_the_handler_of_an_anonymous_one_is_told_why_not(city: City, now: datetime, browser: Client) -> None:
    order = filmed(city, now, named=False)
    shown = browser.get(f"/console/orders/{order.id}/").content.decode()
    assert "录像的时间会暴露评价人" in shown
    assert "09:40" not in shown
    assert browser.post(f"/console/orders/{order.id}/video/", {"video_purpose": PURPOSE}).status_code == 302
    assert not VideoLook.objects.exists()


def test_without_a_platform_the_page_says_so(city: City, now: datetime, officer: Client) -> None:
    order = filmed(city, now, named=False)
    assert "没有接入视频平台" in officer.get(f"/console/orders/{order.id}/").content.decode()
    assert officer.post(f"/console/orders/{order.id}/video/", {"video_purpose": PURPOSE}).status_code == 302
    assert not VideoLook.objects.exists()


def test_cameras_are_entered_and_ended(city: City, now: datetime, signed_in: Sign) -> None:
    keeper = signed_in(make_official(city.authority, now, "keeper", Role.SYSTEM_ADMINISTRATOR))
    window_of(city)
    assert "有1个窗口今天没有登记摄像机" in keeper.get("/console/cameras/").content.decode()
    typed = {"window": "W1", "code": "摄像机一", "valid_from": "2026-11-01"}
    refused = keeper.post("/console/cameras/register/", typed)
    assert refused.status_code == 422
    assert "视频平台给摄像机的编号" in refused.content.decode()
    assert "摄像机一" in refused.content.decode()
    assert keeper.post("/console/cameras/register/", {**typed, "code": "cam-1"}).status_code == 302
    camera = Camera.objects.get()
    end = f"/console/cameras/{camera.id}/end/"
    assert keeper.post(end, {"last_day": "2026-10-01"}).status_code == 422
    assert keeper.post(end, {"last_day": "2026-11-30"}).status_code == 302
    assert keeper.post(end, {"last_day": "2026-11-30"}).status_code == 409
