"""The pages of scores: worked out by the authority, looked at and remarked on by those concerned, signed by two."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import local_day
from haochaping.scoring.models import Remark, Run, Unit
from haochaping.tallies.models import Change
from tests.orders import City, make_official

SCORES = "/console/scores/"


@pytest.fixture
def year(now: datetime) -> date:
    """The first day of last year, whose scores can be worked out."""
    return date(local_day(now).year - 1, 1, 1)


@pytest.fixture
def counted(city: City, year: date) -> None:
    Change.objects.create(organisation_id=city.police, day=year, occasions=100, n5=90, n1=5, d3=5)


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


@pytest.fixture
def run(officer: Client, city: City, counted: None, year: date) -> Run:
    sent = {"division": city.division, "period": f"year:{year.isoformat()}"}
    answer = officer.post(f"{SCORES}make/", sent)
    found = Run.objects.get()
    assert answer.headers["Location"] == f"{SCORES}{found.number}/"
    return found


def test_before_anything_was_worked_out_the_page_says_what_to_do(officer, browser) -> None:
    assert "选择一个已经结束的统计期" in officer.get(SCORES).content.decode()
    assert "生效以前核对本单位的得分" in browser.get(SCORES).content.decode()


def test_a_run_shows_ranks_and_how_each_point_came_about(officer, run, city) -> None:
    page = officer.get(f"{SCORES}{run.number}/").content.decode()
    assert "第1名，共1" in page
    assert "核对期" in page
    assert "没有可以计算的数据" in page
    assert "满意度高的单位" in page  # a list without a criterion names nobody
    unit = Unit.objects.get(kind="organisation", number=city.police)
    one = officer.get(f"{SCORES}{run.number}/{unit.id}/").content.decode()
    # 95 of 100 rated: three; (900 + 0 + 30) / 100 = 9.3: five.
    assert "8 / 10" in one
    assert "≥ 0.95 → 3" in one
    assert "9.3" in one
    assert "另一读法" in page
    assert run.number in officer.get(SCORES).content.decode()
    assert officer.get(f"{SCORES}{run.number}/?kind=region").status_code == 200
    assert officer.get(f"{SCORES}{run.number}/?kind=staff").content.decode().count("没有可以评分的对象") == 1
    assert officer.get(f"{SCORES}DF0/").status_code == 404
    assert officer.get(f"{SCORES}{run.number}/changes/").status_code == 404  # there is none before it


def test_a_period_that_is_not_over_is_refused_with_the_reason(officer, city, now) -> None:
    sent = {"division": city.division, "period": f"year:{local_day(now).isoformat()}"}
    refused = officer.post(f"{SCORES}make/", sent)
    assert refused.status_code == 422
    assert "才结束" in refused.content.decode()
    assert officer.post(f"{SCORES}make/", {**sent, "period": "year:x"}).status_code == 400
    assert officer.post(f"{SCORES}make/", {**sent, "division": "x"}).status_code == 400


def test_the_same_is_not_kept_twice_and_changes_are_explained(officer, run, city, year) -> None:
    sent = {"division": city.division, "period": f"year:{year.isoformat()}"}
    assert "没有任何变化" in officer.post(f"{SCORES}make/", sent, follow=True).content.decode()
    Change.objects.create(organisation_id=city.police, day=year, n1=-5, occasions=-5)
    officer.post(f"{SCORES}make/", sent)
    later = Run.objects.exclude(pk=run.pk).get()
    page = officer.get(f"{SCORES}{later.number}/changes/").content.decode()
    assert "一级评价数：5 → 0" in page
    assert run.number in page


def test_those_concerned_remark_and_two_persons_sign(officer, browser, run, city, now, signed_in) -> None:
    unit = Unit.objects.get(kind="organisation", number=city.police)
    own = f"{SCORES}{run.number}/{unit.id}/"
    assert "提出意见" in browser.get(own).content.decode()
    assert browser.get(f"{own}remark/").headers["Location"] == own
    assert browser.post(f"{own}remark/", {"text": ""}).status_code == 422
    assert browser.post(f"{own}remark/", {"text": "多计了5件。"}).status_code == 302
    assert "多计了5件。" in officer.get(f"{SCORES}{run.number}/").content.decode()
    sign = {"digest": run.digest}
    assert "没有答复" in officer.post(f"{SCORES}{run.number}/sign/", sign).content.decode()
    said = Remark.objects.get()
    there = f"{SCORES}{run.number}/remarks/{said.id}/"
    assert officer.post(there, {"text": ""}).status_code == 422
    assert officer.post(there, {"text": "已核对。"}).status_code == 302
    assert "已核对。" in browser.get(own).content.decode()
    assert officer.post(f"{SCORES}{run.number}/sign/", sign).status_code == 302
    leader = signed_in(make_official(city.authority, now, "leader", Role.AUTHORITY_LEADER))
    assert "得分生效" in leader.post(f"{SCORES}{run.number}/sign/", sign, follow=True).content.decode()
    assert leader.post(f"{SCORES}{run.number}/withdraw/", {"reason": "x"}).status_code == 409
    assert browser.post(f"{own}remark/", {"text": "太晚"}).status_code == 409


def test_a_preview_is_withdrawn_with_its_reason(officer, run) -> None:
    assert officer.post(f"{SCORES}{run.number}/withdraw/", {"reason": ""}).status_code == 422
    page = officer.post(
        f"{SCORES}{run.number}/withdraw/", {"reason": "数据有误"}, follow=True
    ).content.decode()
    assert "已撤回" in page


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_a_run_is_taken_away_as_a_file(officer, browser, run, form) -> None:
    answer = officer.get(f"{SCORES}{run.number}/export.{form}")
    body = b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"].endswith(f'{run.number}.{form}"')
    assert body
    own = b"".join(browser.get(f"{SCORES}{run.number}/export.{form}").streaming_content)
    if form != "xlsx":
        assert "五华区" in body.decode()
        assert "五华区" not in own.decode()
    assert officer.get(f"{SCORES}{run.number}/export.pdf").status_code == 404
