"""The limits of revisits stand among those of their orders: near-due, overdue and what the rules have go further then."""

from uuid import UUID

from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import WAITS, State, terms_kept
from haochaping.rectification.objection_queries import held_back_orders
from haochaping.rectification.operations.revisit_limits import (
    RevisitDue,
    keep_revisit_limit,
    revisit_limits,
)


def keep_clocks() -> int:
    """Brings the limits of orders in line with the revisits that are due; of how many. An order is a transaction.

    Of several the one that ends first runs. While an objection is undecided and the rules say that nobody asks meanwhile,
    none does: nobody is reminded of what he may not do.
    """
    wanted, kept = _due(), revisit_limits()
    changed = sorted(each for each in wanted.keys() | kept.keys() if wanted.get(each) != kept.get(each))
    for order_id in changed:
        keep_revisit_limit(order_id=order_id, due=_due(order_id).get(order_id))
    return len(changed)


def keep_clock(order_id: UUID) -> None:
    """The same of one order that the caller has locked: what was just done is nobody's to be reminded of."""
    keep_revisit_limit(order_id=order_id, due=_due(order_id).get(order_id))


def _due(*orders: UUID) -> dict[UUID, RevisitDue]:
    """Of these orders, or of all. Whoever comes first among those who may ask has to."""
    due = Revisit.objects.filter(state=State.DUE, due_at__isnull=False, of="")
    due = due.exclude(order_id__in=held_back_orders(WAITS))
    chosen = due.filter(order_id__in=orders) if orders else due
    found = {}
    for each in chosen.order_by("-due_at", "pk"):
        if each.conductors and each.order_id is not None and each.due_at is not None:
            clause = terms_kept(each.terms[0]).clause[:200]
            found[each.order_id] = RevisitDue(each.conductors[0], each.due_at, each.due_provisional, clause)
    return found
