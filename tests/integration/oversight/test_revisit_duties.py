"""Duties to revisit arise from orders that were answered, once, and end when they cannot be done any more."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from django.db.models import F

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.oversight.models import (
    Revisit,
    RevisitAssessed,
    RevisitCandidate,
)
from haochaping.oversight.operations import duties
from haochaping.oversight.operations.duties import assess_answered, conductors_of, settle_standing
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.states import Act
from tests.objections import put_objection
from tests.orders import City, open_order, say


def test_a_duty_arises_once_where_the_rules_lay_it_down(
    answered: Callable[..., WorkOrder], city: City, now: datetime, shipped: Rulebook
) -> None:
    """Kunming, article 12: every 实名差评, by the handling unit; of the others no number."""
    named, anonymous = answered(named=True), answered(Act.CLOSE)
    open_order(city, now, named=True)
    assert [assess_answered(now=now, rulebook=shipped) for _ in range(2)] == [1, 0]
    made = Revisit.objects.get()
    assert (made.order_id, made.body, made.state) == (named.id, "handling_unit", "due")
    assert (made.conductors, made.due_at, made.number) == ([city.police], None, named.number)
    assert RevisitCandidate.objects.count() == 0
    rows = RevisitAssessed.objects.in_bulk()
    assert {pk: row.undetermined for pk, row in rows.items()} == {
        key: ["rectified"] for key in (named.id, anonymous.id)
    }
    (row,) = AuditEntry.objects.filter(act="revisit.arise")
    assert row.clause.endswith("第十二条")


def test_an_order_that_changed_is_looked_at_again(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    """Who is not satisfied with what was done is revisited by the authority, beside what was there before."""
    order = answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    say(order.subject_id, now, "follow_up", level=1, text="没有改")
    open_orders(now=now, limit=10)
    assert assess_answered(now=now, rulebook=sampling) == 1
    more = Revisit.objects.get(occasion="unsatisfied")
    assert (more.body, more.due_at) == ("same_level_authority", datetime(2026, 11, 27, tzinfo=CN))
    assert assess_answered(now=now, rulebook=sampling) == 0
    assert RevisitCandidate.objects.count() == 1


def test_one_that_fails_holds_no_other_up(
    answered: Callable[..., WorkOrder], now: datetime, shipped: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = answered(named=True), answered(named=True)
    asked = duties.answered_order

    def broken(order_id: UUID, *, rulebook: Rulebook) -> object:
        if order_id == first.id:
            raise ValueError
        return asked(order_id, rulebook=rulebook)

    monkeypatch.setattr(duties, "answered_order", broken)
    assert assess_answered(now=now, rulebook=shipped) == 1
    assert Revisit.objects.get().order_id == second.id
    monkeypatch.undo()
    assert assess_answered(now=now, rulebook=shipped) == 1


@pytest.mark.parametrize(
    ("change", "state"), [({"named": False}, "anonymous"), ({"exclusion": "corrected"}, "lapsed")]
)
def test_what_cannot_be_done_any_more_ends(
    due: Revisit, now: datetime, change: dict[str, object], state: str
) -> None:
    assert settle_standing(now=now) == 0
    WorkOrder.objects.update(**change)
    assert [settle_standing(now=now) for _ in range(2)] == [1, 0]
    due.refresh_from_db()
    assert (due.state, due.ended_at) == (state, now)
    assert AuditEntry.objects.filter(act=f"revisit.{state}").count() == 1


def test_what_counts_again_is_due_again(due: Revisit, now: datetime, shipped: Rulebook) -> None:
    WorkOrder.objects.update(exclusion="voided")
    settle_standing(now=now)
    WorkOrder.objects.update(exclusion="", revision=F("revision") + 1)
    assert [assess_answered(now=now, rulebook=shipped) for _ in range(2)] == [0, 0]
    due.refresh_from_db()
    assert (due.state, due.ended_at) == ("due", None)
    assert AuditEntry.objects.filter(act="revisit.resume").count() == 1


def test_whom_the_rules_name(city: City) -> None:
    on = date(2026, 11, 23)
    told = {
        body: conductors_of(body, city.police, on)
        for body in ("handling_unit", "", "same_level_authority", "hotline_12345", "level_above_authority")
    }
    assert told == {
        "handling_unit": [city.police],
        "": [city.police, city.authority],
        "same_level_authority": [city.authority],
        "hotline_12345": [city.authority],
        "level_above_authority": [],
    }
    assert conductors_of("hotline_12345", city.authority, on) == []


def test_what_was_objected_to_is_in_the_frame_of_its_rule_whenever_that_was(
    answered: Callable[..., WorkOrder], city: City, now: datetime, sampling: Rulebook
) -> None:
    order, other = answered(), answered()
    assess_answered(now=now, rulebook=sampling)
    filed = put_objection(order, now, body=city.authority)
    assess_answered(now=now, rulebook=sampling)
    assert [each.order_id for each in RevisitCandidate.objects.filter(rule="objected")] == [order.id]
    # Taken back it was nothing: one that was looked at before stays drawable, another one never gets in.
    put_objection(other, now, body=city.authority)
    Objection.objects.exclude(pk=filed.pk).update(state="withdrawn")
    assess_answered(now=now, rulebook=sampling)
    assert RevisitCandidate.objects.filter(rule="objected").count() == 1
