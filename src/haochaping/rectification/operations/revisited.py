"""The rater said in a revisit that he is not satisfied: what the rules make follow from that for the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import random_id
from haochaping.rectification.bodies import LEVEL_ABOVE, SAME_LEVEL, Bodies
from haochaping.rectification.escalations import Stand
from haochaping.rectification.models import Escalation, WorkOrder
from haochaping.rectification.operations.clocks import recount_order
from haochaping.rectification.operations.noting import note
from haochaping.rectification.operations.reopening import reopen
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import RaterAct, SetOff, State, Verdict

_JUDGED: Final = frozenset({State.ANSWERED, State.CLOSED})
# As the rules on escalations call it.
_HAPPENED: Final = "unsatisfied"
# Nothing else is counted over revisits: each stands for itself.
_SAME: Final = "revisit"


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

    重新整改 leads the order back to its beginning with the limits, owners and clauses of a rework. 督办 is put to the
    authority that watches over the unit, 报上级 to the one above it, where the registry has one: no document says to whom
    otherwise. Nothing follows for an order that was withdrawn, and none is led back that is being worked on already.
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
    for each in rules:
        if each.sets_off != SetOff.REOPEN:
            _tell_above(order, each, now)
    recount_order(order, rulebook(), now=now)
    return set_off


def _tell_above(order: WorkOrder, rule: Unsatisfied, now: datetime) -> None:
    """Planned for now: the next sweep tells whoever has to know, once."""
    above = Bodies(local_day(now)).organisation_of(LEVEL_ABOVE, order.organisation_id)
    body = LEVEL_ABOVE if rule.sets_off == SetOff.ESCALATE and above is not None else SAME_LEVEL
    Escalation.objects.create(
        id=random_id(),
        order=order,
        rule=f"revisits.{rule.rule}"[:60],
        happened=_HAPPENED,
        action=rule.sets_off,
        body=body,
        clause=rule.clause[:200],
        same=_SAME,
        due_at=now,
        at=now,
        state=Stand.PLANNED,
    )
