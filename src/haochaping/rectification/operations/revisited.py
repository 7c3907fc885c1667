"""The rater said in a revisit that he is not satisfied: what the rules make follow from that for the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.clocks import keep_limits
from haochaping.rectification.operations.happenings import UNSATISFIED, goes_further, tell_body
from haochaping.rectification.operations.noting import note
from haochaping.rectification.operations.reopening import reopen
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import RaterAct, SetOff, State, Verdict

_JUDGED: Final = frozenset({State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Unsatisfied:
    """What one rule on revisits says: `rule` is its key, `sets_off` a word of `SetOff`."""

    rule: str
    sets_off: str
    clause: str


def hold_order(order_id: UUID) -> None:
    """Locks an order for the caller's transaction, before anything that hangs on it is locked."""
    WorkOrder.objects.select_for_update().get(pk=order_id)


def unsatisfied_on_revisit(
    *, order_id: UUID, said: Iterable[Unsatisfied], now: datetime
) -> tuple[SetOff, ...]:
    """Sets off what the rules say, in the caller's transaction, with the order locked; what was.

    重新整改 leads the order back to its beginning with the limits, owners and clauses of a rework. 督办, 报上级 and 复查 are
    waited for as after a verdict (`course.following_up`). Nothing follows for an order that was withdrawn, and none is led
    back that is being worked on already.
    """
    order = WorkOrder.objects.select_for_update().get(pk=order_id)
    rules = [each for each in said if each.sets_off in set(SetOff)]
    if order.exclusion or not rules:
        return ()
    before, set_off = order.state, tuple(dict.fromkeys(SetOff(each.sets_off) for each in rules))
    order.verdict = Verdict.UNSATISFIED
    order.set_off = SetOff.REOPEN if SetOff.REOPEN in set_off else set_off[0]
    if SetOff.REOPEN in set_off and order.state in _JUDGED:
        reopen(order, now)
    note(order, RaterAct.REVISITED, before, now, clause=rules[0].clause[:200])
    order.save()
    stands = situation(order, rulebook(), now=now)
    for each in rules:
        tell_body(stands, SetOff(each.sets_off), rule=f"revisits.{each.rule}", clause=each.clause, at=now)
    goes_further(stands, UNSATISFIED, at=now)
    keep_limits(stands)
    return set_off
