"""The step of a revisit has a limit, attempts and pauses like any other: whoever asks is reminded, and it goes further."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.errors import Conflict
from haochaping.notices.models import Notice
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.revisit_clocks import keep_clocks
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.queries.revisits import revisit
from haochaping.policy.keeping import in_force
from haochaping.rectification.escalated import escalated, escalations_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import Objection, OrderDeadline, WorkOrder
from haochaping.rectification.operations import SetOff, plan_escalations, set_off_due
from haochaping.rectification.queries import order as view
from tests.escalations import OURS, decided
from tests.orders import City, make_official

RULES = (
    OURS.partition("[[escalations]]")[0]
    + """
[[revisits]]
key = "named_bad"
from = 2026-10-01
document = "d"
article = "第一条"
value = { of = "named_bad", share = 1, by = "same_level_authority" }
[[steps]]
key = "revisit"
from = 2026-10-01
document = "d"
article = "第二条"
[steps.value]
limit = { n = 3, unit = "workday", after = "answer", count_first = false }
attempts = 2
means = ["telephone"]
between = { n = 4, unit = "hour", after = "revisit" }
[[escalations]]
key = "soon"
from = 2026-10-01
document = "d"
article = "第三条"
[escalations.value]
on = "nearing"
step = "revisit"
action = "reminder"
limit = { n = 1, unit = "workday", before = "due", count_first = false }
[[escalations]]
key = "late"
from = 2026-10-01
document = "d"
article = "第四条"
value = { on = "overdue", step = "revisit", action = "report", to = "level_above_authority" }
"""
)
# Answered on Monday, 23 November 2026: the third working day after it is Thursday.
DUE = datetime.fromisoformat("2026-11-27T00:00:00+08:00")
NEAR = datetime.fromisoformat("2026-11-25T00:00:00+08:00")
IN_VAIN = Attempt("not_reached", "telephone")


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with decided(tmp_path, monkeypatch, RULES) as path:
        yield path


@pytest.fixture
def owed(answered: Callable[..., WorkOrder], officer: UUID, now: datetime) -> Revisit:
    answered(named=True)
    hourly(now)
    return Revisit.objects.get()


def hourly(now: datetime) -> int:
    assess_answered(now=now, rulebook=in_force().rulebook)
    return keep_clocks()


def sweep(at: datetime) -> SetOff:
    plan_escalations(now=at, limit=100)
    return set_off_due(now=at + GRACE, limit=100)


def test_whoever_asks_is_reminded_and_it_is_reported_up(
    owed: Revisit, city: City, handler: UUID, officer: UUID, now: datetime
) -> None:
    assert (owed.due_at, owed.conductors) == (DUE, [city.authority])
    row = OrderDeadline.objects.get(step="revisit")
    assert (row.organisation_id, row.due_at, row.provisional) == (city.authority, DUE, False)
    assert keep_clocks() == 0
    assert sweep(NEAR - timedelta(hours=1)).set_off == 0
    assert sweep(NEAR).set_off == 1
    assert sweep(DUE).set_off == 1
    assert sweep(DUE + timedelta(days=9)) == SetOff(0, 0, 0)
    told = list(Notice.objects.order_by("created_at"))
    assert {each.official_id for each in told} == {officer}
    assert [(each.kind, each.step) for each in told] == [("nearing", "revisit"), ("overdue", "revisit")]
    seen = revisit(official_id=officer, revisit_id=owed.id, now=DUE)
    assert [each.action for each in seen.went_further] == ["reminder", "report"]


def test_who_was_rated_sees_nothing_of_it(owed: Revisit, handler: UUID, now: datetime) -> None:
    sweep(DUE)
    assert owed.order_id is not None
    seen = view(official_id=handler, order_id=owed.order_id, now=DUE)
    assert "revisit" not in {each.step for each in seen.limits}
    assert escalations_of(order_id=owed.order_id, now=DUE) == ()
    assert escalated(official_id=handler, now=DUE).rows == ()
    assert not Notice.objects.filter(official_id=handler).exists()


def test_what_was_done_is_nobodys_to_be_reminded_of(owed: Revisit, officer: UUID, now: datetime) -> None:
    plan_escalations(now=now, limit=100)
    typed = Attempt("answered", "telephone", "yes")
    attempt(revisit_id=owed.id, official_id=officer, revision=0, typed=typed, now=now)
    assert not OrderDeadline.objects.filter(step="revisit").exists()
    assert sweep(DUE) == SetOff(0, 0, 0)


def test_an_attempt_in_vain_too_soon_after_the_last_is_none(
    owed: Revisit, officer: UUID, now: datetime
) -> None:
    call = {"revisit_id": owed.id, "official_id": officer}
    attempt(**call, revision=0, typed=IN_VAIN, now=now)
    with pytest.raises(Conflict) as refused:
        attempt(**call, revision=1, typed=IN_VAIN, now=now + timedelta(hours=3))
    assert refused.value.code == "too_early"
    assert attempt(**call, revision=1, typed=IN_VAIN, now=now + timedelta(hours=4)) == "unreached"


def test_whoever_is_reached_earlier_has_been_reached(owed: Revisit, officer: UUID, now: datetime) -> None:
    call = {"revisit_id": owed.id, "official_id": officer}
    attempt(**call, revision=0, typed=IN_VAIN, now=now)
    typed = Attempt("refused", "telephone")
    assert attempt(**call, revision=1, typed=typed, now=now + timedelta(hours=1)) == "refused"


def test_two_who_could_ask_and_an_end_that_moves(
    owed: Revisit, city: City, officer: UUID, now: datetime
) -> None:
    Revisit.objects.update(due_at=DUE + timedelta(days=3), due_provisional=True)
    assert keep_clocks() == 1
    assert sweep(DUE + timedelta(days=9)) == SetOff(0, 0, 0)  # not settled
    Revisit.objects.update(due_provisional=False)
    assert keep_clocks() == 1
    other = make_official(city.authority, now, "other", Role.AUTHORITY_OFFICER)
    assert sweep(DUE + timedelta(days=3)).set_off == 1
    assert {each.official_id for each in Notice.objects.all()} == {officer, other}
    assert not Objection.objects.exists()
