"""A body that does not decide in time: what that means is what the rules say, and where they say nothing, nothing."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.bodies import LEVEL_ABOVE
from haochaping.rectification.contests import PENDING, REVIEW_STEPS, Act, Kind, Outcome, State
from haochaping.rectification.models import Objection
from haochaping.rectification.operations.clocks import Moved
from haochaping.rectification.operations.contesting import (
    count_review,
    deciding_body,
    rated_by,
    rating_of,
    reviewed,
)
from haochaping.rectification.operations.moving import Cite, note_moves
from haochaping.rectification.operations.objection_acts import locked, note
from haochaping.rectification.operations.review_limits import keep_review
from haochaping.rectification.operations.standing import count_clock
from haochaping.rectification.rulebook import rulebook

SYSTEM: Final = "system"
_OUTCOMES: Final = {"upheld": Outcome.UPHELD, "rejected": Outcome.REFUSED}


class ReviewMoved(NamedTuple):
    """An objection whose decision is now due at another instant, or for certain now; of which order. None: no limit."""

    number: str
    old: datetime | None
    old_provisional: bool
    new: datetime | None
    new_provisional: bool


def lapse_objections(*, now: datetime, limit: int = 1000) -> int:
    """Lets silence mean what the rules say it means, for each undecided objection whose limit is over by `now`; how many.

    Upheld by silence voids nothing by itself: that still takes two persons. A provisional limit sets nothing off.
    """
    over = list(_over(now).order_by("due_at", "id").values_list("pk", flat=True)[:limit])
    return sum(_lapse(objection_id, now) for objection_id in over)


def rederive_reviews(rulebook: Rulebook, cite: Cite, *, now: datetime) -> list[ReviewMoved]:
    """Counts the limit of every undecided objection anew, by the code that counted it first; those that moved, which stands
    in the history of the order. In the caller's transaction, which writes the audit row."""
    pending = Objection.objects.filter(state__in=PENDING, due_at__isnull=False).order_by("order_id")
    moved = []
    for objection_id in list(pending.values_list("pk", flat=True)):
        each = locked(objection_id)
        if each.state not in PENDING:
            continue
        before = each.due_at, each.due_provisional
        if count_review(each, reviewed(each, rulebook=rulebook)):
            each.save(update_fields=["due_at", "due_provisional", "due_clause", "silence"])
            keep_review(each, by_notice=True)
            step = REVIEW_STEPS[Kind(each.kind)]
            note_moves(each.order, [Moved(step, *before, each.due_at, each.due_provisional)], cite, now)
            moved.append(ReviewMoved(each.order.number, *before, each.due_at, each.due_provisional))
    return moved


def _over(now: datetime) -> QuerySet[Objection]:
    pending = Objection.objects.filter(state__in=PENDING, due_at__lte=now, due_provisional=False)
    return pending.exclude(silence="")


@transaction.atomic
@asking_steadily()
def _lapse(objection_id: UUID, now: datetime) -> bool:
    """Whether it was still so once it was locked: of two sweeps, or a sweep and a decision, one does it."""
    objection = locked(objection_id)
    if not _over(now).filter(pk=objection_id).exists():
        return False
    before, meaning = objection.state, objection.silence
    clause = objection.due_clause
    objection.silence, objection.proposed_by = "", None
    objection.outcome = objection.found = objection.findings = objection.reply = objection.heard = ""
    if meaning in _OUTCOMES:
        objection.state, objection.by_silence, objection.decided_at = State.DECIDED, True, objection.due_at
        objection.outcome = _OUTCOMES[meaning]
        objection.found = objection.ground if objection.outcome == Outcome.UPHELD else ""
        act = Act.LAPSE
    else:
        act = Act.ESCALATE
        if not _hand_up(objection, now):
            objection.save(update_fields=["silence"])
            return False
    note(objection, act, label=SYSTEM, actor=SYSTEM, now=now, clause=clause, before=before)
    count_clock(objection.order, rulebook(), now=now)
    return True


def _hand_up(objection: Objection, now: datetime) -> bool:
    """To the next authority above: no limit is laid down for it. Whether there is one."""
    rating = rating_of(objection.order)
    never = rated_by(rating) if rating else frozenset({objection.organisation_id})
    above = deciding_body(LEVEL_ABOVE, of=objection.body_id, never=never, on=local_day(now))
    if above is None:
        return False
    objection.body_id, objection.state, objection.accepted_at = above.id, State.FILED, None
    objection.due_at, objection.due_provisional = None, False
    return True
