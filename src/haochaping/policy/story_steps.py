"""The steps that a bad rating sets off: until when, by whom, attempts in vain, what an idle limit means."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import END_UNITS, Limit, Span
from haochaping.policy.profile import Profile
from haochaping.policy.redress import OWN, Extension, Step
from haochaping.policy.scenario_file import Happened
from haochaping.policy.story import NOT_LAID_DOWN, Story, body_told, passed
from haochaping.policy.values import Value

# 半个月为十五日: a share of months that is no whole number of them is counted in days.
_DAYS_OF: Final = {"month": 30, "year": 360}


class Asked(NamedTuple):
    """A request for more time: when it was made, when granted (None: not), until which day (None: not said)."""

    at: datetime
    granted: datetime | None
    to: date | None


class Running(NamedTuple):
    """The limit that is extended, when it first ended, when it ends now, and when its step was done."""

    limit: Limit
    first: Due
    due: Due
    done: datetime | None


def conclude(story: Story) -> None:
    """What follows by itself: attempts in vain, limits that have passed. One thing may bring about the next."""
    concluded: set[str] = set()
    found = True
    while found:
        found = False
        for key in sorted(step_keys(story) - concluded):
            due, profile, _ = story.procedural(lambda rules, key=key: step_limit(rules, key))  # type: ignore[misc]
            value = profile.steps.get(key)
            at = _in_vain(story, key, value, due) if value is not None else None
            if value is not None and at is not None:
                concluded.add(key)
                found = True
                story.note(f"steps.{key}_failed", value.value.if_failed, value, word="if_failed")
                _take_as(story, key, value.value.if_failed or "", at)


def step_keys(story: Story) -> set[str]:
    """The steps that any of the rules from the rating until now lay down."""
    return {key for each in (story.events["rating"], story.now) for key in story.rules(each).steps}


def _in_vain(story: Story, key: str, value: Value[Step], due: Due | None) -> datetime | None:
    """When the step came to nothing, in the sense of `if_failed`; None where it did not."""
    rule = value.value
    if rule.if_failed is None or key in story.events:
        return None
    if rule.attempts is None:
        return due.due_at if due is not None and passed(due, story.now) else None
    tried = tries(story, key, rule)
    return tried[rule.attempts - 1].at if len(tried) >= rule.attempts else None


def tries(story: Story, key: str, rule: Step) -> list[Happened]:
    """The attempts in vain that count: each so long after the one before as is laid down."""
    counted: list[Happened] = []
    for each in story.times(key, "failed"):
        if not counted or not _too_early(story, rule.between, counted[-1].at, each.at):
            counted.append(each)
    return counted


def _too_early(story: Story, between: Span | None, before: datetime, at: datetime) -> bool:
    if between is None:
        return False
    until = story.rules(at).due(between, Course({between.after or "": before}))
    if until is None:
        return False
    return at < until.due_at if until.last_day is None else local_day(at) < until.last_day


def _take_as(story: Story, key: str, taken: str, at: datetime) -> None:
    if taken == "taken_as_done":
        story.events.setdefault(key, at)
    elif taken == "closed":
        story.events.setdefault("closure", at)
    elif taken in ("taken_as_true", "taken_as_untrue"):
        story.events.setdefault("verification", at)
        story.found("upheld" if taken == "taken_as_true" else "rejected")


def tell_steps(story: Story) -> None:
    """Each step with its limit and how it stands; then who is responsible for what."""
    for key in sorted(step_keys(story)):
        due, profile, limit = story.procedural(lambda rules, key=key: step_limit(rules, key))  # type: ignore[misc]
        value = profile.steps.get(key)
        if value is None:
            continue
        if limit is not None:
            story.note_due(f"steps.{key}", due, limit, value)
            due = extended(story, key, due, limit)
        else:
            story.note(f"steps.{key}", NOT_LAID_DOWN, value)
        done = story.events.get(_event(profile, key))
        if state := story.state(due, done):
            story.note(f"steps.{key}_state", state, value)
        if value.value.between is not None and story.times(key, "failed"):
            story.note(f"steps.{key}_tried", len(tries(story, key, value.value)), value)
    for key, duty in sorted(story.rules().responsibility.items()):
        story.note(f"responsible.{key}", body_told(duty.value.by), duty)


def _event(profile: Profile, key: str) -> str:
    """The event with which a step is done."""
    value = profile.steps.get(key) if key.startswith(OWN) else None
    return f"named:{value.value.label}" if value else key


def step_limit(profile: Profile, key: str) -> Limit | None:
    """The limit of a step, where it has one."""
    value = profile.steps.get(key)
    return value.value.limit if value else None


def extended(story: Story, step: str, due: Due | None, limit: Limit | None) -> Due | None:
    """The limit of a step after its extensions, each counted from the end of the one before."""
    above = "" if step == "rectification" else f"steps.{step}_"
    if due is None or limit is None:
        return due
    first, granted = due, 0
    for asked in _requests(story, step):
        value = story.rules(asked.at).extensions.get(step)
        if value is None:
            story.note(f"{above}extension", NOT_LAID_DOWN)
        elif value.value.times is not None and granted >= max(value.value.times, 1):
            story.note(f"{above}extension", "超过规定次数", value)
        else:
            running = Running(limit, first, due, story.events.get(_event(story.rules(asked.at), step)))
            if (longer := _granted(story, above, running, value, asked)) is not None:
                granted, due = granted + 1, longer
    return due


def _requests(story: Story, step: str) -> list[Asked]:
    """Each request with the decision on it; a decision without a request stands for both."""
    found: list[Asked] = []
    for each in story.happened:
        if each.at > story.now or each.step != step:
            continue
        if each.event == "extension_request":
            found.append(Asked(each.at, None, each.to))
        elif each.event == "extension" and found and found[-1].granted is None:
            found[-1] = found[-1]._replace(granted=each.at, to=each.to or found[-1].to)
        elif each.event == "extension":
            found.append(Asked(each.at, each.at, each.to))
    return found


def _granted(story: Story, above: str, running: Running, value: Value[Extension], asked: Asked) -> Due | None:
    """The later limit; None where it is not extended, and then the facts say why."""
    rule, due = value.value, running.due
    profile = story.rules(asked.at)
    events = {**story.events, "extension_request": asked.at, "due": due.due_at}
    course = Course(events, story.course.pauses)
    at_most = profile.due(rule.most, Course({**events, "due": running.first.due_at}))
    request = profile.due(rule.request, course)
    if rule.request is not None:
        story.note_due(f"{above}extension_request", request, rule.request, value)
    if rule.times == 0 or (passed(request, asked.at) if request else asked.at >= due.due_at):
        story.note(f"{above}extension", "逾期申请或不得延期", value)
        return None
    decided = profile.due(rule.decided, course)
    # Whoever has done it asks for no more time: what is decided afterwards by silence moves nothing.
    silent = rule.silence == "granted" and passed(decided, min(story.now, running.done or story.now))
    if asked.granted is None and not silent and rule.granted_by is not None:
        story.note(f"{above}extension", "未批准", value)
        return None
    span = longer_by(running.limit, rule.share) if rule.share is not None else _as_long(running, rule.limit)
    bounds = [profile.due(span, course), at_most]
    if asked.to is not None:
        bounds.append(Due(due_instant(asked.to), asked.to, False))
    longer = min((each for each in bounds if each is not None), key=lambda each: each.due_at, default=None)
    story.note_due(f"{above}extended_to", longer, span, value)
    return longer or due


def _as_long(running: Running, longer: Limit | None) -> Limit | None:
    """A longer limit in place of the one that is extended stands still with it; what is added to that one need not."""
    if longer is None or longer.after == "due":
        return longer
    return replace(longer, suspended_by=tuple({*longer.suspended_by, *running.limit.suspended_by}))


def longer_by(limit: Limit, share: Decimal) -> Span | None:
    """A share of a limit's own length, counted after `due`; begun units left out. None where nothing is left."""
    n, unit = limit.n * share, limit.unit
    if unit in _DAYS_OF and n % 1:
        n, unit = n * _DAYS_OF[unit], "calendar_day"
    if unit in END_UNITS or int(n) == 0:
        return None
    return Span(n=int(n), unit=unit, after="due", count_first=False)


def standing_still(limit: Limit | None, profile: Profile) -> Limit | None:
    """The limit of the rectification, which an undecided objection may stop."""
    objection = profile.objection
    if limit is not None and objection and "rectification_stands_still" in objection.value.pending:
        return replace(limit, suspended_by=tuple({*limit.suspended_by, "objection"}))
    return limit
