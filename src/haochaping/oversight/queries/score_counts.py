"""Revisits of orders, counted by the words of the rules, for who scores."""

from collections.abc import Collection, Mapping
from uuid import UUID

from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import State

WORDS = ("revisits_due", "revisited", "revisit_answered", "revisit_satisfied")


def revisit_counts(order_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """Order id → counts by word, of WORDS; an order without revisits is left out. `revisited`: the rater was reached,
    whether he answered or refused."""
    found: dict[UUID, dict[str, int]] = {}
    rows = Revisit.objects.filter(order_id__in=list(order_ids)).exclude(state=State.LAPSED)
    for order_id, state, satisfied in rows.values_list("order_id", "state", "satisfied"):
        if order_id is None:  # of a rating without an order
            continue
        counts = found.setdefault(order_id, dict.fromkeys(WORDS, 0))
        counts["revisits_due"] += 1
        counts["revisited"] += state in (State.ANSWERED, State.REFUSED)
        counts["revisit_answered"] += state == State.ANSWERED
        counts["revisit_satisfied"] += state == State.ANSWERED and satisfied is True
    return found
