"""Whether an order's limits run or stand still, after an objection began or ended."""

from datetime import datetime

from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.clocks import recount_order
from haochaping.rectification.states import State


def count_clock(order: WorkOrder, rulebook: Rulebook, *, now: datetime) -> None:
    """Counts the limits of a locked order as its acts did, with the pauses there were since; saves them. Nothing once it is
    closed."""
    if order.state != State.CLOSED:
        recount_order(order, rulebook, now=now)
