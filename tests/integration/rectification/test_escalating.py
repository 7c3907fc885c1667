"""What follows when a limit nears its end and after it: by the rules alone, each once, to whom they name."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from haochaping.accounts.models import Post
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.notices.models import Notice
from haochaping.notices.rules import id_of
from haochaping.rectification.escalated import escalated, escalations_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import Escalation, OrderDeadline, WorkOrder
from haochaping.rectification.operations import SetOff, act, plan_escalations, set_off_due
from haochaping.rectification.states import Act
from tests.escalations import OURS, decided, swept_at_once, verify_orders
from tests.notices import wants
from tests.orders import City, lead_to, make_city, make_official, open_order

DAY = timedelta(days=1)
DUE = datetime(2026, 12, 15, tzinfo=CN)
NEAR = datetime(2026, 12, 9, tzinfo=CN)
VERY_LATE = datetime(2026, 12, 17, tzinfo=CN)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with decided(tmp_path, monkeypatch) as path:
        yield path


@pytest.fixture
def order(city: City, handler: UUID, now: datetime) -> WorkOrder:
    """Verified on 23 November 2026."""
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    assert order.due_at == DUE
    return order


def sweep(at: datetime) -> SetOff:
    plan_escalations(now=at, limit=100)
    return set_off_due(now=at + GRACE, limit=100)


def test_without_a_rule_nothing_is_planned_and_nobody_is_told(order: WorkOrder, now: datetime) -> None:
    assert plan_escalations(now=now, limit=100) == 1
    assert plan_escalations(now=now, limit=100) == 0
    assert set_off_due(now=DUE + 30 * DAY, limit=100) == SetOff(0, 0, 0)
    assert not Escalation.objects.exists()
    assert not Notice.objects.exists()


def test_each_rule_has_its_own_instant(rules: Path, order: WorkOrder, now: datetime) -> None:
    plan_escalations(now=now, limit=100)
    assert {row.rule: row.at for row in Escalation.objects.all()} == {
        "remind": NEAR,
        "late": DUE,
        "very_late": VERY_LATE,
        "discipline": datetime(2026, 12, 18, tzinfo=CN),
    }


def test_handlers_are_told_and_the_body_that_the_rule_names(
    rules: Path, order: WorkOrder, handler: UUID, officer: UUID, now: datetime
) -> None:
    wants(handler, now)
    assert sweep(NEAR - DAY) == SetOff(0, 0, 0)
    assert set_off_due(now=NEAR + GRACE - timedelta(seconds=1), limit=100) == SetOff(0, 0, 0)
    assert sweep(NEAR) == SetOff(1, 0, 3)
    remind = Escalation.objects.get(rule="remind")
    console = Notice.objects.get(channel="console")
    assert console.id == id_of(f"escalation:{remind.id}", "console", handler)
    assert (console.official_id, console.kind, console.action, console.subject, console.reference) == (
        handler,
        "nearing",
        "reminder",
        order.number,
        order.id,
    )
    assert (str(console.last_day), console.superior) == ("2026-12-14", False)
    assert console.clause == "《关于差评工单催办的决定（示例）》第一条"
    assert {row.channel: row.state for row in Notice.objects.all()} == {
        "console": "sent",
        "email": "waiting",
        "sms": "waiting",
    }
    assert Notice.objects.get(channel="sms").due_at == NEAR + timedelta(hours=8)
    assert sweep(DUE) == SetOff(1, 0, 3)
    assert sweep(VERY_LATE) == SetOff(1, 0, 4)
    told = Notice.objects.get(official_id=officer)
    assert (told.superior, told.action, told.channel) == (True, "supervision", "console")
    row = AuditEntry.objects.filter(act="order.escalate").order_by("at").last()
    assert row is not None
    assert (row.clause, row.detail) == (
        "《关于差评工单催办的决定（示例）》第三条",
        {"set_off": 1, "lapsed": 0, "notices": 4},
    )


def test_what_is_set_off_is_on_the_order_and_in_the_list_of_who_looks_after_it(
    rules: Path, order: WorkOrder, city: City, officer: UUID, now: datetime
) -> None:
    sweep(VERY_LATE)
    found = escalations_of(order_id=order.id, now=now)
    assert [(each.action, each.body, each.persons) for each in found] == [
        ("reminder", "", 1),
        ("supervision", "same_level_authority", 2),
    ]
    listed = escalated(official_id=officer, now=now)
    assert (listed.number, {row.number for row in listed.rows}) == (2, {order.number})
    stranger = make_official(city.county, now, "stranger")
    assert escalated(official_id=stranger, now=now).rows == ()


def test_what_nears_its_end_no_more_is_not_said_to(rules: Path, order: WorkOrder, now: datetime) -> None:
    assert sweep(DUE + timedelta(hours=1)) == SetOff(1, 1, 1)
    assert Escalation.objects.get(rule="remind").state == "lapsed"
    assert [each.happened for each in escalations_of(order_id=order.id, now=now)] == ["overdue"]


def test_what_was_done_in_time_sets_nothing_off(
    rules: Path, order: WorkOrder, handler: UUID, now: datetime
) -> None:
    plan_escalations(now=now, limit=100)
    order.refresh_from_db()
    act(
        order_id=order.id,
        act=Act.RECTIFY,
        official_id=handler,
        revision=order.revision,
        now=NEAR,
        text="已整改。",
    )
    found = set_off_due(now=VERY_LATE + GRACE, limit=100)
    assert (found.set_off, found.lapsed, found.notices) == (0, 3, 0)


def test_a_provisional_end_sets_nothing_off_until_it_is_settled(rules: Path, order: WorkOrder) -> None:
    limit = OrderDeadline.objects.filter(order=order)
    limit.update(provisional=True)
    assert sweep(VERY_LATE) == SetOff(0, 0, 0)
    assert limit.get().planned_for is None
    limit.update(provisional=False)
    assert sweep(NEAR).set_off == 1


def test_another_end_has_it_planned_anew_and_what_was_set_off_stays(rules: Path, order: WorkOrder) -> None:
    assert sweep(NEAR).set_off == 1
    OrderDeadline.objects.filter(order=order).update(due_at=DUE + 2 * DAY)
    assert set_off_due(now=DUE + GRACE, limit=100) == SetOff(
        0, 1, 0
    )  # not overdue by the end that it has now
    assert sweep(DUE) == SetOff(1, 0, 1)  # but near to it
    assert sweep(DUE + 2 * DAY).set_off == 1
    assert Escalation.objects.filter(rule="remind", state="set_off").count() == 2


def test_other_rules_have_it_planned_anew(
    rules: Path, order: WorkOrder, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_escalations(now=now, limit=100)
    with decided(tmp_path, monkeypatch, OURS.replace("n = 3,", "n = 5,")):
        assert plan_escalations(now=now, limit=100) == 1
        assert Escalation.objects.get(rule="remind").at == NEAR - 2 * DAY
        assert plan_escalations(now=now, limit=100) == 0


def test_a_body_that_the_registry_has_not_and_an_office_without_people_are_said(
    rules: Path, city: City, now: datetime
) -> None:
    gone = make_official(city.police, now, "gone")
    order = lead_to(open_order(city, now), Act.VERIFY, gone, now)
    Post.objects.filter(official_id=gone).update(valid_to=now.date())
    assert sweep(DUE + 30 * DAY).notices == 0
    found = {each.action: each for each in escalations_of(order_id=order.id, now=now)}
    assert (found["discipline"].body, found["discipline"].persons) == ("supervision", 0)
    assert found["reminder"].persons == 0


def test_an_order_in_somebodys_hands_is_left_for_the_next_time(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    with decided(tmp_path, monkeypatch):
        city = make_city()
        order = lead_to(open_order(city, now), Act.VERIFY, make_official(city.police, now, "handler"), now)
        plan_escalations(now=now, limit=100)
        copy = connection.copy()
        try:
            copy.ensure_connection()
            with copy.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1 FROM rectification_workorder WHERE id = %s FOR UPDATE", [order.id])
                assert set_off_due(now=DUE + GRACE, limit=100) == SetOff(0, 0, 0)
                cursor.execute("ROLLBACK")
        finally:
            copy.close()
        assert set_off_due(now=DUE + GRACE, limit=100).set_off == 1


def test_sweeps_at_once_set_each_off_once(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    with decided(tmp_path, monkeypatch):
        verify_orders(12, now)
        found = swept_at_once(lambda: set_off_due(now=DUE + GRACE, limit=3), sweepers=3, turns=6)
        while (more := set_off_due(now=DUE + GRACE, limit=3)) != SetOff(0, 0, 0):
            found.append(more)
        assert sum(each.set_off for each in found) == 12
        assert sum(each.lapsed for each in found) == 12  # the reminders, which are too late
        assert sum(each.notices for each in found) == Notice.objects.count() == 12


REPEATED = """
[[escalations]]
key = "again"
from = 2026-10-01
document = "d"
article = "第五条"
value = {{ on = "repeated_bad", action = "talk", to = "same_level_authority"{} }}
"""
WITHIN = 'within = {{ n = 30, unit = "calendar_day", after = "{}", count_first = false }}'


def again(*keys: str) -> str:
    return OURS.partition("[[escalations]]")[0] + REPEATED.format("".join(f", {key}" for key in keys))


def verified_on(city: City, handler: UUID, at: datetime, **rating: object) -> WorkOrder:
    order = lead_to(open_order(city, at, **rating), Act.VERIFY, handler, at)
    plan_escalations(now=at, limit=100)
    return order


def test_so_many_orders_of_the_same_unit_are_set_off_with_the_one_that_makes_it_so_many(
    city: City, handler: UUID, officer: UUID, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with decided(tmp_path, monkeypatch, again("times = 3", WITHIN.format("verification"))):
        orders = [verified_on(city, handler, now + each * DAY) for each in (0, 10, 30, 41)]
        assert set_off_due(now=now + 42 * DAY, limit=100) == SetOff(1, 0, 2)
        (found,) = escalations_of(order_id=orders[2].id, now=now)
        assert (found.action, found.happened, found.body, found.last_day, found.persons) == (
            "talk",
            "repeated_bad",
            "same_level_authority",
            None,
            2,
        )
        # On the 41st day the first is too long ago; on the 42nd there are three again: of the 11th, the 31st and this one.
        verified_on(city, handler, now + 40 * DAY)
        assert set_off_due(now=now + 43 * DAY, limit=100).set_off == 1
    told = Notice.objects.filter(official_id=officer).order_by("created_at").first()
    assert told is not None
    assert (told.kind, told.action, told.last_day, told.superior) == ("escalated", "talk", None, True)


@pytest.mark.parametrize(
    ("keys", "set_off"),
    [
        (("times = 2",), 1),
        (("times = 2", 'same = "item"'), 1),
        (("times = 2", 'same = "case"'), 0),
        (("times = 2", 'same = "window"'), 0),  # no window is known
        (("times = 2", 'same = "rater"'), 0),
        (("times = 2", "in_a_row = true"), 0),
        (("times = 1",), 2),
        ((), 0),  # how often 反复 is, is not laid down
        (("times = 2", WITHIN.format("answer")), 0),  # nothing of the kind has happened
    ],
)
def test_what_is_counted(
    city: City,
    handler: UUID,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    set_off: int,
) -> None:
    with decided(tmp_path, monkeypatch, again(*keys)):
        for each in range(2):
            verified_on(city, handler, now + each * DAY)
        assert set_off_due(now=now + 9 * DAY, limit=100).set_off == set_off
        OrderDeadline.objects.update(edition="another")
        plan_escalations(now=now, limit=100)
        assert set_off_due(now=now + 9 * DAY, limit=100).set_off == 0  # none twice


def test_a_rating_that_was_corrected_is_not_counted(
    city: City, handler: UUID, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with decided(tmp_path, monkeypatch, again("times = 2")):
        first = verified_on(city, handler, now)
        WorkOrder.objects.filter(id=first.id).update(exclusion="corrected", state="closed")
        verified_on(city, handler, now + DAY)
        assert set_off_due(now=now + 9 * DAY, limit=100) == SetOff(0, 0, 0)
