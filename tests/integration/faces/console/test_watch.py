"""The page of what is watched: who sees it, what it says in words, and that an alarm is acknowledged from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation import clock
from haochaping.oversight.models import Alarm
from haochaping.oversight.queries import watch
from haochaping.oversight.watching import cells
from tests.integration.oversight.test_alarms import concluded
from tests.markup import Page
from tests.orders import City, make_official

WATCH = "/console/watch/"


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def test_before_the_first_self_test_the_page_says_how_to_get_one(officer: Client) -> None:
    page = officer.get(WATCH).content.decode()
    assert "现在没有告警" in page
    assert "还没有做过自检" in page
    assert "条运行告警尚未确认" not in officer.get("/console/").content.decode()


def test_the_page_says_by_whose_thresholds_silences_are_judged(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = officer.get(WATCH).content.decode()
    assert "查看最近56天的真实评价" in page
    assert "不到1000000分之一" in page
    assert "本系统开发者" in page
    assert "没有文件规定" in page
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    (tmp_path / "watching.toml").write_text("[[thresholds]]\nfrom = 2026-11-01\none_in = 3\n", "utf-8")
    page = officer.get(WATCH).content.decode()
    assert "watching.toml: thresholds.2026-11-01.document: needs a document of this file" in page
    assert "不到1000000分之一" in page


def test_all_well_is_said_in_words_for_every_cell(officer: Client) -> None:
    concluded(clock.now())
    page = officer.get(WATCH).content.decode()
    assert page.count(">通过</td>") == len(cells())
    assert "全部通过" in page
    assert "纸质评价：由工作人员录入，不能自动检验" in page
    assert "情况不明" not in page
    latest = watch.latest_run()
    assert latest is not None
    one = officer.get(f"{WATCH}runs/{latest.row.id}/")
    assert one.content.decode().count(">通过</td>") == len(cells())
    assert officer.get(f"{WATCH}runs/{UUID(int=1)}/").status_code == 404


def test_a_self_test_of_long_ago_says_nothing_of_now(officer: Client) -> None:
    concluded(clock.now() - timedelta(days=2))
    assert "目前的情况不明" in officer.get(WATCH).content.decode()


def test_an_alarm_is_on_the_desk_until_it_is_acknowledged(officer: Client) -> None:
    concluded(clock.now(), 1)
    number = sum(cell.level == 1 for cell in cells())
    assert f"有{number}条运行告警尚未确认" in officer.get("/console/").content.decode()
    answer = officer.get(WATCH)
    page = answer.content.decode()
    assert "自检失败：评价页面，二维码，“非常不满意”，在“提交评价”这一步" in page
    assert "失败：提交评价" in page
    assert page.count('<span class="code">HTTP 500</span>') == 1
    assert not Page(answer.content).foreign
    address, every = f"{WATCH}acknowledge/", [str(alarm.id) for alarm in Alarm.objects.all()]
    assert page.count('name="alarm"') == number
    assert f"同时发生、原因相同的{number}项告警" in page
    refused = officer.post(address, {"note": "", "alarm": every})
    assert refused.status_code == 422
    assert "请填写已采取的措施" in refused.content.decode()
    assert officer.post(address, {"note": "已通知运维", "alarm": every}).status_code == 302
    assert officer.post(address, {"note": "再来一次", "alarm": every}).status_code == 409
    assert officer.post(address, {"note": "x", "alarm": ["nonsense"]}).status_code == 400
    assert officer.post(address, {"note": "x"}).status_code == 404
    assert officer.get(address).status_code == 302
    assert "已通知运维" in officer.get(WATCH).content.decode()
    assert "条运行告警尚未确认" not in officer.get("/console/").content.decode()


def test_in_english_every_word_is_english(officer: Client) -> None:
    concluded(clock.now(), 1)
    officer.cookies["django_language"] = "en"
    answer = officer.get(WATCH)
    assert "Self-test failed: Rating page, QR code, “Very dissatisfied”, at submitting the rating" in (
        answer.content.decode()
    )
    assert set(Page(answer.content).foreign) == {"赵敏"}  # a name stays one


def test_who_handles_orders_sees_none_of_it(
    city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    concluded(clock.now(), 1)
    handler = signed_in(make_official(city.police, now, "handler"))
    assert handler.get(WATCH).status_code == 403
    assert handler.post(f"{WATCH}acknowledge/").status_code == 403
    desk = handler.get("/console/").content.decode()
    assert "运行告警" not in desk
    assert WATCH not in desk
