"""The limit of the decision on an objection stands among the limits of its order, so that what follows of it is the same."""

from haochaping.rectification.contests import PENDING, REVIEW_STEPS, Kind, State
from haochaping.rectification.escalations import PLANNED_ANEW
from haochaping.rectification.models import Objection, OrderDeadline


def keep_review(objection: Objection, *, by_notice: bool = False) -> None:
    """Writes down until when the body decides, or that it has; for whoever has locked order and objection. Nothing is kept
    of one that was withdrawn, or for whose decision no limit runs."""
    step = REVIEW_STEPS[Kind(objection.kind)]
    order = objection.order
    rows = OrderDeadline.objects.filter(order=order, step=step)
    pending = objection.state in PENDING
    if (pending and objection.due_at is None) or objection.state == State.WITHDRAWN:
        rows.delete()
        order.escalations.filter(step=step, state__in=PLANNED_ANEW).delete()
        return
    row = rows.first()
    if row is None:
        if not pending:
            return
        row = OrderDeadline(order=order, step=step, lapses=False, untold=False)
    if by_notice and row.due_at != objection.due_at:
        row.was_at = row.due_at
    if (row.due_at, row.provisional) != (objection.due_at, objection.due_provisional):
        row.planned_for = None
    if pending:
        row.organisation_id, row.due_at = objection.body_id, objection.due_at
        row.provisional, row.clause = objection.due_provisional, objection.due_clause[:200]
    row.met_at = None if pending else row.met_at or objection.decided_at
    row.save()
