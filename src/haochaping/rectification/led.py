"""What is on its way, for a simulation that acts as whoever is responsible: for no page, whatever posts reach it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce

from haochaping.rectification.contests import UNENDED
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.models import BadRating, Objection, OrderPart, OrderStep, WorkOrder
from haochaping.rectification.parts import OPEN, PartState
from haochaping.rectification.states import Act, State, next_act
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class OrderToLead:
    """An open order. `subject_id`: its rating. `since`: its last act, or its opening. `contested`: the rated objected."""

    id: UUID
    subject_id: UUID
    organisation_id: int
    next_act: Act
    revision: int
    since: datetime
    opened_at: datetime
    contested: bool


@dataclass(frozen=True, slots=True)
class ObjectionToLead:
    """An objection that is not ended. `filed_by`: the official who filed it."""

    id: UUID
    subject_id: UUID
    body_id: int
    state: ObjectionState
    filed_by: UUID
    revision: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PartToLead:
    """A part that is not done."""

    id: UUID
    subject_id: UUID
    organisation_id: int
    state: PartState
    revision: int
    since: datetime


def unopened() -> tuple[tuple[datetime, UUID], ...]:
    """The ratings that wait to become orders, in the order in which they will, with when they were received."""
    waiting = BadRating.objects.order_by("failures", "received_at", "rating_id")
    return tuple((row.received_at, row.rating_id) for row in waiting)


def orders_to_lead(*, of: Collection[UUID] | None = None) -> tuple[OrderToLead, ...]:
    """Every open order but the self-test's and those whose answer waits for a part, the oldest first; of these ratings only,
    where they are given."""
    rows = WorkOrder.objects.exclude(organisation_id__in=registry.trial_organisations())
    rows = rows.exclude(state=State.CLOSED).exclude(state=State.RECTIFIED, parts__state__in=OPEN)
    if of is not None:
        rows = rows.filter(subject_id__in=of)
    rows = rows.annotate(
        since=Coalesce(Max("steps__at"), "opened_at"),
        contested=Exists(Objection.objects.filter(order=OuterRef("pk"))),
    ).order_by("opened_at", "id")
    found = ((row, next_act(State(row.state), row.finding)) for row in rows)
    return tuple(
        OrderToLead(
            *(row.id, row.subject_id, row.organisation_id, act, row.revision, row.since, row.opened_at),
            row.contested,
        )
        for row, act in found
        if act
    )


def objections_to_lead(*, of: Collection[UUID] | None = None) -> tuple[ObjectionToLead, ...]:
    """Every objection that is not ended, or those about these ratings."""
    rows = Objection.objects.filter(state__in=UNENDED).select_related("order").order_by("filed_at", "id")
    if of is not None:
        rows = rows.filter(order__subject_id__in=of)
    return tuple(
        ObjectionToLead(
            *(row.id, row.order.subject_id, row.body_id, ObjectionState(row.state), row.filed_by),
            row.revision,
            row.since,
        )
        for row in rows.annotate(since=Coalesce(Max("steps__at"), "filed_at"))
    )


def parts_to_lead(*, of: Collection[UUID] | None = None) -> tuple[PartToLead, ...]:
    """Every part that is not done, or those of the orders about these ratings."""
    rows = OrderPart.objects.filter(state__in=OPEN).select_related("order").order_by("id")
    if of is not None:
        rows = rows.filter(order__subject_id__in=of)
    return tuple(
        PartToLead(
            row.id, row.order.subject_id, row.organisation_id, PartState(row.state), row.revision, row.since
        )
        for row in rows.annotate(since=Max("steps__at"))
    )


def subjects_of(orders: Collection[UUID]) -> dict[UUID, UUID]:
    """Order → the rating that it is about."""
    return dict(WorkOrder.objects.filter(pk__in=orders).values_list("pk", "subject_id"))


def led_so_far() -> dict[str, int]:
    """How many orders, acts on them and objections there are."""
    return {
        "orders": WorkOrder.objects.count(),
        "acts": OrderStep.objects.count(),
        "objections": Objection.objects.count(),
    }
