"""The limits of an order are written down as they are counted: after every act, and when a notice comes in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.contests import REVIEW_STEPS
from haochaping.rectification.course.limits import SET_RIGHT, STEPS, StepLimit, pressing
from haochaping.rectification.course.situation import Situation, situation
from haochaping.rectification.escalations import PLANNED_ANEW, REVISIT
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations.part_steps import keep_part_limits


@dataclass(frozen=True, slots=True)
class Moved:
    """A limit that ends at another instant now, or is settled now. None: it stood still, or stands still."""

    step: str
    old: datetime | None
    old_provisional: bool
    new: datetime | None
    new_provisional: bool


def recount_order(
    order: WorkOrder, rulebook: Rulebook, *, now: datetime, by_notice: bool = False
) -> list[Moved]:
    """Counts all limits of a locked order anew; which of those that ran before moved. `by_notice`: because a notice on
    holidays came in, and the order shows what moved."""
    return keep_limits(situation(order, rulebook, now=now), by_notice=by_notice)


def keep_limits(stands: Situation, *, by_notice: bool = False) -> list[Moved]:
    """Writes down the limits of a locked order; which of those that ran before moved. Saves the order's own."""
    order, limits = stands.order, stands.limits
    rows = OrderDeadline.objects.filter(order=order).exclude(step__in=(*REVIEW_STEPS.values(), REVISIT))
    kept = {row.step: row for row in rows}
    moved: list[Moved] = []
    for limit in limits:
        row = kept.pop(limit.step, None)
        if row is None:
            OrderDeadline.objects.create(order=order, **_columns(limit))
        elif any(getattr(row, name) != value for name, value in _columns(limit).items()):
            found = _moved(row, limit)
            moved += [found] if found else []
            was = row.due_at if by_notice and row.due_at != limit.due_at else row.was_at
            planned = None if found else row.planned_for
            rows.filter(step=limit.step).update(**_columns(limit), was_at=was, planned_for=planned)
    if kept:
        drop_limits(order, kept)
    presses = pressing(order, limits)
    order.due_at = presses.due_at if presses else None
    order.due_provisional = presses.provisional if presses else False
    order.due_clause = presses.clause if presses else ""
    order.stands_still = any(each.step in SET_RIGHT and _still(each) for each in limits)
    order.save(update_fields=["due_at", "due_provisional", "due_clause", "stands_still"])
    keep_part_limits(order, limits)
    return moved


def drop_limits(order: WorkOrder, steps: Collection[str] = STEPS) -> None:
    """These limits of a locked order run no more: what was planned of them is nobody's any more, and comes up again where
    they run again."""
    OrderDeadline.objects.filter(order=order, step__in=steps).delete()
    order.escalations.filter(step__in=steps, state__in=PLANNED_ANEW).delete()


def _still(limit: StepLimit) -> bool:
    return limit.due_at is None and limit.met_at is None


def _moved(row: OrderDeadline, limit: StepLimit) -> Moved | None:
    if (row.due_at, row.provisional) == (limit.due_at, limit.provisional):
        return None
    return Moved(limit.step, row.due_at, row.provisional, limit.due_at, limit.provisional)


def _columns(limit: StepLimit) -> dict[str, object]:
    return {
        "step": limit.step,
        "organisation_id": limit.owner,
        "due_at": limit.due_at,
        "provisional": limit.provisional,
        "clause": limit.clause[:200],
        "met_at": limit.met_at,
        "lapses": limit.lapses,
        "untold": limit.untold,
    }
