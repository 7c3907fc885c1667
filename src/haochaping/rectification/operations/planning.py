"""What the rules will set off about an order is planned once a limit is settled, and anew when end or rules change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.ids import random_id
from haochaping.policy.keeping import in_force
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.contests import PENDING, REVIEW_STEPS, Kind
from haochaping.rectification.course.limits import AFTERWARDS
from haochaping.rectification.course.situation import Situation, situation
from haochaping.rectification.escalations import PLANNED_ANEW, REVISIT, Stand, planned
from haochaping.rectification.models import Escalation, OrderDeadline, OrderStep, WorkOrder
from haochaping.rectification.operations.contesting import reviewed
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.operations.repeating import count, same_of
from haochaping.rectification.states import Act, State
from haochaping.registry.queries import trial_organisations

# As much as the column holds of an edition's name.
_LONGEST: Final = 64
# Orders with a limit that runs and was planned for another end, or by other rules; and verified ones that were not counted
# yet. Locked, so that an official's act waits, or is passed over; those that end first before the others.
_UNPLANNED: Final = """
WITH stale AS (
  SELECT d.order_id, min(d.due_at) AS first
  FROM rectification_orderdeadline d JOIN rectification_workorder o ON o.id = d.order_id
  WHERE d.met_at IS NULL AND NOT d.provisional AND d.due_at IS NOT NULL
    AND (d.planned_for IS DISTINCT FROM d.due_at OR d.edition <> %(edition)s)
    AND (o.state <> %(closed)s OR d.step = ANY(%(beyond)s))
  GROUP BY d.order_id
)
SELECT o.id FROM rectification_workorder o JOIN (
  SELECT order_id, min(first) AS first FROM (
    SELECT order_id, first FROM stale
    UNION ALL SELECT id, NULL FROM rectification_workorder WHERE exclusion = '' AND finding <> '' AND NOT counted
  ) AS each GROUP BY order_id
) AS asked ON asked.order_id = o.id
WHERE o.organisation_id <> ALL(%(trial)s)
ORDER BY asked.first LIMIT %(limit)s FOR UPDATE OF o SKIP LOCKED
"""


@transaction.atomic
@asking_steadily()
def plan_escalations(*, now: datetime, limit: int) -> int:
    """Plans for up to `limit` orders, those with a limit that ends first before the others; for how many.

    What was set off stays; what was only planned is planned anew. A provisional limit has nothing planned: it sets nothing
    off until it is settled. Planning itself changes nothing that anybody sees, and leaves no audit row.
    """
    edition = in_force()
    version = edition.version[:_LONGEST]
    values: dict[str, Any] = {
        "beyond": [*REVIEW_STEPS.values(), *AFTERWARDS, REVISIT],
        "closed": State.CLOSED.value,
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
    for order in sorted(orders, key=lambda each: (verified.get(each.id, each.opened_at), each.number)):
        _plan(situation(order, edition.rulebook, now=now), edition.rulebook, version)
        if (at := verified.get(order.id)) is not None:
            _count(order, at, edition.rulebook)
    WorkOrder.objects.filter(id__in=verified.keys(), counted=False).update(counted=True)
    return len(ids)


class _By(NamedTuple):
    """By what the escalations of a limit are planned: its rules, what has happened, whether no hour may be told."""

    rules: Profile
    events: Mapping[str, datetime]
    by_day: bool = False


def _plan(stands: Situation, rulebook: Rulebook, version: str) -> None:
    """Each limit by the rules that counted it."""
    order = stands.order
    known = _known(stands, rulebook)
    running = OrderDeadline.objects.filter(
        order=order, met_at__isnull=True, provisional=False, due_at__isnull=False
    )
    for row in running:
        # What came to nothing for this very end comes up again where the limit runs again.
        stale = order.escalations.filter(step=row.step, state__in=PLANNED_ANEW)
        stale.delete()
        if row.step in known and row.due_at is not None:
            _plan_one(stands, row.step, row.due_at, known[row.step])
    running.update(planned_for=F("due_at"), edition=version)


def _known(stands: Situation, rulebook: Rulebook) -> dict[str, _By]:
    """Step → by what its escalations are planned."""
    found = {}
    if stands.story is not None:
        events = stands.story.events
        found = {each.step: _By(each.rules, events, each.untold) for each in stands.limits}
        # From what it runs is for the room of revisits to know: no hour is told.
        found[REVISIT] = _By(stands.story.rules(), events, by_day=True)
    for each in stands.order.objections.filter(state__in=PENDING):
        by = reviewed(each, rulebook=rulebook)
        if by is not None:
            found[REVIEW_STEPS[Kind(each.kind)]] = _By(by.rules, {each.kind: each.filed_at})
    return found


def _plan_one(stands: Situation, step: str, due_at: datetime, by: _By) -> None:
    """What is counted of something that is not known of the order is not planned."""
    found = planned(by.rules, by.events, due_at, step=step, by_day=by.by_day)
    rating = stands.asked.rating if stands.asked is not None else None
    same = {each: same_of(each.same, stands.order, rating) for each in found}
    Escalation.objects.bulk_create(
        [
            Escalation(
                id=random_id(),
                order=stands.order,
                rule=each.rule[:60],
                happened=each.happened,
                action=each.action[:60],
                body=each.body[:60],
                clause=each.clause[:200],
                step=step,
                due_at=due_at,
                at=each.at,
                same=same[each],
                state=Stand.UNCOUNTED if each.same else Stand.PLANNED,
            )
            for each in found
            if same[each] or not each.same
        ],
        ignore_conflicts=True,
    )


def _count(order: WorkOrder, at: datetime, rulebook: Rulebook) -> None:
    """By the rules of its verification."""
    found = governed(order, at=at, rulebook=rulebook)
    rating = next(iter(rating_for_order([order.subject_id])), None)
    if found is not None and rating is not None:
        count(order, rating, found)
