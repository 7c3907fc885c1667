"""What the rules have go further when something happens to an order that is about no limit: it is sent back, or its rater is
not satisfied with what was done. Planned at once, and set off by the sweep."""

from datetime import datetime
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import random_id
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation as Rule
from haochaping.ratings.verdicts import Judged
from haochaping.rectification.course.following_up import body_of
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.escalations import Stand, counted_of
from haochaping.rectification.models import Escalation, WorkOrder
from haochaping.rectification.operations.repeating import same_of
from haochaping.rectification.states import SetOff

RETURNED: Final = "returned"
UNSATISFIED: Final = "unsatisfied"
_ACTIONS: Final = {
    SetOff.SUPERVISE: "supervision",
    SetOff.ESCALATE: "report",
    SetOff.REVIEW: "named:复查",
}


def goes_further(stands: Situation, happened: str, *, at: datetime) -> None:
    """By the rules about this word of theirs, which has just happened to the order; from `at` on. Where a rule counts so
    many times this is one of them, and counted when its instant has come (`counting`)."""
    rules = stands.rules
    if rules is None:
        return
    for key, value in rules.escalations.items():
        rule = value.value
        when = _later(rules, rule, stands, at) if rule.on == happened else None
        of = counted_of(rule)
        same = same_of(of, stands.order, stands.asked.rating if stands.asked is not None else None)
        if when is not None and (same or not of):
            what = (rule.action, rule.to or "", value.citation)
            _put(stands.order, key, happened, what, when, same=same)


def _later(rules: Profile, rule: Rule, stands: Situation, at: datetime) -> datetime | None:
    if rule.limit is None:
        return at
    events = stands.story.events if stands.story is not None else {}
    due = rules.due(rule.limit, Course({**events, "verdict": at, "return": at, "due": at}))
    return due.due_at if due is not None and not due.provisional else None


def after_verdict(stands: Situation, judged: Judged, now: datetime) -> None:
    """For a locked order whose rater has just said, or by his silence, that he is not satisfied.

    The body that supervises, is reported to or looks again is told, and whatever else the rules have follow. When the day
    is over: the hour is the rater's."""
    order = stands.order
    if order.exclusion:
        return
    at = due_instant(local_day(now))
    goes_further(stands, UNSATISFIED, at=at)
    if order.set_off in _ACTIONS:
        tell_body(stands, SetOff(order.set_off), rule="verdict", clause=judged.clause, at=at)


def tell_body(stands: Situation, set_off: SetOff, *, rule: str, clause: str, at: datetime) -> None:
    """Plans that the body is told of what the rater's word sets off for it, from `at` on; nothing of what is no body's."""
    order, rules, story = stands.order, stands.rules, stands.story
    if rules is None or story is None or set_off not in _ACTIONS:
        return
    body, _ = body_of(set_off, rules, order.organisation_id, story.bodies)
    _put(order, rule, UNSATISFIED, (_ACTIONS[set_off], body, clause), at)


def _put(
    order: WorkOrder, rule: str, happened: str, what: tuple[str, str, str], at: datetime, *, same: str = ""
) -> None:
    action, body, clause = what
    Escalation.objects.bulk_create(
        [
            Escalation(
                id=random_id(),
                order=order,
                rule=rule[:60],
                happened=happened,
                action=action[:60],
                body=body[:60],
                clause=clause[:200],
                due_at=at,
                at=at,
                same=same,
                state=Stand.UNCOUNTED if same else Stand.PLANNED,
            )
        ],
        ignore_conflicts=True,
    )
