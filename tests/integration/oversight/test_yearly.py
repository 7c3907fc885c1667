"""What the rules want told once a year: until when, for whom, with which figures."""

from datetime import date, datetime

import pytest
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.foundation.clock import now as present
from haochaping.oversight.queries.revisit_rates import Share
from haochaping.oversight.queries.yearly import yearly_report
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act
from haochaping.registry.models import OrganisationRecord
from tests.orders import City, lead_to, make_city, make_official, open_order

SHANDONG = ("370000", "370100", "370102")
REPORT = "形成差评整改情况报告，报人社部"


@pytest.fixture
def line(db: None) -> City:
    """A department of the line of human resources, another one beside it."""
    city = make_city(SHANDONG)
    OrganisationRecord.objects.filter(organisation=city.police).update(department="hrss")
    return city


def test_given_the_line_of_human_resources_its_report_is_due_by_the_end_of_december(
    line: City, now: datetime
) -> None:
    handler = make_official(line.police, now, "handler")
    lead_to(open_order(line, now), Act.RECTIFY, handler, now)
    open_order(line, now)
    of = {line.police, line.authority}
    found = yearly_report(organisations=of, year=2026, rulebook=rulebook(), on=date(2026, 12, 1))
    (report,) = [each for each in found.duties if each.what == REPORT]
    assert (report.last_day, report.days, report.presses, report.organisations) == (
        date(2026, 12, 31),
        30,
        True,
        1,
    )
    assert (report.by, report.to) == ("政务服务管理办公室（行风办）", "人力资源社会保障部")
    assert report.clause.endswith("二（二）")
    assert found.total.rectification_rate() == Share(1, 2)
    assert [each.name for each in found.rates] == ["昆明市公安局"]


@pytest.mark.parametrize(
    ("on", "days", "presses"),
    [(date(2026, 11, 30), 31, False), (date(2026, 12, 31), 0, True), (date(2027, 1, 2), -2, False)],
)
def test_it_presses_in_the_month_of_its_last_day(line: City, on: date, days: int, presses: bool) -> None:
    found = yearly_report(organisations={line.police}, year=2026, rulebook=rulebook(), on=on)
    (report,) = [each for each in found.duties if each.what == REPORT]
    assert (report.days, report.presses) == (days, presses)


def test_where_no_rule_names_a_day_none_is_told_and_before_the_rules_there_is_nothing(line: City) -> None:
    found = yearly_report(organisations={line.police}, year=2026, rulebook=rulebook(), on=date(2026, 12, 1))
    (appraisal,) = [each for each in found.duties if "考核评优" in each.what]
    assert (appraisal.last_day, appraisal.presses) == (None, False)
    assert found.duties.index(appraisal) == len(found.duties) - 1
    before = yearly_report(organisations={line.police}, year=2019, rulebook=rulebook(), on=date(2026, 12, 1))
    assert before.duties == ()


def test_the_page_is_for_who_watches_over_others(line: City) -> None:
    def page(organisation: int, role: Role, query: str = "") -> str:
        official = make_official(organisation, present(), f"{role.replace('_', '.')}{len(query)}", role)
        client = Client()
        client.force_login(Official.objects.get(id=official))
        return client.get(f"/console/revisits/yearly/{query}").content.decode()

    assert REPORT in page(line.authority, Role.AUTHORITY_OFFICER)
    assert "2025年差评整改情况" in page(line.authority, Role.AUTHORITY_OFFICER, "?year=2025")
    assert "您没有可以查看的单位" in page(line.police, Role.ORGANISATION_HANDLER)
