"""The pages of static codes: what may hang where, one as a picture, many as a sheet; and what came by them today."""

import uuid
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.cases import static_code
from haochaping.cases.static_code import StaticCode
from haochaping.faces.shared.qr import png, svg
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.ratings.models import NamedCase, Rating, Trace
from haochaping.rectification.models import BadRating
from haochaping.rectification.operations import open_orders
from haochaping.registry import models as registry
from tests.markup import Page
from tests.orders import City, make_official

CODES = "/console/codes/"
POLICE = "11532216MB3585447A"


@pytest.fixture
def hall(city: City) -> registry.Hall:
    """A hall that nobody told who answers for, with a window of the police."""
    made = registry.Hall.objects.create(code="H1")
    registry.HallRecord.objects.create(hall=made, name="市民中心", division_id=city.division)
    window = registry.Window.objects.create(code="W1")
    registry.WindowRecord.objects.create(
        window=window, name="户籍窗口", hall=made, organisation_id=city.police
    )
    return made


@pytest.fixture
def window(hall: registry.Hall) -> registry.Window:
    return registry.Window.objects.get(code="W1")


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.content).text


def test_a_handler_sees_his_own_and_why_not(browser: Client, hall: registry.Hall) -> None:
    """Kunming's rules name windows and halls, and no guides."""
    page = text(browser, CODES)
    assert "户籍窗口" in page
    assert "市民中心" in page  # where the window is
    assert "户口迁移" in page
    assert "现行规则没有把它列为评价对象" in page
    assert page.count("SVG") == 1
    assert "没有可以打印的评价码" in text(browser, f"{CODES}sheet/?of=guide")


def test_an_officer_sees_all_and_finds_one(officer: Client, hall: registry.Hall) -> None:
    page = text(officer, f"{CODES}?of=hall")
    assert "昆明市政务服务管理局" in page  # answers for the hall, as nobody else is told
    assert "户口迁移" not in page
    of_hall = text(officer, f"{CODES}?whose=H1&page=9")
    assert "户籍窗口" in of_hall
    assert "户口迁移" not in of_hall
    assert "户口迁移" in text(officer, f"{CODES}?whose={POLICE}")
    assert "这里没有可以张贴评价码的对象" in text(officer, f"{CODES}?whose=no-such")


@pytest.mark.parametrize(("form", "draw"), [("svg", svg), ("png", png)])
def test_one_as_a_picture(
    browser: Client, window: registry.Window, form: str, draw: Callable[[str], bytes], settings: object
) -> None:
    settings.BASE_URL = "https://hcp.example.cn/"  # type: ignore[attr-defined]
    answer = browser.get(f"{CODES}window/{window.id}/{form}/")
    token = static_code.mint(StaticCode("window", window.id), key_for(static_code.PURPOSE))
    assert answer.content == draw(f"https://hcp.example.cn/r/w/{token}")
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''window-W1.{form}"


def test_what_is_out_of_reach_unknown_or_not_rated_has_no_picture(
    browser: Client, city: City, hall: registry.Hall, window: registry.Window
) -> None:
    for path in (
        f"hall/{hall.id}/svg/",  # the authority's
        f"guide/{city.item}/svg/",  # not rated
        "window/999999/svg/",
        f"window/{window.id}/gif/",
        f"door/{window.id}/svg/",
        f"window/{2**40}/svg/",
    ):
        assert browser.get(CODES + path).status_code == 404, path


def test_many_as_a_sheet_with_name_and_code_under_each(browser: Client, hall: registry.Hall) -> None:
    answer = browser.get(f"{CODES}sheet/")
    page = Page(answer.content)
    assert "户籍窗口" in page.text
    assert "窗口 W1" in page.text
    assert "有1个对象按现行规则不能扫码评价" in page.text
    assert answer.content.count(b"<svg") >= 1
    assert b"style=" not in answer.content


def rate(city: City, window: registry.Window, now: datetime, level: int, device: bytes) -> UUID:
    rating = Rating.objects.create(
        id=new_id(now),
        level=level,
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=uuid.uuid4().bytes,
        service_day=local_day(now),
        division_id=city.division,
        organisation_id=city.police,
        window_id=window.id,
        hall_id=registry.Hall.objects.get().id,
        profile="kunming",
    )
    Trace.objects.create(rating_id=rating.id, address=b"a", device=device, kept_until=local_day(now))
    return rating.id


def test_an_order_says_what_was_rated(
    browser: Client, city: City, window: registry.Window, now: datetime
) -> None:
    BadRating.objects.create(rating_id=rate(city, window, now, 1, b"x"), received_at=now)
    assert open_orders(now=now, limit=10) == 1
    desk = browser.get("/console/")
    page = Page(desk.content)
    assert "窗口：户籍窗口" in page.text
    (order,) = {each["href"] for each in page.all("a") if "/console/orders/" in each["href"]}
    shown = text(browser, order)
    assert "窗口：户籍窗口" in shown
    assert "没有对应的办件" in shown


def test_what_comes_by_one_code_today_is_seen_by_who_watches(
    officer: Client, city: City, window: registry.Window, now: datetime
) -> None:
    assert "今天还没有扫静态码的评价" in text(officer, "/console/watch/")
    ids = [rate(city, window, now, level, device) for level, device in ((1, b"x"), (2, b"x"), (5, b"y"))]
    NamedCase.objects.create(
        rating_id=ids[0], window_id=window.id, day=local_day(now), look_at=now, outcome="several"
    )
    page = text(officer, "/console/watch/")
    assert "窗口：户籍窗口" in page
    assert "昆明市公安局 3 2 2" in " ".join(page.split())
    assert "填写办件编号的有1条，等待核对0条" in page
    assert "不能确定是谁的哪件事：1" in page
