"""Nobody says what he makes of an answer: from when on that counts as a verdict, and for which, is the rules' to say.

Procedure by the rules of the day of the answer, as of whoever is asked (`ratings.verdicts`).
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from haochaping.foundation.asked_once import asking_steadily
from haochaping.policy.counting import Course, Due
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.operations import Silence, keep_silence
from haochaping.ratings.queries import rating_for_order
from haochaping.ratings.verdicts import unsatisfied
from haochaping.rectification.course.live import current_round
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.following import follow
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import ANSWERING, State

# Far longer than the door lets anybody wait: no verdict received in time can still be on its way.
GRACE: Final = timedelta(hours=1)
_NOTHING: Final = "none"


class _Asked(NamedTuple):
    """The rules for what follows the answer, and what has happened."""

    rules: Profile
    course: Course


def silence_due(order: WorkOrder, rules: Rulebook) -> Due | None:
    """When silence about the order's answer counts; None where it never does, or its limit has not begun."""
    asked = _asked(order, rules)
    value = asked.rules.verdict if asked else None
    if asked is None or value is None or value.value.silence == _NOTHING:
        return None
    return asked.rules.due(value.value.limit, asked.course)


def wait_for_verdict(order: WorkOrder) -> None:
    """After an answer, or the end: keeps from when on silence counts. For the act that has just written its step."""
    due = silence_due(order, rulebook())
    order.silence_at, order.silence_provisional = (due.due_at, due.provisional) if due else (None, False)
    order.save(update_fields=["silence_at", "silence_provisional"])


@transaction.atomic
@asking_steadily()
def count_silence(*, now: datetime, limit: int = 500) -> int:
    """Lets silence count where its instant has come: a verdict beside the rating, and what it sets off; how many.

    Each answer exactly once, however many sweeps run, and never beside what a rater said in time. What is provisional sets
    nothing off.
    """
    waiting = (
        WorkOrder.objects.select_for_update(skip_locked=True)
        .filter(silence_at__lte=now - GRACE, silence_provisional=False)
        .order_by("silence_at", "id")[:limit]
    )
    return sum(_count(order, now) for order in waiting)


def _count(order: WorkOrder, now: datetime) -> bool:
    asked, answers = _asked(order, rulebook()), sum(map(_answers, order.steps.all()))
    value = asked.rules.verdict if asked else None
    order.silence_at, order.silence_provisional = None, False
    rating = next(iter(rating_for_order([order.subject_id])), None)
    if asked is None or value is None or value.value.silence == _NOTHING or rating is None:
        # By the rules as they are now it counts for nothing.
        order.save(update_fields=["silence_at", "silence_provisional"])
        return False
    satisfied = value.value.silence == "satisfied"
    kept = keep_silence(
        Silence(
            rating_id=rating.id,
            answers=answers,
            satisfied=satisfied,
            sets_off=_NOTHING if satisfied else value.value.follows("", unsatisfied(rating.verdicts) + 1),
            clause=value.citation[:200],
            profile=asked.rules.label,
        ),
        now=now,
    )
    # The audit row is that of the step. What was said in time stands, and reaches the order by the same way.
    follow(order, next(iter(rating_for_order([order.subject_id]))), now)
    return kept


def _asked(order: WorkOrder, rules: Rulebook) -> _Asked | None:
    """None while there is no answer that stands, or where no rules apply."""
    if order.state not in (State.ANSWERED, State.CLOSED) or order.exclusion:
        return None
    _, steps = current_round(list(order.steps.order_by("revision")))
    given = [step.at for step in steps if _answers(step)]
    if not given:
        return None
    found = governed(order, at=given[-1], rulebook=rules)
    # What came after the answer, such as the end, is known as well.
    later = governed(order, at=steps[-1].at, rulebook=rules) if steps[-1].at > given[-1] else found
    if found is None or later is None:
        return None
    return _Asked(found.rules, Course(later.events))


def _answers(step: OrderStep) -> bool:
    """Whether this gave the rater an answer."""
    return step.to_state == State.ANSWERED and step.act in ANSWERING
