"""So many overdue limits, returns or dissatisfied raters within so long: counted once each, set off by the one that makes it
so many and each after it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.notices.models import Notice
from haochaping.rectification.escalated import escalations_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import Escalation, WorkOrder
from haochaping.rectification.operations import SetOff, count_times, plan_escalations, set_off_due
from haochaping.rectification.states import Act
from haochaping.registry.models import Organisation
from tests.escalations import OURS, decided, swept_at_once, verify_orders
from tests.orders import City, do_act, lead_to, make_official, open_order

DAY = timedelta(days=1)
# Of an order verified on 23 November 2026.
DUE = datetime.fromisoformat("2026-12-15T00:00:00+08:00")
WORDS = "不是我们的职责，请转办。"
WITHIN = 'within = { n = %d, unit = "calendar_day", after = "due", count_first = false }'
RULE = """
[[escalations]]
key = "again"
from = 2026-10-01
document = "d"
article = "第五条"
value = { on = "%s", action = "report", to = "level_above_authority", %s }
"""


def rule(*keys: str, on: str = "overdue") -> str:
    return OURS.partition("[[escalations]]")[0] + RULE % (on, ", ".join(keys))


@pytest.fixture
def verified(city: City, handler: UUID) -> Callable[..., WorkOrder]:
    def make(at: datetime, **rating: object) -> WorkOrder:
        return lead_to(open_order(city, at, **rating), Act.VERIFY, handler, at)

    return make


def sweep(at: datetime) -> tuple[int, SetOff]:
    plan_escalations(now=at, limit=100)
    counted = count_times(now=at + GRACE, limit=100)
    return counted, set_off_due(now=at + GRACE, limit=100)


def states() -> list[str]:
    return sorted(Escalation.objects.values_list("state", flat=True))


def test_the_second_overdue_order_of_a_unit_is_reported_up(
    verified: Callable[..., WorkOrder],
    city: City,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    with decided(tmp_path, monkeypatch, rule("times = 2", 'step = "rectification"', WITHIN % 30)):
        first, second = verified(now), verified(now + 2 * DAY)
        assert sweep(DUE - DAY) == (0, SetOff(0, 0, 0))
        assert sweep(DUE) == (1, SetOff(0, 0, 0))
        assert escalations_of(order_id=first.id, now=DUE) == ()
        counted, found = sweep(DUE + 2 * DAY)
        assert (counted, found.set_off) == (1, 1)
        assert sweep(DUE + 3 * DAY) == (0, SetOff(0, 0, 0))
        assert (states(), escalations_of(order_id=first.id, now=DUE)) == (["counted", "set_off"], ())
        (told,) = escalations_of(order_id=second.id, now=DUE)
        assert (told.happened, told.step, told.action) == ("overdue_again", "", "report")
        assert told.body == "level_above_authority"
        assert {each.kind for each in Notice.objects.all()} == {"escalated"}
        assert not Notice.objects.filter(official_id=officer).exists()  # it is for the level above


@pytest.mark.parametrize(
    ("keys", "set_off"),
    [
        (("times = 2",), 1),
        (("times = 2", 'same = "item"'), 1),
        (("times = 2", 'same = "window"'), 0),  # no window is known
        (("times = 2", 'same = "case"'), 0),
        (("times = 3",), 0),
        (("times = 2", WITHIN % 2), 1),  # the first limit ended with the 14th, the second with the 16th
        (("times = 2", WITHIN % 1), 0),
    ],
)
def test_how_many_of_the_same_within_how_long(
    verified: Callable[..., WorkOrder],
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    set_off: int,
) -> None:
    with decided(tmp_path, monkeypatch, rule(*keys, 'step = "rectification"')):
        verified(now)
        verified(now + 2 * DAY)
        assert sweep(DUE + 9 * DAY)[1].set_off == set_off


def test_what_was_done_in_time_or_taken_back_is_no_time(
    verified: Callable[..., WorkOrder],
    handler: UUID,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with decided(tmp_path, monkeypatch, rule("times = 2")):
        done, late, later = (verified(now + each * timedelta(hours=1)) for each in range(3))
        plan_escalations(now=now, limit=100)
        do_act(done, Act.RECTIFY, handler, now + DAY, "已增设两个窗口。")
        assert sweep(DUE) == (3, SetOff(1, 0, 1))
        assert states() == ["counted", "lapsed", "set_off"]
        WorkOrder.objects.filter(pk__in=(late.pk, later.pk)).update(exclusion="corrected", state="closed")
        verified(now + 3 * DAY)
        assert sweep(DUE + 9 * DAY) == (1, SetOff(0, 0, 0))


def test_an_order_sent_back_twice_goes_further(
    city: City, handler: UUID, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    may = (
        '\n[[send_back]]\nfrom = 2026-10-01\ndocument = "d"\narticle = "第七条"\nvalue = { allowed = true }\n'
    )
    with decided(tmp_path, monkeypatch, rule("times = 2", on="returned") + may):
        order = open_order(city, now)
        code = Organisation.objects.get(pk=city.police).credit_code
        do_act(order, Act.SEND_BACK, handler, now, WORDS)
        assert sweep(now + DAY)[1].set_off == 0
        do_act(order, Act.DISPATCH, officer, now + DAY, WORDS, organisation=code)
        do_act(order, Act.SEND_BACK, handler, now + 2 * DAY, WORDS)
        assert sweep(now + 3 * DAY)[1].set_off == 1


def test_two_sweeps_at_once_count_each_once(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    with decided(tmp_path, monkeypatch, rule("times = 3", 'step = "rectification"')):
        verify_orders(6, now)
        found = swept_at_once(lambda: count_times(now=DUE + GRACE, limit=1), sweepers=2, turns=4)
        while more := count_times(now=DUE + GRACE, limit=1):
            found.append(more)
        assert sum(found) == 6
        assert states() == ["counted", "counted", "planned", "planned", "planned", "planned"]
        assert set_off_due(now=DUE + GRACE, limit=100).set_off == 4
