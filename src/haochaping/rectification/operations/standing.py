"""Whether an order's limit runs or stands still, after an objection began or ended."""

from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.states import Act, State


def count_clock(order: WorkOrder, rulebook: Rulebook) -> None:
    """Counts the limit of a locked order as its verification did, with the pauses there were since; saves it.

    Nothing where no limit began to run: before the verification, where nothing is to be set right, and once it is closed.
    """
    verified = OrderStep.objects.filter(order=order, act=Act.VERIFY.value).order_by("-revision").first()
    runs = order.due_at is not None or order.stands_still
    if verified is None or order.state == State.CLOSED or not runs:
        return
    found = governed(order, at=verified.at, rulebook=rulebook)
    due = found.rectification_limit() if found else None
    order.stands_still = found is not None and found.stands_still()
    if due is not None:
        order.due_at, order.due_provisional = due.due_at, due.provisional
    elif order.stands_still:
        order.due_at, order.due_provisional = None, False
    order.save(update_fields=["due_at", "due_provisional", "stands_still"])
