"""Limits of revisits follow a notice on holidays that comes in later."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from haochaping.audit.models import AuditEntry
from haochaping.oversight.models import Revisit, RevisitCandidate
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.recounting import recount_limits
from haochaping.oversight.operations.samples import draw_samples
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from tests.orders import say
from tests.revisits import LATER


def test_what_was_counted_by_another_calendar_is_put_right_by_the_code_that_counted_it_first(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    order = answered(named=True)
    say(order.subject_id, now, "follow_up", level=1, text="没有改")
    open_orders(now=now, limit=10)
    assess_answered(now=now, rulebook=sampling)
    drawn = RevisitCandidate.objects.get()
    whole = Revisit.objects.exclude(due_at=None).get()
    right = (drawn.due_at, whole.due_at)
    assert recount_limits(now=now, rulebook=sampling) == 0
    for rows in (RevisitCandidate.objects, Revisit.objects.exclude(due_at=None)):
        rows.update(due_at=F("due_at") - (LATER - now), due_provisional=True)
    assert [recount_limits(now=now, rulebook=sampling) for _ in range(2)] == [2, 0]
    drawn.refresh_from_db()
    whole.refresh_from_db()
    assert (drawn.due_at, whole.due_at) == right
    assert (whole.due_provisional, drawn.due_provisional) == (False, True)  # the next year's notice is not in
    assert AuditEntry.objects.get(act="revisit.recount").detail == {"limits": 2}


def test_what_was_drawn_keeps_to_the_end_of_its_period(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    made = Revisit.objects.exclude(due_at=None).get()
    Revisit.objects.filter(pk=made.pk).update(due_at=now)
    assert recount_limits(now=LATER, rulebook=sampling) == 1
    assert Revisit.objects.get(pk=made.pk).due_at == made.due_at
    # What has ended, and what is being worked on again, keeps its limit.
    Revisit.objects.filter(pk=made.pk).update(due_at=now, state="answered")
    assert recount_limits(now=LATER, rulebook=sampling) == 0
    Revisit.objects.filter(pk=made.pk).update(state="due")
    WorkOrder.objects.update(state="opened")
    assert recount_limits(now=LATER, rulebook=sampling) == 0
