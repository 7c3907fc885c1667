"""Revisits on the console: the unit asks, the authority looks on and sees the rates; nobody else is let in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.samples import draw_samples
from haochaping.policy.owed import period_of
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.states import Act
from tests.guards.floors import ROOT
from tests.orders import NAME, PHONE, SERVICE_DAY, City, lead_to, make_official, open_order

LIST, RATES = "/console/revisits/", "/console/revisits/rates/"
Sign = Callable[[UUID], Client]


@pytest.fixture
def handler(city: City, now: datetime) -> UUID:
    return make_official(city.police, now, "unit")


@pytest.fixture
def unit(handler: UUID, signed_in: Sign) -> Client:
    return signed_in(handler)


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Sign) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


@pytest.fixture
def due(city: City, now: datetime, handler: UUID) -> Revisit:
    """A revisit that the unit owes, and one order whose rules say no number."""
    order = lead_to(open_order(city, now, named=True), Act.ANSWER, handler, now)
    lead_to(open_order(city, now), Act.ANSWER, handler, now)
    assess_answered(now=now, rulebook=Rulebook.load())
    return Revisit.objects.get(order_id=order.id)


def test_an_empty_list_says_so(unit: Client) -> None:
    assert "现在没有待办的回访" in unit.get(LIST).content.decode()
    shown = unit.get(f"{LIST}?show=ended&page=x").content.decode()
    assert "还没有结束的回访" in shown
    assert RATES not in shown


def test_the_unit_records_attempts_and_what_was_typed_stays_after_an_error(
    unit: Client, due: Revisit
) -> None:
    page = f"{LIST}{due.id}/"
    shown = unit.get(LIST).content.decode()
    assert (due.number in shown, "未规定" in shown, "次数未规定" in shown) == (True, True, True)
    shown = unit.get(page).content.decode()
    for words in ("第十二条", "全部回访", "人工回访、短信、网上自助", "还没有联系过"):
        assert words in shown
    assert NAME not in shown
    wrong = unit.post(f"{page}attempt/", {"revision": "0", "outcome": "answered", "note": "致电13888012345"})
    assert wrong.status_code == 422
    for words in ("请选择回访方式", "请选择评价人是否满意", "手机号码", "致电13888012345"):
        assert words in wrong.content.decode()
    told = {"revision": "0", "outcome": "not_reached", "means": "person", "note": "下午再联系"}
    assert unit.post(f"{page}attempt/", told, follow=True).redirect_chain
    assert unit.post(f"{page}attempt/", told).status_code == 409
    done = {"revision": "1", "outcome": "answered", "means": "person", "satisfied": "no"}
    shown = unit.post(f"{page}attempt/", done, follow=True).content.decode()
    for words in ("不满意", "下午再联系", "这次回访已经结束"):
        assert words in shown
    assert due.number in unit.get(f"{LIST}?show=ended").content.decode()
    assert unit.post(f"{page}attempt/", {"revision": "x"}).status_code == 400
    assert unit.get(f"{page}attempt/").status_code == 302


def test_whom_to_call_is_shown_for_a_purpose(unit: Client, officer: Client, due: Revisit) -> None:
    page = f"{LIST}{due.id}/contact/"
    assert unit.post(page, {"purpose": "想看看"}).status_code == 422
    shown = unit.post(page, {"purpose": "电话回访"}).content.decode()
    assert (NAME in shown, PHONE in shown) == (True, True)
    (entry,) = AuditEntry.objects.filter(act="identity.reveal")
    assert "电话回访" in str(entry.detail)
    assert unit.get(page).status_code == 302
    refused = officer.post(page, {"purpose": "电话回访"})
    assert (refused.status_code, PHONE in refused.content.decode()) == (403, False)


def test_the_authority_looks_on_and_sees_the_rates(officer: Client, due: Revisit, now: datetime) -> None:
    fix_seeds(now=now)
    shown = officer.get(f"{LIST}{due.id}/").content.decode()
    assert "按规定由其他单位进行" in shown
    shown = officer.get(RATES).content.decode()
    for words in ("昆明市公安局", "2/2（100.0%）", "0/1（0.0%）", "0/0", "还没有抽样", "期中才固定"):
        assert words in shown
    first = period_of("quarter", SERVICE_DAY - timedelta(days=92)).first
    assert "这个季度没有差评工单" in officer.get(f"{RATES}?quarter={first}").content.decode()


def test_a_sample_is_shown_with_what_draws_it_again(
    officer: Client, city: City, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(ROOT / "tests/data/revisits"))
    order = lead_to(open_order(city, now), Act.ANSWER, handler, now)
    assess_answered(now=now, rulebook=Rulebook.load())
    draw_samples(now=now.replace(year=now.year + 1))
    shown = officer.get(RATES).content.decode()
    for words in (order.number, "1件中抽取1件", "差评回访抽查规定（虚构）"):
        assert words in shown
    drawn = Revisit.objects.get()
    shown = officer.get(f"{LIST}{drawn.id}/").content.decode()
    for words in ("匿名，无法联系", "仍计入应回访数", "重新整改", "抽样回访"):
        assert words in shown
    assert "1件评价人匿名" in officer.get(f"{LIST}?show=ended").content.decode()


def test_nobody_else_is_let_in(
    city: City, now: datetime, due: Revisit, unit: Client, signed_in: Sign
) -> None:
    county = signed_in(make_official(city.county, now, "county"))
    for what in ("", "attempt/", "contact/"):
        answer = (
            county.post(f"{LIST}{due.id}/{what}", {"revision": "0"})
            if what
            else county.get(f"{LIST}{due.id}/")
        )
        assert answer.status_code == 404, what
    shown = unit.get(RATES).content.decode()
    assert ("您没有可以查看的单位" in shown, "昆明市公安局" in shown) == (True, False)
    assert due.number not in county.get(LIST).content.decode()
