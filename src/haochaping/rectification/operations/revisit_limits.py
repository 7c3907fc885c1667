"""Until when a rater is to be asked (回访) stands among the limits of the order, so that what follows of it is the same."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haochaping.rectification.escalations import PLANNED_ANEW, REVISIT
from haochaping.rectification.models import Escalation, OrderDeadline
from haochaping.rectification.operations.revisited import hold_order


@dataclass(frozen=True, slots=True)
class RevisitDue:
    """Until when, by which clause; `owner` (a registry id) asks."""

    owner: int
    due_at: datetime
    provisional: bool
    clause: str


def revisit_limits() -> dict[UUID, RevisitDue]:
    """Order → the limit that runs."""
    rows = OrderDeadline.objects.filter(step=REVISIT, due_at__isnull=False)
    found = rows.values_list("order_id", "organisation_id", "due_at", "provisional", "clause")
    return {
        order_id: RevisitDue(owner, due_at, provisional, clause)
        for order_id, owner, due_at, provisional, clause in found
        if due_at is not None
    }


@transaction.atomic
def keep_revisit_limit(*, order_id: UUID, due: RevisitDue | None) -> None:
    """Writes it down. None: nobody is to be asked any more, or nobody may be asked now: what was only planned goes."""
    hold_order(order_id)
    rows = OrderDeadline.objects.filter(order_id=order_id, step=REVISIT)
    if due is None:
        rows.delete()
        Escalation.objects.filter(order_id=order_id, step=REVISIT, state__in=PLANNED_ANEW).delete()
        return
    row = rows.first() or OrderDeadline(order_id=order_id, step=REVISIT, lapses=False, untold=False)
    row.organisation_id, row.due_at, row.provisional, row.clause = (
        due.owner,
        due.due_at,
        due.provisional,
        due.clause,
    )
    row.planned_for = None
    row.save()
