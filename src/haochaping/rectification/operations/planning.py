"""What the rules will set off about an order is planned once its limit is settled, and anew when end or rules change."""

from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from haochaping.foundation.ids import random_id
from haochaping.policy.keeping import in_force
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.escalations import RUNNING, STEP, Stand, planned, tells_the_hour
from haochaping.rectification.models import Escalation, OrderStep, PlannedLimit, WorkOrder
from haochaping.rectification.operations.governing import Governed, governed
from haochaping.rectification.operations.repeating import count
from haochaping.rectification.states import Act, State
from haochaping.registry.queries import trial_organisations

# As much as the column holds of an edition's name.
_LONGEST: Final = 64
# Verified orders for which nothing was planned yet, and those whose limit runs and has another end, or other rules, since.
# Locked, so that an official's act waits, or is passed over; in the order of their verification as far as one call goes.
_UNPLANNED: Final = """
SELECT o.id FROM rectification_workorder o LEFT JOIN rectification_plannedlimit p ON p.order_id = o.id
WHERE o.organisation_id <> ALL(%(trial)s) AND o.exclusion = '' AND (
  (p.order_id IS NULL AND (o.finding <> '' OR (o.state = ANY(%(running)s) AND o.due_at IS NOT NULL)))
  OR (o.state = ANY(%(running)s) AND (p.due_at IS DISTINCT FROM o.due_at OR p.provisional <> o.due_provisional
                                      OR p.edition <> %(edition)s)))
ORDER BY o.due_at LIMIT %(limit)s FOR UPDATE OF o SKIP LOCKED
"""


@transaction.atomic
def plan_escalations(*, limit: int) -> int:
    """Plans for up to `limit` orders, those that end first before the others; for how many.

    What was set off stays; what was only planned is planned anew. A provisional limit has nothing planned: it sets nothing
    off until it is settled. Planning itself changes nothing that anybody sees, and leaves no audit row.
    """
    edition = in_force()
    version = edition.version[:_LONGEST]
    values: dict[str, Any] = {
        "running": [str(state) for state in RUNNING],
        "trial": list(trial_organisations()),
        "edition": version,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNPLANNED, values)
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    orders = list(WorkOrder.objects.filter(id__in=ids))
    verified = dict(
        OrderStep.objects.filter(order__in=orders, act=Act.VERIFY.value)
        .order_by("revision")
        .values_list("order_id", "at")
    )
    ratings = {rating.id: rating for rating in rating_for_order([order.subject_id for order in orders])}
    for order in sorted(orders, key=lambda each: (verified.get(each.id, each.opened_at), each.number)):
        at, rating = verified.get(order.id), ratings.get(order.subject_id)
        found = governed(order, at=at, rulebook=edition.rulebook) if at else None
        _plan(order, found)
        if found is not None and rating is not None:
            count(order, rating, found)
        PlannedLimit.objects.update_or_create(
            order=order,
            defaults={"due_at": order.due_at, "provisional": order.due_provisional, "edition": version},
        )
    return len(ids)


def _plan(order: WorkOrder, governed: Governed | None) -> None:
    """By the rules that counted the limit itself: those of its verification."""
    order.escalations.filter(state=Stand.PLANNED, same="").delete()
    if governed is None or order.due_at is None or order.due_provisional or State(order.state) not in RUNNING:
        return
    hidden = tells_the_hour(governed.rules, governed.events)
    Escalation.objects.bulk_create(
        [
            Escalation(
                id=random_id(),
                order=order,
                rule=each.rule[:60],
                happened=each.happened,
                action=each.action[:60],
                body=each.body[:60],
                clause=each.clause[:200],
                step=STEP,
                due_at=order.due_at,
                at=each.at,
                state=Stand.PLANNED,
            )
            for each in planned(governed.rules, governed.events, order.due_at, by_day=hidden)
        ],
        ignore_conflicts=True,
    )
