"""The first half of an occasion: until when it can be rated, what silence means, which rating counts."""

from datetime import datetime, timedelta
from typing import Any

from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.scenario_file import Rated
from haochaping.policy.score_figures import Cell
from haochaping.policy.story import Story, local_time, passed
from haochaping.policy.units import weight_of

ACCEPTED, OPEN, UNRATED, DEFAULTED = "采纳", "可评价", "未评", "默认"
_CLOSED, _TWICE, _REASONLESS = "评价期限已过", "已评价，不再重复计", "差评未说明原因"
_ANONYMOUS, _NAMELESS = "差评须实名", "评价须实名"
_AFTER_DEFAULT, _NOT_ALLOWED = "已按默认处理", "未规定可以如此"
_STAGE, _WITHDRAWN = "该环节不单独评价", "评价已撤回"
_ONLY_UP, _ONLY_DOWN, _NOT_YET = "只可上调", "只可下调", "尚未起算"
_CHANNEL, _SUBJECT, _NOT_RATABLE = "渠道不在规定之内", "对象不在规定之内", "不可评价"


# An invitation of the last day of its limit is one of that day, not of the midnight after it.
_MOMENT = timedelta(microseconds=1)


def play_ratings(story: Story) -> list[Rated]:
    """Plays window, ratings and silence; returns the accepted ratings that hold, the effective one last."""
    profile = story.rules()
    window = profile.due(profile.window.value if profile.window else None, story.course)
    story.note_due("window", window, profile.window, profile.window)
    default = profile.default
    silence = profile.due(default.value.limit if default else None, story.course)
    story.note_due("default_after", silence, default, default)
    accepted: list[Rated] = []
    answers = []
    for rated in story.ratings:
        if rated.at > story.now:
            continue
        answer = _answer(story, profile, rated, accepted, window, silence)
        answers.append(answer)
        if answer == ACCEPTED:
            story.taken.append(rated)
            _take(story, profile, rated, accepted)
    if answers:
        story.note("ratings", answers)
    after = profile.after_default.value if profile.after_default else None
    if accepted and after and not after.replaces and passed(silence, story.events["rating"]):
        story.beside = True
    _outcome(story, profile, accepted, window, silence)
    _invitations(story, profile, accepted)
    return accepted


def _answer(
    story: Story,
    profile: Profile,
    rated: Rated,
    accepted: list[Rated],
    window: Due | None,
    silence: Due | None,
) -> str:
    if rated.kind != "rating":
        return _changed(story, profile, rated, accepted)
    if profile.ratable is not None and not profile.ratable.value:
        return _NOT_RATABLE
    if story.withdrawn and story.withdrawn != "rate_again":
        return _WITHDRAWN
    most = profile.frequency.value.most if profile.frequency else 1
    same = [
        each
        for each in accepted
        if (each.subject, each.stage, each.part) == (rated.subject, rated.stage, rated.part)
    ]
    if len(same) >= most and not _again(story, profile, same[-1].at, rated.at):
        return _TWICE
    if rated.stage and not (profile.frequency and rated.stage in profile.frequency.value.stages):
        return _STAGE
    allowed = profile.channels.value.allowed if profile.channels else ()
    if allowed and rated.channel and rated.channel not in allowed:
        return _CHANNEL
    if profile.subjects and rated.subject not in [each.subject for each in profile.subjects.value]:
        return _SUBJECT
    if late := _too_late(story, profile, rated.at, window, silence):
        return late
    return _incomplete(profile, rated) or ACCEPTED


def _too_late(story: Story, profile: Profile, at: datetime, window: Due | None, silence: Due | None) -> str:
    if passed(silence, at):
        after = profile.after_default
        if after is None or not after.value.allowed:
            return _AFTER_DEFAULT
        events = {**story.events, "default": silence.due_at if silence else at}
        until = profile.due(after.value.limit, Course(events, story.course.pauses))
        return _CLOSED if passed(until, at) else ""
    return _CLOSED if passed(window, at) else ""


def _incomplete(profile: Profile, rated: Rated) -> str:
    """What a rating of this level needs and has not."""
    bad = profile.is_bad(rated.level)
    if bad and profile.reason_needed and not rated.reason:
        return _REASONLESS
    if not rated.named and rated.level in profile.named_levels:
        return _ANONYMOUS if bad else _NAMELESS
    return ""


def _again(story: Story, profile: Profile, first: datetime, at: datetime) -> bool:
    """Whether the first rating was set aside by a decision after which the citizen may rate again."""
    voiding = profile.voiding
    if voiding is None or voiding.value.effect != "rate_again":
        return False
    upheld = [each for word in ("decision", "appeal_decision") for each in story.times(word, "upheld")]
    return any(first <= each.at <= at and each.ground in voiding.value.grounds for each in upheld)


