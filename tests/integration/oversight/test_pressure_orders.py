"""A report of pressure that is taken is a work order of the authority's own, past whom it is about (Kunming, article 11)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.notices.models import Notice
from haochaping.oversight.models import PressureReport, PressureStep
from haochaping.oversight.operations.pressure import act
from haochaping.oversight.queries.pressure import pressure_report, pressure_reports
from haochaping.oversight.sealed import Reference, sealed_reference
from haochaping.oversight.states import Act, State
from haochaping.rectification.listing import DeskFilter, desk
from haochaping.rectification.models import BadRating, WorkOrder
from tests.escalations import OURS, decided
from tests.objections import STAFF, link_to_staff
from tests.orders import City, make_official, make_superior, open_order
from tests.pressure import put_report

SAID = "已向双方了解，并调取了当日录像。"
WAY = (Act.TAKE, Act.VERIFY, Act.DECIDE, Act.MEASURE, Act.ANSWER, Act.CLOSE)
LIMITED = """
[[escalations]]
key = "retaliation"
from = 2026-10-01
document = "d"
article = "第九条"
value = { on = "retaliation", action = "accountability", times = 1, limit = { n = 5, unit = "workday", after = "decision", \
count_first = false } }
"""


@pytest.fixture
def limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator who laid down within how long somebody is held to account."""
    with decided(tmp_path, monkeypatch, OURS.partition("[[escalations]]")[0] + LIMITED):
        yield


def do(report: PressureReport, what: Act, official: UUID, now: datetime, verdict: str = "founded") -> None:
    report.refresh_from_db()
    said = {} if what is Act.TAKE else {"text": SAID}
    verdict = verdict if what is Act.DECIDE else ""
    act(
        report_id=report.id,
        act=what,
        official_id=official,
        revision=report.revision,
        now=now,
        verdict=verdict,
        **said,
    )
    report.refresh_from_db()


def test_taking_it_opens_an_order_that_is_none_of_the_rated_organisations(
    city: City, officer: UUID, now: datetime
) -> None:
    order = open_order(city, now)
    handler = make_official(city.police, now, "handler")
    client = Client()
    client.force_login(Official.objects.get(id=handler))
    report = put_report(city, now, rating=order.subject_id, contact=True)
    before = desk(official_id=handler, now=now, filters=DeskFilter())
    for what in WAY:
        do(report, what, officer, now)
    assert (report.state, report.order_number[:2], report.due_at) == (State.CLOSED, "ZB", None)
    assert desk(official_id=handler, now=now, filters=DeskFilter()) == before
    assert (WorkOrder.objects.count(), BadRating.objects.count(), Notice.objects.count()) == (1, 0, 0)
    for address in (
        "/console/",
        f"/console/orders/{order.id}/",
        "/console/escalations/",
        "/console/notices/",
    ):
        shown = client.get(address).content.decode()
        assert report.order_number not in shown
        assert report.number not in shown
    assert client.get(f"/console/pressure/{report.id}/").status_code == 404
    with pytest.raises(NotFound):
        pressure_report(official_id=handler, report_id=report.id, now=now)
    assert not AuditEntry.objects.filter(subject__contains=report.order_number).exists(), (
        "it tells whose it is"
    )


def test_what_the_rules_set_off_stands_in_its_history_with_the_clause(
    city: City, officer: UUID, now: datetime
) -> None:
    report = put_report(city, now)
    for what in WAY[:3]:
        do(report, what, officer, now)
    seen = pressure_report(official_id=officer, report_id=report.id, now=now)
    (set_off,) = [step for step in seen.history if step.act is Act.ESCALATE]
    assert (set_off.actor, "问责" in set_off.note, "未规定" in set_off.note) == ("system", True, True)
    assert set_off.clause.endswith("第十一条")
    assert seen.acts == (Act.MEASURE, Act.NOTE, Act.HAND_UP)
    assert seen.row.due is None, "no document lays down a limit"
    assert AuditEntry.objects.get(act="pressure.escalate").actor == "system"
    with pytest.raises(Conflict):
        do(report, Act.ANSWER, officer, now)


def test_what_was_not_found_sets_nothing_off_and_is_answered_at_once(
    city: City, officer: UUID, now: datetime
) -> None:
    report = put_report(city, now)
    for what in (Act.TAKE, Act.VERIFY, Act.DECIDE, Act.ANSWER):
        do(report, what, officer, now, verdict="unfounded")
    assert report.state == State.ANSWERED
    assert not PressureStep.objects.filter(act=Act.ESCALATE).exists()
    page = pressure_reports(official_id=officer, now=now, closed=True)
    assert [row.order_number for row in page.rows] == [report.order_number]


def test_a_limit_that_is_laid_down_is_shown_and_runs_out(
    limited: None, city: City, officer: UUID, now: datetime
) -> None:
    report = put_report(city, now)
    for what in WAY[:3]:
        do(report, what, officer, now)
    assert report.due_at == datetime(2026, 12, 1, tzinfo=CN), "the fifth working day after 23 November"
    (row,) = pressure_reports(official_id=officer, now=now).rows
    assert row.due is not None
    assert (row.due.last_day.isoformat(), row.due.late) == ("2026-11-30", False)
    (row,) = pressure_reports(official_id=officer, now=report.due_at).rows
    assert row.due is not None
    assert row.due.late
    do(report, Act.MEASURE, officer, now)
    (row,) = pressure_reports(official_id=officer, now=now).rows
    assert row.due is None, "it was done"


def test_it_is_handed_up_once_for_all_and_the_authority_above_begins_anew(
    city: City, officer: UUID, now: datetime
) -> None:
    report = put_report(city, now)
    for what in WAY[:3]:
        do(report, what, officer, now)
    with pytest.raises(Conflict) as refused:
        do(report, Act.HAND_UP, officer, now)
    assert refused.value.code == "nobody_above"
    above = make_official(make_superior(city), now, "above", Role.AUTHORITY_OFFICER)
    assert pressure_reports(official_id=above, now=now).rows == ()
    do(report, Act.HAND_UP, officer, now)
    assert (report.state, report.verdict) == (State.RECEIVED, "")
    with pytest.raises(NotFound):
        pressure_report(official_id=officer, report_id=report.id, now=now)
    seen = pressure_report(official_id=above, report_id=report.id, now=now)
    assert [step.act for step in seen.history][-1] is Act.HAND_UP
    number = report.order_number
    do(report, Act.TAKE, above, now)
    assert report.order_number == number


def test_nobody_reads_what_is_reported_of_his_own_window(city: City, officer: UUID, now: datetime) -> None:
    report = put_report(city, now)
    reference = Reference(
        "",
        False,
        city.item,
        None,
        None,
        STAFF,
    )
    report.reference = sealed_reference(reference, row=report.id)
    report.save()
    colleague = make_official(city.authority, now, "colleague", Role.AUTHORITY_OFFICER)
    link_to_staff(officer, now.date())
    assert pressure_reports(official_id=officer, now=now).rows == ()
    with pytest.raises(NotFound):
        do(report, Act.TAKE, officer, now)
    do(report, Act.TAKE, colleague, now)
