"""Until when each step of an order is to be done: all of its limits, out of its history and its rules.

Who acts, who looks and who counts anew when a notice comes in all count here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Step
from haochaping.policy.story import passed
from haochaping.policy.story_steps import step_limit, tries
from haochaping.policy.values import Value
from haochaping.rectification.course.extending import (
    RECTIFICATION,
    decided_by,
    step_of,
    waiting_request,
)
from haochaping.rectification.course.following_up import SUPERVISION, body_of, follow_up
from haochaping.rectification.course.live import Live, current_round
from haochaping.rectification.course.owners import granting, owner_of
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Finding, State

EXTENSION: Final = "extension"
EXPLANATION: Final = "explanation"
# What is set right for the first time, or anew.
SET_RIGHT: Final = frozenset({RECTIFICATION, "rework"})
# The steps of the rules that an act of the table does, in the order in which they are shown. The rectification, the
# explanation and the decision on an extension have entries of their own in the rules.
STEPS: Final = (
    "dispatch",
    "receipt",
    "contact",
    "verification",
    "classification",
    "plan",
    EXPLANATION,
    EXTENSION,
    RECTIFICATION,
    "rework",
    "approval",
    "answer",
    "closure",
    "report",
    "upload",
    SUPERVISION,
)
# What is owed when an order has been handled, and when it is closed as well.
AFTERWARDS: Final = ("report", "upload", SUPERVISION)
_ELSEWHERE: Final = frozenset({EXPLANATION, EXTENSION, RECTIFICATION, SUPERVISION})
_NOTHING_TO_DO: Final = frozenset({Finding.UNTRUE.value})
# What the passing of a limit by itself brings about that an act of the table is.
LAPSES: Final = frozenset({"taken_as_true", "taken_as_untrue", "closed"})


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The limit of one step, by these rules. `due_at` is None while it stands still; `owner` (a registry id) must keep it;
    `met_at`: when it was done. `lapses`: something follows by itself when it has passed. `untold`: it runs, in hours, from
    an instant that the handler is not to learn."""

    step: str
    due_at: datetime | None
    provisional: bool
    clause: str
    owner: int
    rules: Profile
    met_at: datetime | None = None
    lapses: bool = False
    untold: bool = False


def limits_of(order: WorkOrder, story: Live, steps: Sequence[OrderStep]) -> tuple[StepLimit, ...]:
    """Every limit that has begun to run for an order, met or not, in the order of STEPS; none for one that was excluded."""
    if order.exclusion:
        return ()
    every = (*_all(order, story, current_round(steps)[1]), *_supervision(order, story, steps))
    found = {each.step: each for each in every}
    return tuple(found[step] for step in STEPS if step in found)


def _all(order: WorkOrder, story: Live, round_: Sequence[OrderStep]) -> Iterator[StepLimit]:
    for step in STEPS:
        if step in _ELSEWHERE or (step == "contact" and not order.named):
            continue
        due, rules, limit = story.step(step)
        value = rules.steps.get(step)
        if value is not None and limit is not None and _begun(story, due, limit):
            yield _step(order, story, step, (due, rules, limit, value))
    if order.finding == Finding.NO_BASIS:
        yield from _explanation(order, story)
    if order.finding not in _NOTHING_TO_DO and not _ended(order, story) and not _rework(story):
        yield from _rectification(order, story)
    yield from _extension(order, story, round_)


def _step(
    order: WorkOrder, story: Live, step: str, found: tuple[Due | None, Profile, Limit, Value[Step]]
) -> StepLimit:
    due, rules, limit, value = found
    rule = value.value
    met = story.events.get(step)
    if met is None and rule.attempts is not None:
        tried = tries(story, step, rule)
        # So many in vain: more is not asked of the unit.
        met = tried[rule.attempts - 1].at if len(tried) >= rule.attempts else None
    if met is None and due is not None and rule.if_failed == "taken_as_done" and passed(due, story.now):
        met = due.due_at
    return StepLimit(
        step,
        due.due_at if due else None,
        due.provisional if due else False,
        value.citation,
        owner_of(step, rules, order.organisation_id, story.bodies),
        rules,
        met,
        lapses=_lapses(order, step, rule),
        untold=_untold(story, due, limit),
    )


def _lapses(order: WorkOrder, step: str, rule: Step) -> bool:
    """Whether something follows by itself when the limit has passed: of what is done before the verification, or is it."""
    before = step in ("contact", "verification") and order.state == State.TAKEN
    return before and rule.attempts is None and rule.if_failed in LAPSES