def _changed(story: Story, profile: Profile, rated: Rated, accepted: list[Rated]) -> str:
    values = {
        "correction": profile.correction,
        "withdrawal": profile.withdrawal,
        "supplement": profile.supplement,
        "follow_up": profile.follow_up,
    }
    value = values[rated.kind]
    if value is None or not accepted:
        return _NOT_ALLOWED
    rule: Any = value.value
    if passed(profile.due(rule.limit, story.course), rated.at):
        return _CLOSED
    if rated.kind == "withdrawal":
        return ACCEPTED if rule.allowed else _NOT_ALLOWED
    if rated.kind == "follow_up" and not _begun(story, rule.limit, rated.at):
        return _NOT_YET
    done = [each for each in story.taken if each.kind == rated.kind]
    if rule.times is not None and len(done) >= rule.times:
        return _TWICE
    before = accepted[-1].level
    if rule.direction == "up" and rated.level < before:
        return _ONLY_UP
    if rule.direction == "down" and rated.level > before:
        return _ONLY_DOWN
    return _incomplete(profile, rated) or ACCEPTED


def _begun(story: Story, limit: Limit | None, at: datetime) -> bool:
    """Whether the event from which the limit runs had happened by then."""
    if limit is None or limit.after is None:
        return True
    event = limit.start(story.events)
    return event is not None and story.events[event] <= at


def _take(story: Story, profile: Profile, rated: Rated, accepted: list[Rated]) -> None:
    if rated.kind == "withdrawal":
        accepted.pop()
        story.bad = None
        story.withdrawn = (profile.withdrawal.value.effect if profile.withdrawal else None) or "unrated"
        return
    if profile.is_bad(rated.level) and rated.kind in ("rating", "correction"):
        story.bad = rated
    elif rated.kind == "correction":
        story.bad = None
    if rated.kind == "rating":
        story.events.setdefault("rating", rated.at)
        if accepted and _again(story, profile, accepted[-1].at, rated.at):
            accepted.pop()
        accepted.append(rated)
    elif rated.kind == "correction" and profile.correction and profile.correction.value.counts == "last":
        accepted[-1] = rated
    elif rated.kind != "correction":
        rule = profile.supplement if rated.kind == "supplement" else profile.follow_up
        if rule is not None and rule.value.counts == "replaces" and "level" in rule.value.adds:
            accepted[-1] = rated


def _outcome(
    story: Story, profile: Profile, accepted: list[Rated], window: Due | None, silence: Due | None
) -> None:
    if accepted:
        rated = story.bad or accepted[-1]
        story.occasion = story.occasion._replace(
            level=rated.level, named=rated.named, channel=rated.channel or story.occasion.channel
        )
    if accepted and not story.beside:
        story.note("outcome", "评价")
        story.note("level", accepted[-1].level, profile.levels)
    elif passed(silence, story.now) and profile.default is not None and silence is not None:
        story.events["default"] = silence.due_at
        story.note("outcome", DEFAULTED, profile.default)
        story.note("level", profile.default.value.level, profile.default)
    elif passed(window, story.now):
        story.note("outcome", UNRATED)
    else:
        story.note("outcome", OPEN)


def _invitations(story: Story, profile: Profile, accepted: list[Rated]) -> None:
    if accepted:
        return
    for key, value in profile.invitations.items():
        rule, events = value.value, dict(story.events)
        asked = profile.due(rule.first, Course(events))
        when: list[Any] = []
        while asked is not None and len(when) < (rule.most or 1):
            when.append(asked.last_day or local_time(asked.due_at))
            events["invitation"] = asked.due_at - _MOMENT
            asked = profile.due(rule.every, Course(events))
        story.note(f"invitations.{key}", when, value)


def cells_of(story: Story, accepted: list[Rated], effect: str) -> list[tuple[str, Cell]]:
    """What the occasion adds to the figures, by unit. `effect`: "" where its rating counts, else what becomes of it."""
    unit = story.given.unit
    if effect == "not_counted":
        return [(unit, Cell({"voided": 1}))]
    frequency = story.rules().frequency
    rule = frequency.value if frequency else None
    weight = weight_of(rule, story.given.size)
    facts: dict[str, Any] = {"item_type": story.occasion.item_type, "channel": story.occasion.channel}
    shared = rule is not None and (rule.per == "part" or rule.counted_for == "all")
    units = [unit, *story.given.parts] if shared else [unit]
    cells = [(each, Cell({"occasions": weight}, subject="item", **facts)) for each in units]
    if effect == "default" or (not accepted and story.facts["outcome"] == DEFAULTED):
        cells += [(each, Cell({"defaults": weight}, subject="item", **facts)) for each in units]
    for rated in () if effect else accepted:
        cell = Cell(
            {f"level_{rated.level}": weight, "named": weight if rated.named else 0},
            subject=rated.subject,
            channel=rated.channel or story.occasion.channel,
            item_type=story.occasion.item_type,
            stage=rated.stage,
            named=rated.named,
            bad_class=story.occasion.bad_class,
        )
        mine = [rated.part] if rated.part else units if rule and rule.counted_for == "all" else [unit]
        cells += [(each, cell) for each in mine]
    return cells
