"""An order goes back to work, or ends without more of it: what no longer runs is stopped."""

from datetime import datetime

from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.part_steps import resume
from haochaping.rectification.states import State


def reopen(order: WorkOrder, now: datetime) -> None:
    """From the beginning: finding and answer are those of the work that is to come, and so is each part of a joint order.
    What was done stays in the history."""
    stop_clocks(order)
    resume(order, now)
    order.state, order.exclusion, order.closed_at = State.OPENED, "", None
    order.finding = order.answer = order.bad_class = ""
    order.reasonable = None


def stop_clocks(order: WorkOrder) -> None:
    """No limit runs, and silence counts for nothing. Those of its steps are counted anew by whoever ends the act."""
    order.due_at, order.due_provisional, order.due_clause = None, False, ""
    order.stands_still = False
    order.silence_at, order.silence_provisional = None, False
