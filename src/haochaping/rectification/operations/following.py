"""An order follows what its rater says later: taken in, closed for a stated reason, opened again; never removed.

In one transaction with the lock on the order: an official's act comes before it, or after it and finds the order changed.
"""

from datetime import datetime, time

from haochaping.audit import operations as audit
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.ids import new_id
from haochaping.ratings.afterwards import Word
from haochaping.ratings.queries import RatingForOrder
from haochaping.ratings.states import WordKind
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.masking import masked_text, masked_word
from haochaping.rectification.states import Exclusion, RaterAct, State

_RATER = "rater"


def follow(order: WorkOrder, rating: RatingForOrder, now: datetime) -> None:
    """Brings a locked order in line with its rating; nothing when it is already."""
    new = rating.words[order.words_seen :]
    order.words_seen = len(rating.words)
    if any(word.kind is WordKind.CORRECTION and word.counts for word in new):
        before = order.state
        _correct(order, rating, now)
        _note(order, RaterAct.CORRECTED, before, now)
    if added := additions(rating, new):
        order.additions = [*order.additions, *added]
        _note(order, RaterAct.ADDED, order.state, now)
    if order.named and not rating.contactable:
        order.named = False
        _note(order, RaterAct.ANONYMOUS, order.state, now)
    order.save()


def additions(rating: RatingForOrder, words: tuple[Word, ...]) -> list[str]:
    """The masked texts of what was said beside the rating, in order."""
    return [masked_word(rating, word) for word in words if word.kind is not WordKind.CORRECTION and word.text]


def _correct(order: WorkOrder, rating: RatingForOrder, now: datetime) -> None:
    """What was handled to its end stays so: a correction after that changes figures, not the past. Nor does it open what was
    closed because the rating does not count."""
    if order.state == State.CLOSED and order.exclusion != Exclusion.CORRECTED:
        return
    if rating.corrected_to_good:
        order.state, order.exclusion = State.CLOSED, Exclusion.CORRECTED
        # No finer than the day: the list of closed orders is in this order, and the hour is the rater's own.
        order.closed_at = datetime.combine(local_day(now), time(), CN)
        _stop_clock(order)
        return
    order.tags, order.text = list(rating.tags), masked_text(rating)
    if order.exclusion:
        order.state, order.exclusion, order.closed_at = State.OPENED, "", None
        order.finding = order.answer = order.bad_class = ""
        order.reasonable = None


def _stop_clock(order: WorkOrder) -> None:
    order.due_at, order.due_provisional, order.due_clause = None, False, ""


def _note(order: WorkOrder, act: RaterAct, before: str, now: datetime) -> None:
    """The step and the audit row; the revision tells who has the order before him that it is another now."""
    order.revision += 1
    OrderStep.objects.create(
        id=new_id(now),
        order=order,
        act=act,
        from_state=before,
        to_state=order.state,
        actor=_RATER,
        at=now,
        revision=order.revision,
    )
    audit.record(
        now=now,
        actor=_RATER,
        act=f"order.{act}",
        subject=f"order:{order.number}",
        detail={"from": before, "to": order.state, "excluded": order.exclusion},
    )
