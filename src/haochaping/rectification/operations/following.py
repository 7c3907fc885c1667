"""An order follows what its rater says later: taken in, closed for a stated reason, opened again; never removed.

In one transaction with the lock on the order: an official's act comes before it, or after it and finds the order changed.
"""

from datetime import datetime, time

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import due_instant
from haochaping.ratings.afterwards import Word
from haochaping.ratings.queries import RatingForOrder
from haochaping.ratings.states import WordKind
from haochaping.rectification.course.ruled import about_staff
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.clocks import recount_order
from haochaping.rectification.operations.judged import take_in
from haochaping.rectification.operations.masking import masked_text, masked_word
from haochaping.rectification.operations.noting import note
from haochaping.rectification.operations.reopening import reopen, stop_clocks
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Exclusion, RaterAct, State


def follow(order: WorkOrder, rating: RatingForOrder, now: datetime) -> None:
    """Brings a locked order in line with its rating, and its limits with both; nothing when it is already."""
    new = rating.words[order.words_seen :]
    order.words_seen = len(rating.words)
    if any(word.kind is WordKind.CORRECTION and word.counts for word in new):
        before = order.state
        _correct(order, rating, now)
        note(order, RaterAct.CORRECTED, before, now)
    if added := additions(rating, new):
        order.additions = [*order.additions, *added]
        note(order, RaterAct.ADDED, order.state, now)
    if order.named and not rating.contactable:
        order.named = False
        if not rating.taken_back:
            note(order, RaterAct.ANONYMOUS, order.state, now)
    if rating.taken_back and not order.steps.filter(act=RaterAct.TAKEN_BACK).exists():
        before = order.state
        if order.state != State.CLOSED:
            _exclude(order, Exclusion.TAKEN_BACK, now)
        note(order, RaterAct.TAKEN_BACK, before, now)
    for number in range(order.verdicts_seen, len(rating.verdicts)):
        take_in(order, rating.verdicts[number], now)
    order.verdicts_seen = len(rating.verdicts)
    order.save()
    # A closed order has a limit again where a verdict set something off.
    if order.exclusion or order.set_off or order.state != State.CLOSED:
        recount_order(order, rulebook(), now=now)


def additions(rating: RatingForOrder, words: tuple[Word, ...]) -> list[str]:
    """The masked texts of what was said beside the rating, in order."""
    return [masked_word(rating, word) for word in words if word.kind is not WordKind.CORRECTION and word.text]


def _correct(order: WorkOrder, rating: RatingForOrder, now: datetime) -> None:
    """What was handled to its end stays so: a correction after that changes figures, not the past. Nor does it open what was
    closed because the rating does not count."""
    if order.state == State.CLOSED and order.exclusion != Exclusion.CORRECTED:
        return
    if rating.corrected_to_good:
        _exclude(order, Exclusion.CORRECTED, now)
        return
    order.tags, order.text = list(rating.tags), masked_text(rating)
    order.about_staff = about_staff(rating, on=local_day(now), rulebook=rulebook())
    if order.exclusion:
        reopen(order, now)
        order.tell_staff_at = due_instant(local_day(now)) if rating.staff_id is not None else None


def _exclude(order: WorkOrder, why: Exclusion, now: datetime) -> None:
    order.state, order.exclusion = State.CLOSED, why
    # No finer than the day: the list of closed orders is in this order, and the hour is the rater's own.
    order.closed_at = datetime.combine(local_day(now), time(), CN)
    stop_clocks(order)