def _untold(story: Live, due: Due | None, limit: Limit) -> bool:
    """Whether who knows the instant of the end would know when the rating was given: an order opens at once."""
    start = limit.start(story.events)
    # What opened it again may have been the rater's word, whose time is nobody's to see either.
    at_once = {story.events.get(word) for word in ("rating", "opening", "reopening")} - {None}
    return due is not None and due.last_day is None and start is not None and story.events[start] in at_once


def _begun(story: Live, due: Due | None, limit: Limit) -> bool:
    """Whether the limit runs, or stands still: not where it has not begun, or cannot be counted."""
    return due is not None or (limit.start(story.events) is not None and bool(limit.suspended_by))


def _explanation(order: WorkOrder, story: Live) -> Iterator[StepLimit]:
    def limit_in(rules: Profile) -> Limit | None:
        return rules.no_legal_basis.value.limit if rules.no_legal_basis else None

    due, rules, _ = story.procedural(limit_in)
    if due is not None and rules.no_legal_basis is not None:
        owner = owner_of(EXPLANATION, rules, order.organisation_id, story.bodies)
        met, clause = story.events.get(EXPLANATION), rules.no_legal_basis.citation
        yield StepLimit(EXPLANATION, due.due_at, due.provisional, clause, owner, rules, met)


def _ended(order: WorkOrder, story: Live) -> bool:
    """Whether the rectification falls away because what is asked has no legal basis."""
    basis = story.rules().no_legal_basis
    return order.finding == Finding.NO_BASIS and basis is not None and basis.value.ends


def _rework(story: Live) -> bool:
    """Whether it is set right anew, within a limit of its own."""
    return "reopening" in story.events and step_limit(story.rules(), "rework") is not None


def _rectification(order: WorkOrder, story: Live) -> Iterator[StepLimit]:
    due, rules, limit = story.step(RECTIFICATION)
    if rules.rectification is None or limit is None or not _begun(story, due, limit):
        return
    yield StepLimit(
        RECTIFICATION,
        due.due_at if due else None,
        due.provisional if due else False,
        rules.rectification.citation,
        owner_of(RECTIFICATION, rules, order.organisation_id, story.bodies),
        rules,
        story.events.get(RECTIFICATION),
        untold=_untold(story, due, limit),
    )


def _extension(order: WorkOrder, story: Live, round_: Sequence[OrderStep]) -> Iterator[StepLimit]:
    """Until when a request that waits is decided, by whoever grants it."""
    request = waiting_request(round_)
    if request is None:
        return
    rules = story.rules(request.at)
    value, due = rules.extensions.get(step_of(request)), decided_by(story, request)
    if value is not None and due is not None:
        unit, bodies = order.organisation_id, story.bodies
        owner = granting(rules, step_of(request), unit, bodies) or owner_of("dispatch", rules, unit, bodies)
        yield StepLimit(
            EXTENSION,
            due.due_at,
            due.provisional,
            value.citation,
            owner,
            rules,
            lapses=value.value.silence is not None,
        )


def _supervision(order: WorkOrder, story: Live, steps: Sequence[OrderStep]) -> Iterator[StepLimit]:
    """Until when the body does what a verdict set off, where that is laid down: by the rules of the day of the verdict."""
    waits = follow_up(order, steps)
    if waits is None:
        return
    rules = story.rules(waits.since)
    value, limit = rules.steps.get(SUPERVISION), step_limit(rules, SUPERVISION)
    due = rules.due(limit, Course({**story.events, "verdict": waits.since}, story.course.pauses))
    _, body = body_of(waits.set_off, rules, order.organisation_id, story.bodies)
    if value is not None and due is not None and body is not None:
        yield StepLimit(
            SUPERVISION,
            due.due_at,
            due.provisional,
            value.citation,
            body,
            rules,
            waits.done,
            untold=due.last_day is None,
        )


def pressing(order: WorkOrder, limits: Sequence[StepLimit]) -> StepLimit | None:
    """The limit that `WorkOrder.due_at` tells: before the verification the one of the unit that ends first, from then on
    that of the rectification, met or not. None where none runs."""
    own = next((each for each in limits if each.step in SET_RIGHT), None)
    if order.state not in (State.OPENED, State.TAKEN):
        return own
    others = ("dispatch", EXTENSION, *AFTERWARDS)
    running = [
        each for each in limits if each.met_at is None and each.due_at is not None and each.step not in others
    ]
    return min(running, key=_ends, default=own)


def _ends(limit: StepLimit) -> datetime:
    if limit.due_at is None:
        raise ValueError("stands still")
    return limit.due_at
