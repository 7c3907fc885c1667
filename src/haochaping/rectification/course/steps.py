"""The history of an order, read once for all parts of a page that count by it."""

from typing import Final
from uuid import UUID

from django.db.models import prefetch_related_objects

from haochaping.foundation.asked_once import once
from haochaping.rectification.contests import State
from haochaping.rectification.models import Objection, OrderPart, OrderStep

# As they were filed. What the release before filed has no number, and came earlier.
AS_FILED: Final = ("ordinal", "filed_at", "id")


@once
def steps_of(order_id: UUID) -> tuple[OrderStep, ...]:
    """All steps in order."""
    return tuple(OrderStep.objects.filter(order_id=order_id).order_by("revision"))


@once
def objections_of(order_id: UUID) -> tuple[Objection, ...]:
    """All objections in the order in which they were filed; with its order at hand, and where one was withdrawn with
    their steps."""
    found = tuple(Objection.objects.filter(order_id=order_id).select_related("order").order_by(*AS_FILED))
    if any(each.state == State.WITHDRAWN for each in found):
        # When it was withdrawn is told by its last step alone.
        prefetch_related_objects(found, "steps")
    return found


@once
def parts_in(order_id: UUID) -> tuple[OrderPart, ...]:
    """What other organisations do of it, the most urgent first, with the order at hand."""
    found = OrderPart.objects.filter(order_id=order_id).select_related("order")
    return tuple(found.order_by("due_at", "organisation_id"))
