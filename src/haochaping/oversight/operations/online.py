"""What raters answered to revisits by their receipts is taken into the revisits, each once."""

import logging
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.foundation.clock import CN, local_day
from haochaping.identity.masks import mask_text
from haochaping.oversight.answers import opened_online
from haochaping.oversight.models import Revisit, RevisitAnswer
from haochaping.oversight.operations.revisits import Attempt, By, keep_attempt
from haochaping.oversight.revisiting import ONLINE, WAITS, Outcome, State, terms_kept
from haochaping.rectification.objection_queries import held_back_orders
from haochaping.rectification.operations.revisited import hold_order

_RATER: Final = By("评价人", "rater")

_log = logging.getLogger(__name__)


def take_in_answers(*, now: datetime, limit: int = 500) -> int:
    """Takes in what waits, the oldest first; how many revisits ended by it.

    What came while an objection is undecided waits for its decision, where the rules say that nobody revisits meanwhile.
    """
    waiting = RevisitAnswer.objects.filter(taken_at__isnull=True)
    held = held_back_orders(WAITS)
    found = waiting.exclude(revisit__order_id__in=held).order_by("received_at")
    pairs = list(found.values_list("revisit_id", "revisit__order_id")[:limit])
    taken = 0
    for revisit_id, order_id in pairs:
        try:
            # Only orders are answered by the receipt.
            taken += order_id is not None and _take_in(revisit_id, order_id, now)
        except Exception as error:  # the next one must not suffer; this one is tried again
            _log.error("an answer to a revisit could not be taken in: %s", type(error).__name__)
    return taken


@transaction.atomic
def _take_in(revisit_id: UUID, order_id: UUID, now: datetime) -> bool:
    """The order is locked first, as everybody does who locks both. One that ended in between stays as it ended."""
    hold_order(order_id)
    revisit = Revisit.objects.select_for_update().get(pk=revisit_id)
    answer = RevisitAnswer.objects.select_for_update().get(pk=revisit_id)
    if answer.taken_at is not None:
        return False
    said = opened_online(answer.answers, revisit=revisit_id)
    answer.taken_at, answer.answers = now, None
    answer.save(update_fields=["taken_at", "answers"])
    if revisit.state != State.DUE:
        audit.record(
            now=now, actor="rater", act="revisit.attempt", subject=f"revisit:{revisit_id}", result="refused"
        )
        return False
    # Numbers that lead to people are no answer to what was asked, and are shown to whoever reads it.
    masked = {question: mask_text(text) for question, text in said.items()}
    note = masked.pop("", "")
    typed = Attempt(Outcome.ANSWERED, ONLINE, "yes" if answer.satisfied else "no", masked, note)
    # No finer than the day: at what hour he was there is his own.
    day = datetime.combine(local_day(now), time(), CN)
    keep_attempt(revisit, tuple(map(terms_kept, revisit.terms)), typed, _RATER, now, noted_at=day)
    return True
