"""Revisits of drawn ratings on the console: by numbers that lead to nobody, and counted apart."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.oversight.drawing import period_of
from haochaping.oversight.models import Revisit, RevisitRatingSample
from haochaping.oversight.operations.periods import ensure_period
from haochaping.oversight.operations.rating_samples import draw_rating_samples
from haochaping.policy.rulebook import Rulebook
from tests.guards.floors import ROOT
from tests.orders import PHONE, City, make_official, rate_badly

LIST, RATES = "/console/revisits/", "/console/revisits/rates/"
SUMMER = datetime(2026, 7, 10, 10, tzinfo=CN)


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


@pytest.fixture
def drawn(city: City, now: datetime, monkeypatch: pytest.MonkeyPatch) -> RevisitRatingSample:
    """Two of two ratings of the summer, of which one rater agreed to be contacted."""
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(ROOT / "tests/data/revisits"))
    for named in (True, False):
        rate_badly(city, SUMMER, named=named)
    ensure_period(period_of("quarter", SUMMER.date()), SUMMER)
    assert draw_rating_samples(now=now, rulebook=Rulebook.load()) == 1
    return RevisitRatingSample.objects.get()


def test_the_authority_asks_whom_it_knows_by_a_number_alone(
    officer: Client, drawn: RevisitRatingSample
) -> None:
    due = Revisit.objects.get(state="due")
    shown = officer.get(LIST).content.decode()
    assert due.number in shown
    assert "全部评价" in shown
    page = f"{LIST}{due.id}/"
    shown = officer.get(page).content.decode()
    for words in ("抽样中的编号", due.number, "评价人是否满意", "等次、内容和时间不显示"):
        assert words in shown
    assert str(due.rating_id) not in shown
    assert "/console/orders/" + str(due.rating_id) not in shown
    shown = officer.post(f"{page}contact/", {"purpose": "电话回访"}).content.decode()
    assert PHONE in shown
    typed = {"revision": "0", "outcome": "answered", "means": "telephone", "satisfied": "no"}
    assert officer.post(f"{page}attempt/", typed).status_code == 302
    assert "已报请主管部门处理" in officer.get(page).content.decode()
    assert "已报请主管部门处理" in officer.get(f"{LIST}?show=ended").content.decode()


def test_rates_and_samples_stand_apart(officer: Client, drawn: RevisitRatingSample) -> None:
    shown = officer.get(RATES).content.decode()
    for words in ("对评价的抽查", "不计入上面的比率", "2件中抽取2件", drawn.number, drawn.frame_digest):
        assert words in shown
    anonymous = Revisit.objects.get(state="anonymous")
    assert "评价人选择了匿名" in officer.get(f"{LIST}{anonymous.id}/").content.decode()
