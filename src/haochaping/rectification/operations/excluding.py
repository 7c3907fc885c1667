"""What a decision on an objection does to the order: closed for a stated reason, or led on where it stood before."""

from datetime import datetime

from haochaping.foundation.ids import new_id
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.contests import OrderMark
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.clocks import drop_limits
from haochaping.rectification.operations.reopening import stop_clocks
from haochaping.rectification.operations.silence import wait_for_verdict
from haochaping.rectification.operations.standing import count_clock
from haochaping.rectification.states import Exclusion, State


def exclude(order: WorkOrder, *, actor: str, clause: str, now: datetime) -> None:
    """Closes a locked order whose rating does not count. What was handled to its end stays so, but nobody's silence about it
    counts any more."""
    before, clause_of_limit = order.state, order.due_clause
    order.silence_at, order.silence_provisional = None, False
    if before == State.CLOSED:
        order.save(update_fields=["silence_at", "silence_provisional"])
        return
    stop_clocks(order)
    drop_limits(order)
    order.state, order.exclusion, order.closed_at = State.CLOSED, Exclusion.VOIDED, now
    order.due_clause, order.stands_still = clause_of_limit, False
    _note(order, OrderMark.VOIDED, before, actor=actor, clause=clause, now=now)


def reinstate(order: WorkOrder, *, actor: str, clause: str, now: datetime, rulebook: Rulebook) -> None:
    """Leads a locked order on from where it stood before its rating was counted out - unless the rater has taken back
    meanwhile that it was bad."""
    if order.exclusion != Exclusion.VOIDED:
        wait_for_verdict(order)
        return
    before = order.state
    rating = next(iter(rating_for_order([order.subject_id])), None)
    if rating is not None and (rating.taken_back or rating.corrected_to_good):
        order.exclusion = Exclusion.TAKEN_BACK if rating.taken_back else Exclusion.CORRECTED
    else:
        voided = OrderStep.objects.filter(order=order, act=OrderMark.VOIDED).latest("revision")
        order.state, order.exclusion, order.closed_at = voided.from_state, "", None
        # A clause stands where a limit ran: it is counted again.
        order.stands_still = bool(order.due_clause)
    _note(order, OrderMark.RESTORED, before, actor=actor, clause=clause, now=now)
    count_clock(order, rulebook, now=now)
    wait_for_verdict(order)


def _note(order: WorkOrder, mark: OrderMark, before: str, *, actor: str, clause: str, now: datetime) -> None:
    order.revision += 1
    order.save()
    OrderStep.objects.create(
        id=new_id(now),
        order=order,
        act=mark.value,
        from_state=before,
        to_state=order.state,
        actor=actor,
        at=now,
        clause=clause[:200],
        revision=order.revision,
    )
