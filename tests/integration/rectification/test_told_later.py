"""Who is told of a part of a joint order, and of a rating that he may contest: once, and never at the rater's hour."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.notices.models import Notice
from haochaping.notices.words import lines, page_of, title
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations import PartSaid, open_orders, tell_what_waited
from haochaping.rectification.parts import PartAct
from tests.joint import do_part, give, joint_order, part_of
from tests.notices import wants
from tests.objections import file, link_to_staff, name_staff
from tests.orders import (
    NAME,
    SERVICE_DAY,
    City,
    make_official,
    open_order,
    rate_badly,
    say,
)

MIDNIGHT = datetime(2026, 11, 24, tzinfo=CN)
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
AFTER = MIDNIGHT + A_MINUTE


@pytest.fixture
def other(city: City, now: datetime) -> UUID:
    return make_official(city.county, now, "other")


@pytest.fixture
def clerk(city: City, now: datetime) -> UUID:
    return link_to_staff(make_official(city.police, now, "clerk", Role.WINDOW_STAFF), SERVICE_DAY)


def titles(official: UUID) -> list[str]:
    notices: Iterable[Notice] = Notice.objects.filter(official_id=official, channel="console")
    return [title(each) for each in sorted(notices, key=lambda each: (each.created_at, each.cause))]


def test_what_the_case_itself_gives_is_told_when_the_day_is_over(
    city: City, other: UUID, officer: UUID, now: datetime
) -> None:
    lead = make_official(city.police, now, "lead")
    order = joint_order(city, now, city.county)
    assert tell_what_waited(now=AFTER - timedelta(seconds=1)) == 0
    assert not Notice.objects.exists(), "the hour of the opening is the rater's"
    assert (tell_what_waited(now=AFTER), tell_what_waited(now=AFTER + A_DAY)) == (1, 0)
    (notice,) = Notice.objects.all()
    assert (notice.official_id, notice.created_at) == (other, AFTER)
    assert title(notice) == f"工单 {order.number} 有一部分交给您的单位办理"
    assert page_of(notice) == f"/console/parts/{part_of(order, city.county).id}/"
    row = AuditEntry.objects.get(act="order.told")
    assert row.detail == {"given": 1, "late": 0, "staff": 0}
    assert titles(lead) == []


def test_who_took_it_at_once_is_not_told_of_it(city: City, other: UUID, now: datetime) -> None:
    order = joint_order(city, now, city.county)
    do_part(part_of(order, city.county), PartAct.TAKE, other, now)
    assert tell_what_waited(now=AFTER) == 0
    assert not Notice.objects.exists()


def test_what_an_officer_gives_and_releases_is_told_at_once_and_by_the_ways_that_were_asked_for(
    city: City, other: UUID, officer: UUID, now: datetime
) -> None:
    wants(other, now)
    order = open_order(city, now)
    part = give(order, city.county, officer, now, until="2026-12-01")
    given = f"工单 {order.number} 有一部分交给您的单位办理"
    assert titles(other) == [given]
    assert set(Notice.objects.values_list("channel", flat=True)) == {"console", "email", "sms"}
    said = lines(Notice.objects.get(channel="email"))
    assert said == ("请登录后签收、核实和整改，并报告结果。", "联办部分期限的最后一日：2026年12月1日。")
    do_part(part, PartAct.RELEASE, officer, now, PartSaid("已由牵头单位一并办理。"))
    assert titles(other) == [given, f"工单 {order.number} 的联办部分，不再等待您的单位办理"]
    give(order, city.county, officer, now + A_MINUTE)
    assert titles(other).count(given) == 2, "given once more, told once more"
    assert tell_what_waited(now=AFTER) == 0


def test_a_late_part_is_told_to_its_organisation_and_to_who_may_release_it_once_for_each_end(
    city: City, other: UUID, officer: UUID, now: datetime
) -> None:
    lead = make_official(city.police, now, "lead")
    order = open_order(city, now)
    part = give(order, city.county, officer, now, until="2026-12-01")
    do_part(part, PartAct.TAKE, other, now)
    end = datetime(2026, 12, 2, tzinfo=CN)
    assert tell_what_waited(now=end) == 0
    assert (tell_what_waited(now=end + A_MINUTE), tell_what_waited(now=end + A_DAY)) == (1, 0)
    late = f"工单 {order.number} 的联办部分已逾期"
    assert (titles(other)[-1], titles(officer), titles(lead)) == (late, [late], [])
    first, second = (Notice.objects.get(official_id=each, kind="overdue") for each in (other, officer))
    assert (lines(first)[0], lines(second)[0]) == (
        "请立即完成联办部分。",
        "请登录后决定继续等待，还是不再等待这一部分。",
    )
    OrderPart.objects.filter(pk=part.pk).update(due_at=end + A_DAY)
    assert tell_what_waited(now=end + A_DAY + A_MINUTE) == 1
    assert titles(officer) == [late, late]


def test_an_end_in_the_middle_of_a_day_and_one_that_no_notice_has_settled_are_not_told_then(
    city: City, other: UUID, now: datetime
) -> None:
    order = joint_order(city, now, city.county)
    tell_what_waited(now=AFTER)
    part = OrderPart.objects.filter(order=order)
    part.update(due_at=AFTER, due_provisional=True)
    assert tell_what_waited(now=AFTER + 2 * A_DAY) == 0
    part.update(due_provisional=False)
    assert tell_what_waited(now=AFTER + 23 * timedelta(hours=1)) == 0, "the hour would be the rater's"
    assert tell_what_waited(now=AFTER + A_DAY) == 1


def test_a_part_that_the_rater_has_done_anew_is_told_when_his_day_is_over(
    city: City, other: UUID, now: datetime
) -> None:
    order = joint_order(city, now, city.county)
    part = part_of(order, city.county)
    do_part(part, PartAct.TAKE, other, now)
    do_part(part, PartAct.REPORT, other, now)
    for level in (5, 1):
        say(order.subject_id, now, "correction", level=level)
        open_orders(now=now, limit=10)
    assert part_of(order, city.county).state == "waiting"
    assert titles(other) == []
    assert tell_what_waited(now=AFTER) == 1
    assert titles(other) == [f"工单 {order.number} 有一部分交给您的单位办理"]


def test_who_was_rated_is_told_the_day_after_that_he_may_object_and_nothing_of_the_rating(
    city: City, clerk: UUID, now: datetime
) -> None:
    make_official(city.police, now, "colleague", Role.WINDOW_STAFF)
    make_official(city.police, now, "handler")
    subject = rate_badly(city, now, named=True)
    order = opened_about_staff(subject, now)
    assert order.tell_staff_at == MIDNIGHT
    assert tell_what_waited(now=AFTER - timedelta(seconds=1)) == 0
    assert (tell_what_waited(now=AFTER), tell_what_waited(now=AFTER + A_DAY)) == (1, 0)
    (notice,) = Notice.objects.all()
    assert (notice.official_id, notice.subject, notice.clause[-3:]) == (clerk, "", "第十条")
    assert title(notice) == "有一条差评与您有关，您可以提出异议"
    assert page_of(notice) == f"/console/own-ratings/{order.id}/"
    assert lines(notice)[1] == "提出异议期限的最后一日：2026年11月26日。"
    kept = repr(Notice.objects.values().get())
    for never in (NAME, order.number, str(subject), "户口迁移", "2026, 11, 19"):
        assert never not in kept


def opened_about_staff(subject: UUID, now: datetime) -> WorkOrder:
    """The order out of a rating that names the clerk."""
    name_staff(WorkOrder(subject_id=subject))
    assert open_orders(now=now, limit=10) == 1
    return WorkOrder.objects.get(subject_id=subject)


@pytest.mark.parametrize(
    "why", ["late", "pending", "taken back", "not linked", "not there any more", "nobody"]
)
def test_who_may_not_object_is_told_nothing(city: City, now: datetime, why: str) -> None:
    handler = make_official(city.police, now, "handler")
    post = Role.ORGANISATION_APPROVER if why == "not there any more" else Role.WINDOW_STAFF
    clerk = make_official(city.police, now, "clerk", post)
    if why != "not linked":
        link_to_staff(clerk, SERVICE_DAY)
    order = open_order(city, now) if why == "nobody" else opened_about_staff(rate_badly(city, now), now)
    at = AFTER
    if why == "late":
        at = AFTER + 5 * A_DAY
    elif why == "pending":
        file(order, handler, now)
    elif why == "taken back":
        WorkOrder.objects.filter(pk=order.pk).update(exclusion="taken_back")
    assert tell_what_waited(now=at) == 0
    assert not Notice.objects.exists()
    assert not WorkOrder.objects.filter(tell_staff_at__isnull=False).exists()
