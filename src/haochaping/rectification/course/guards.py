"""What the rules and the order say to an act: whether it may be done, and if not, why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission, scope_of_role
from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course, Due
from haochaping.policy.redress import Extension
from haochaping.policy.scenario_file import Happened
from haochaping.policy.story import passed
from haochaping.rectification.course.extending import extended_times, step_of, waiting_request
from haochaping.rectification.course.following_up import body_of, follow_up
from haochaping.rectification.course.limits import STEPS
from haochaping.rectification.course.live import Live, live
from haochaping.rectification.course.owners import granting
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.states import TABLE, Act, Finding, Guard, State, Transition


class Bar(StrEnum):
    """Why an act may not be done. Stable codes: what people read is said by the operations."""

    STATE = "state"
    NOT_LAID_DOWN = "not_laid_down"
    TIMES = "times"
    TOO_LATE = "too_late"
    ANONYMOUS = "anonymous"
    UNCLASSED = "unclassed"
    NO_LIMIT = "no_limit"
    WAITS = "waits"
    NOT_ASKED = "not_asked"
    NOT_THE_BODY = "not_the_body"
    BASELESS = "baseless"
    HAS_BASIS = "has_basis"
    OTHER_WAY = "other_way"
    SAME_PERSON = "same_person"
    NOTHING_SET_OFF = "nothing_set_off"
    NOT_THE_SUPERVISOR = "not_the_supervisor"
    BY_RULE = "by_rule"
    DONE = "done"
    PARTS_OPEN = "parts_open"


_ABOUT_TIME: Final = frozenset({Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION})


def way(act: Act, stands: Situation, who: OfficialView) -> Transition | Bar:
    """The row of the table by which an official can do the act now, or why there is none. Rights are not judged here."""
    rows = [row for row in TABLE if row.act is act and row.source == stands.order.state]
    barred: Bar | None = None
    for row in rows:
        found = _barred(row, stands, who)
        if found is None:
            return row
        barred = barred or found
    return barred or Bar.STATE


def _barred(row: Transition, stands: Situation, who: OfficialView) -> Bar | None:
    if row.parts_in and stands.waits_for_parts:
        return Bar.PARTS_OPEN
    found = _JUDGES[row.guard](stands, who) if row.guard in _JUDGES else None
    return found or (Bar.SAME_PERSON if _same_person(row, stands, who) else None)


def _same_person(row: Transition, stands: Situation, who: OfficialView) -> bool:
    """Whether the rules ask for another person than the one who did the step before, and this is he."""
    rules = stands.rules
    step = rules.steps.get(row.step) if rules is not None and row.step else None
    writer = row.guard is Guard.NOT_THE_WRITER
    if not writer and (step is None or not step.value.second_person):
        return False
    # Who asks for more time, or gives it, does no step: he does not stand between one and the next.
    by = [
        each.official_id
        for each in stands.round
        if each.official_id is not None
        and each.act not in _ABOUT_TIME
        and (not writer or each.act == Act.ANSWER)
    ]
    return bool(by) and by[-1] == who.id


def _send_back(stands: Situation, _: OfficialView) -> Bar | None:
    rules, story = stands.rules, stands.story
    value = rules.send_back if rules is not None else None
    if rules is None or story is None or value is None or not value.value.allowed:
        return Bar.NOT_LAID_DOWN
    times = sum(step.act == Act.SEND_BACK for step in stands.round)
    if value.value.times is not None and times >= value.value.times:
        return Bar.TIMES
    return Bar.TOO_LATE if passed(rules.due(value.value.limit, story.course), stands.now) else None


def _contactable(stands: Situation, _: OfficialView) -> Bar | None:
    return None if stands.order.named else Bar.ANONYMOUS


def _classed(stands: Situation, _: OfficialView) -> Bar | None:
    return None if stands.rules is not None and stands.rules.classes else Bar.UNCLASSED


def _planned(stands: Situation, _: OfficialView) -> Bar | None:
    return None if stands.rules is not None and "plan" in stands.rules.steps else Bar.NOT_LAID_DOWN


def _may_ask(stands: Situation, _: OfficialView) -> Bar | None:
    rules = stands.rules
    laid_down = [step for step in STEPS if rules is not None and step in rules.extensions]
    if not laid_down:
        return Bar.NOT_LAID_DOWN
    found = [ask_bar(stands, step) for step in laid_down]
    return None if None in found else min(found, key=_TELLING.index)


def extendable(stands: Situation) -> tuple[str, ...]:
    """For which steps more time can be asked for now."""
    return tuple(step for step in STEPS if ask_bar(stands, step) is None)


# Of several reasons the first of these is told.
_TELLING: Final = (Bar.WAITS, Bar.TOO_LATE, Bar.TIMES, Bar.NO_LIMIT, Bar.NOT_LAID_DOWN)


def ask_bar(stands: Situation, step: str) -> Bar | None:
    """Why no more time can be asked for this step now."""
    rules, story = stands.rules, stands.story
    value = rules.extensions.get(step) if rules is not None else None
    if story is None or value is None or value.value.times == 0:
        return Bar.NOT_LAID_DOWN
    if waiting_request(stands.round) is not None:
        return Bar.WAITS
    running = next((each for each in stands.limits if each.step == step), None)
    due = step_due(stands, step)
    if running is None or running.met_at is not None or due is None:
        return Bar.NO_LIMIT
    if value.value.times is not None and extended_times(stands.round, step) >= value.value.times:
        return Bar.TIMES
    return Bar.TOO_LATE if _asked_late(stands, story, value.value, due) else None


def _asked_late(stands: Situation, story: Live, rule: Extension, due: Due) -> bool:
    until = asked_by(stands, story, rule, due)
    return passed(until, stands.now) if until is not None else stands.now >= due.due_at


def asked_by(stands: Situation, story: Live, rule: Extension, due: Due) -> Due | None:
    """Until when more time is asked for; None where that is not laid down apart from the limit itself."""
    rules = story.rules()
    course = Course({**story.events, "extension_request": stands.now, "due": due.due_at}, story.course.pauses)
    return rules.due(rule.request, course)


def step_due(stands: Situation, step: str) -> Due | None:
    """Until when a step is to be done as things stand; None where no limit runs."""
    return stands.story.step(step)[0] if stands.story is not None else None


def possible_until(act: Act, stands: Situation, steps: Sequence[str]) -> Due | None:
    """Until when an act is possible that is so for a while only: to send back, to ask for more time for one of these steps;
    None for no such, and where several end on other days."""
    rules, story = stands.rules, stands.story
    if rules is None or story is None:
        return None
    if act is Act.SEND_BACK and rules.send_back is not None:
        return rules.due(rules.send_back.value.limit, story.course)
    due = step_due(stands, steps[0]) if act is Act.ASK_EXTENSION and len(steps) == 1 else None
    value = rules.extensions.get(steps[0]) if due is not None else None
    if value is None or due is None:
        return None
    return asked_by(stands, story, value.value, due) or due


def longest_extension(stands: Situation, step: str) -> date | None:
    """The last day to which the limit could be extended now; None where the rules set none."""
    if stands.asked is None or (due := step_due(stands, step)) is None:
        return None
    far = local_day(due.due_at) + timedelta(days=3_650)
    asked = [
        Happened(word, stands.now, outcome="", ground="", to=far, step=step)
        for word in ("extension_request", "extension")
    ]
    longer = live(stands.order, stands.asked, stands.steps, now=stands.now, extra=asked).step(step)[0]
    last = (longer.last_day or local_day(longer.due_at)) if longer is not None else far
    return None if last >= far else last


def _asked(stands: Situation, who: OfficialView) -> Bar | None:
    request = waiting_request(stands.round)
    if request is None or stands.story is None:
        return Bar.NOT_ASKED
    rules, unit = stands.story.rules(request.at), stands.order.organisation_id
    body = granting(rules, step_of(request), unit, stands.story.bodies)
    return Bar.NOT_THE_BODY if body not in (None, *_serves(who, Permission.GRANT_EXTENSIONS)) else None


def _serves(who: OfficialView, permission: Permission) -> set[int]:
    """The organisations in which he has a post that carries the permission."""
    return {post.organisation_id for post in who.posts if scope_of_role(post.role, permission) is not None}


def _dissatisfied(stands: Situation, who: OfficialView) -> Bar | None:
    waits = follow_up(stands.order, stands.steps)
    if waits is None or waits.done is not None or stands.story is None:
        return Bar.NOTHING_SET_OFF
    rules, unit = stands.story.rules(waits.since), stands.order.organisation_id
    _, body = body_of(waits.set_off, rules, unit, stands.story.bodies)
    mine = _serves(who, Permission.SUPERVISE_ORDERS)
    return Bar.NOT_THE_SUPERVISOR if body not in (None, *mine) else None


def _to_set_right(stands: Situation, _: OfficialView) -> Bar | None:
    return Bar.BASELESS if stands.order.finding == Finding.NO_BASIS else None


def _baseless(stands: Situation, *, ends: bool) -> Bar | None:
    basis = stands.rules.no_legal_basis if stands.rules is not None else None
    if stands.order.finding != Finding.NO_BASIS:
        return Bar.HAS_BASIS
    return None if (basis is not None and basis.value.ends) == ends else Bar.OTHER_WAY


def _second_person(stands: Situation, *, asked: bool) -> Bar | None:
    approval = stands.rules.steps.get("approval") if stands.rules is not None else None
    return None if (approval is not None and approval.value.second_person) == asked else Bar.OTHER_WAY


def _once(stands: Situation, act: Act) -> Bar | None:
    """Of what is done once, where the rules have the step of this name."""
    if stands.rules is None or act.value not in stands.rules.steps:
        return Bar.NOT_LAID_DOWN
    return Bar.DONE if any(step.act == act for step in stands.round) else None


_Judge = Callable[[Situation, OfficialView], Bar | None]
_JUDGES: Final[Mapping[Guard, _Judge]] = {
    Guard.MAY_SEND_BACK: _send_back,
    Guard.CONTACTABLE: _contactable,
    Guard.CLASSED: _classed,
    Guard.PLANNED: _planned,
    Guard.MAY_ASK: _may_ask,
    Guard.ASKED: _asked,
    Guard.TO_SET_RIGHT: _to_set_right,
    Guard.BASELESS_ENDS: lambda stands, _: _baseless(stands, ends=True),
    Guard.BASELESS_GOES_ON: lambda stands, _: _baseless(stands, ends=False),
    Guard.ALONE: lambda stands, _: _second_person(stands, asked=False),
    Guard.SECOND_PERSON: lambda stands, _: _second_person(stands, asked=True),
    Guard.TO_REPORT: lambda stands, _: _once(stands, Act.REPORT),
    Guard.TO_UPLOAD: lambda stands, _: _once(stands, Act.UPLOAD),
    Guard.DISSATISFIED: _dissatisfied,
    Guard.BY_RULE: lambda _, __: Bar.BY_RULE,
}


def acts_now(stands: Situation, who: OfficialView) -> list[Transition]:
    """What an official could do now, the usual way on first; rights are not judged here."""
    state = State(stands.order.state)
    ways = (way(act, stands, who) for act in dict.fromkeys(row.act for row in TABLE if row.source is state))
    found = [each for each in ways if isinstance(each, Transition)]
    return sorted(found, key=lambda row: not row.usual)
