"""What follows by rule and is nobody's act: attempts in vain, silence about a request, a limit that has passed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.foundation.asked_once import asking_steadily
from haochaping.policy.story import passed
from haochaping.policy.story_steps import step_limit, tries
from haochaping.rectification.course.extending import decided_by, step_of, waiting_request
from haochaping.rectification.course.limits import EXTENSION
from haochaping.rectification.course.situation import Situation, situation
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations.clocks import keep_limits
from haochaping.rectification.operations.stepping import Doing, step_on
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import TABLE, Act, Finding, Guard, State, Transition

_CONTACT: Final = "contact"
_TAKEN_AS: Final[Mapping[str, Finding]] = {
    "taken_as_true": Finding.TRUE,
    "taken_as_untrue": Finding.UNTRUE,
}
_BY_SILENCE: Final[Mapping[str, Act]] = {
    "granted": Act.GRANT_EXTENSION,
    "refused": Act.REFUSE_EXTENSION,
}


def after_attempts(stands: Situation) -> Situation:
    """Where as many attempts to reach the rater as the rules ask for were in vain, what they say follows (视为属实).

    Attempts that came too soon after the one before do not count, by the rules of their day."""
    rules, story = stands.rules, stands.story
    value = rules.steps.get(_CONTACT) if rules is not None else None
    if story is None or value is None or value.value.attempts is None or stands.order.state != State.TAKEN:
        return stands
    if _CONTACT in story.events or len(tries(story, _CONTACT, value.value)) < value.value.attempts:
        return stands
    return _brought_about(stands, _CONTACT, value.value.if_failed or "")


def _brought_about(stands: Situation, step: str, what: str) -> Situation:
    """What a step that came to nothing counts for, of what the table knows: a finding, or the end."""
    if stands.order.state != State.TAKEN:
        return stands
    if what in _TAKEN_AS:
        said = {"finding": _TAKEN_AS[what].value}
        return step_on(stands, Doing(_by_rule(Act.VERIFY), said=said, rule=f"steps.{step}"), None)
    if what == "closed":
        return step_on(stands, Doing(_by_rule(Act.CLOSE), rule=f"steps.{step}"), None)
    return stands


def _by_rule(act: Act) -> Transition:
    return next(row for row in TABLE if row.act is act and row.guard is Guard.BY_RULE)


@transaction.atomic
@asking_steadily()
def lapse(*, now: datetime, limit: int) -> int:
    """Brings about what up to `limit` limits mean that have passed, the longest past first; how many orders moved on.

    Silence about a request for more time grants or refuses it; a step that was not done in time counts for what the rules
    say. A provisional limit sets nothing off. Two at once share the orders out, and an official's act comes
    before or after: the order is locked, and looked at anew.
    """
    due = OrderDeadline.objects.filter(
        lapses=True, met_at__isnull=True, provisional=False, due_at__lte=now
    ).order_by("due_at")
    found: dict[UUID, str] = {}
    for order_id, step in due.values_list("order_id", "step")[:limit]:
        found.setdefault(order_id, step)
    orders = WorkOrder.objects.select_for_update(skip_locked=True).filter(id__in=list(found)).order_by("id")
    return sum(_lapsed(order, found[order.id], now) for order in orders)


def _lapsed(order: WorkOrder, step: str, now: datetime) -> bool:
    stands = situation(order, rulebook(), now=now)
    after = _silent(stands) if step == EXTENSION else _not_done(stands, step)
    # Also where nothing follows any more: a limit that no longer runs is not found again.
    keep_limits(after)
    return after is not stands


def _silent(stands: Situation) -> Situation:
    request = waiting_request(stands.round)
    if request is None or stands.story is None:
        return stands
    value = stands.story.rules(request.at).extensions.get(step_of(request))
    act = _BY_SILENCE.get(value.value.silence or "") if value is not None else None
    if act is None or not passed(decided_by(stands.story, request), stands.now):
        return stands
    row = next((row for row in TABLE if row.act is act and row.source == stands.order.state), None)
    if row is None:
        return stands
    rule = f"extensions.{step_of(request)}"
    return step_on(stands, Doing(row, said=request_decided(act, stands), rule=rule), None)


def request_decided(act: Act, stands: Situation) -> dict[str, str]:
    """What a decision on a request for more time says of it: for which step it was."""
    request = waiting_request(stands.round)
    decides = act in (Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION) and request is not None
    return {"step": step_of(request)} if decides and request is not None else {}


def _not_done(stands: Situation, step: str) -> Situation:
    if stands.story is None:
        return stands
    due, rules, _ = stands.story.procedural(lambda profile: step_limit(profile, step))
    value = rules.steps.get(step)
    if value is None or step in stands.story.events or not passed(due, stands.now):
        return stands
    return _brought_about(stands, step, value.value.if_failed or "")
