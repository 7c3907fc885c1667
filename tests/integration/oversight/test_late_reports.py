"""The authority's own orders that are late: told once, to who handles them and to the leader, past whom they are about."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.rules import MAP, Permission, Role
from haochaping.audit.models import AuditEntry
from haochaping.notices.models import Notice
from haochaping.notices.operations.outbox import withhold_all
from haochaping.notices.queries.outbox import outbox
from haochaping.notices.states import Channel, Withheld
from haochaping.notices.words import lines, page_of, title
from haochaping.oversight.models import PressureReport
from haochaping.oversight.operations.late_reports import tell_late
from haochaping.oversight.operations.pressure import act
from haochaping.oversight.sealed import Reference, sealed_reference
from haochaping.oversight.states import Act
from tests.notices import wants
from tests.objections import STAFF, link_to_staff
from tests.orders import City, make_official, make_superior
from tests.pressure import put_report

CLAUSE = "《关于严肃追责的决定》第九条"
A_DAY = timedelta(days=1)


@pytest.fixture
def leader(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "leader", Role.AUTHORITY_LEADER)


def late_report(city: City, now: datetime, **changed: object) -> PressureReport:
    """One that was found to be so, and whose limit ended a day ago."""
    report = put_report(city, now)
    values = {"state": "decided", "verdict": "founded", "order_number": "ZBABCD1234", "revision": 3}
    values |= {"due_at": now - A_DAY, "due_clause": CLAUSE} | changed
    PressureReport.objects.filter(pk=report.pk).update(**values)
    report.refresh_from_db()
    return report


def told() -> set[tuple[UUID | None, bool]]:
    return set(Notice.objects.filter(channel="console").values_list("official_id", "superior"))


def test_the_officer_and_the_leader_are_told_once_and_nobody_else(
    city: City, officer: UUID, leader: UUID, now: datetime
) -> None:
    make_official(city.police, now, "handler")
    make_official(city.authority, now, "inspector", Role.INSPECTOR)
    make_official(make_superior(city), now, "above", Role.AUTHORITY_LEADER)
    report = late_report(city, now)
    assert (tell_late(now=now), tell_late(now=now + A_DAY)) == (1, 0)
    assert told() == {(officer, False), (leader, True)}
    for official, page, what in (
        (officer, f"/console/pressure/{report.pk}/", "请立即完成直接办理。"),
        (leader, "/console/notices/", "请督促承办人员尽快办理。"),
    ):
        notice = Notice.objects.get(official_id=official)
        assert (title(notice), page_of(notice)) == ("工单 ZBABCD1234 的直接办理已逾期", page)
        assert lines(notice) == (what, "直接办理期限的最后一日：2026年11月22日。", f"依据：{CLAUSE}。")
    row = AuditEntry.objects.get(act="pressure.late")
    assert (row.subject, row.clause) == (f"pressure:{report.number}", CLAUSE)
    assert "ZB" not in str(row.detail) + row.subject
    report.due_at = now
    report.save()
    assert tell_late(now=now) == 1, "another end is told of again"


@pytest.mark.parametrize(
    "changed",
    [
        {"due_provisional": True},
        {"state": "measured"},
        {"state": "answered"},
        {"due_at": datetime.fromisoformat("2026-11-23T10:00:01+08:00")},
        {"due_at": None},
    ],
)
def test_what_is_not_late_is_told_to_nobody(
    city: City, officer: UUID, now: datetime, changed: dict[str, object]
) -> None:
    late_report(city, now, **changed)
    assert tell_late(now=now) == 0
    assert told() == set()


def test_a_leader_is_not_told_of_his_own_organisation_or_window(
    city: City, officer: UUID, leader: UUID, now: datetime
) -> None:
    late_report(city, now, organisation_id=city.authority, order_number="ZBABCD1235")
    assert tell_late(now=now) == 1
    assert told() == set(), "all posts here are in the organisation that it is about"
    report = late_report(city, now)
    reference = Reference("", False, city.item, None, None, STAFF)
    PressureReport.objects.filter(pk=report.pk).update(reference=sealed_reference(reference, row=report.pk))
    link_to_staff(leader, now.date())
    assert tell_late(now=now) == 1
    assert told() == {(officer, False)}


def test_who_has_not_the_right_is_not_told(
    city: City, leader: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = {
        key: scope for key, scope in MAP[Role.AUTHORITY_LEADER].items() if key is not Permission.URGE_PRESSURE
    }
    monkeypatch.setitem(MAP, Role.AUTHORITY_LEADER, rights)  # type: ignore[arg-type]
    late_report(city, now)
    assert tell_late(now=now) == 1
    assert told() == set()


def test_handed_up_it_is_told_to_the_authority_above(city: City, officer: UUID, now: datetime) -> None:
    superior = make_superior(city)
    above = make_official(superior, now, "above", Role.AUTHORITY_OFFICER)
    report = late_report(city, now)
    tell_late(now=now)
    text = "请上一级主管部门直接办理为宜。"
    act(report_id=report.pk, act=Act.HAND_UP, official_id=officer, revision=3, now=now, text=text)
    PressureReport.objects.filter(pk=report.pk).update(due_at=report.due_at)
    assert tell_late(now=now) == 1
    assert told() == {(officer, False), (above, False)}


def test_the_list_of_what_did_not_go_out_names_no_such_order(
    city: City, officer: UUID, now: datetime
) -> None:
    wants(officer, now)
    late_report(city, now)
    tell_late(now=now)
    withhold_all(channel=Channel.EMAIL, reason=Withheld.OFF, now=now)
    assert [(row.channel, row.subject) for row in outbox(since=now).rows if row.channel == "email"] == [
        ("email", "")
    ]
