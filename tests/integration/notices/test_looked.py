"""Whoever reads the trail is told of every look at who a rater is, and of nothing else."""

from datetime import datetime
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.errors import NotFound
from haochaping.notices.models import Notice
from haochaping.notices.words import lines, page_of, title
from haochaping.oversight.operations.pressure import see_contact as contact_of_report
from haochaping.rectification.operations import see_contact
from tests.orders import NAME, PHONE, City, make_official, make_superior, open_order
from tests.pressure import put_report

PURPOSE = "核实情况"


@pytest.fixture
def auditor(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "auditor", Role.AUDIT_ADMINISTRATOR)


def told() -> list[tuple[UUID | None, str]]:
    return list(Notice.objects.order_by("subject").values_list("official_id", "subject"))


def test_each_look_is_told_to_who_reads_of_it_in_the_trail(city: City, auditor: UUID, now: datetime) -> None:
    elsewhere = make_official(city.county, now, "elsewhere", Role.AUDIT_ADMINISTRATOR)
    above = make_official(make_superior(city), now, "above", Role.AUDIT_ADMINISTRATOR)
    handler = make_official(city.police, now, "handler")
    order = open_order(city, now, named=True)
    for _ in range(2):
        see_contact(order_id=order.id, official_id=handler, purpose=PURPOSE, now=now)
    assert sorted(told()) == sorted([(auditor, order.number), (above, order.number)] * 2)
    assert elsewhere not in {official for official, _ in told()}
    notice = Notice.objects.filter(official_id=auditor)[0]
    assert title(notice) == f"有人查看了 {order.number} 的姓名和电话"
    assert page_of(notice) == "/console/audit/?act=identity.reveal"
    said = title(notice) + "".join(lines(notice)) + repr(Notice.objects.values().first())
    for never in (NAME, PHONE, PURPOSE, "handler"):
        assert never not in said


def test_what_was_refused_is_told_to_nobody(city: City, auditor: UUID, now: datetime) -> None:
    handler = make_official(city.police, now, "handler")
    order = open_order(city, now)
    with pytest.raises(NotFound):
        see_contact(order_id=order.id, official_id=handler, purpose=PURPOSE, now=now)
    assert told() == []


def test_a_look_at_who_reported_pressure_as_well(city: City, auditor: UUID, now: datetime) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    report = put_report(city, now, contact=True)
    contact_of_report(report_id=report.id, official_id=officer, purpose=PURPOSE, now=now)
    assert told() == [(auditor, report.number)]
