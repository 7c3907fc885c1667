"""The second half of an occasion: what a bad rating sets off, by whom, until when, and whether it counts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.objections import Objection
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation, Step
from haochaping.policy.scenario_file import EVENT_WORDS, Rated
from haochaping.policy.score_figures import Cell
from haochaping.policy.story import IN_TIME, LATE, NOT_LAID_DOWN, OVERDUE, RUNNING, Story, passed
from haochaping.policy.values import Value
from haochaping.policy.vocabulary import BODIES

SILENCE: Final = {"accepted": "视为无异议", "none": "逾期未提出"}
_DECIDED: Final = {"upheld": "异议成立", "rejected": "异议不成立"}
_BODY_SILENT: Final = {
    "none": "逾期未决",
    "upheld": "逾期未决，视为成立",
    "rejected": "逾期未决，视为不成立",
    "escalated": "逾期未决，转上一级",
}
_ORDER_WORDS: Final = ("orders", "orders_due", "rectified", "rectified_in_time", "overdue", "verified")


def body_told(body: str) -> str:
    """The body in words; one that no word names as it is written."""
    return BODIES.get(body, body.removeprefix("named:"))


def play_redress(story: Story, rated: Rated) -> None:
    """Plays all that a bad rating sets off."""
    profile = story.rules(story.events["rating"])
    story.note("bad", True, profile.levels)
    if not story.occasion.bad_class:
        own = next((key for key, value in profile.classes.items() if value.value.on_its_own), "")
        story.occasion = story.occasion._replace(bad_class=own)
    opened = _opened(profile, rated)
    if opened and (profile.trigger is None or profile.trigger.value.at_once):
        story.events.setdefault("opening", rated.at)
    story.note("order", opened, profile.trigger)
    _objection(story, "objection", lambda rules: rules.objection, "decision", lambda rules: rules.review)
    if profile.appeal is not None:
        _objection(
            story, "appeal", lambda rules: rules.appeal, "appeal_decision", lambda rules: rules.appeal_review
        )
    if opened:
        _steps(story)
        _rectification(story)
        _offered(story)
    _verdict(story)
    _revisited(story, rated)
    _escalated(story)
    story.cells.append((story.given.unit, _counts_of(story, rated)))


def _counts_of(story: Story, rated: Rated) -> Cell:
    must = [key for key, said in story.facts.items() if key.startswith("revisits.") and said == "必须回访"]
    revisit = story.last("revisit")
    objection = story.last("objection")
    found = {
        "bad_named": rated.named,
        "bad_verified": "verification" in story.events,
        "objections": objection is not None,
        "objections_upheld": objection is not None and bool(_established(story)),
        "revisits_due": bool(must),
        "revisited": revisit is not None,
        "revisit_answered": revisit is not None and bool(revisit.outcome),
        "revisit_satisfied": revisit is not None and revisit.outcome == "satisfied",
    }
    return Cell({word: int(each) for word, each in found.items()}, subject="item", named=rated.named)


def _opened(profile: Profile, rated: Rated) -> bool:
    trigger = profile.trigger.value if profile.trigger else None
    if trigger is None:
        return True
    return (
        (rated.reason or not trigger.reason)
        and (rated.named or not trigger.named)
        and (rated.reachable or not trigger.reachable)
    )


def _objection(story: Story, word: str, rule: Any, ends: str, review: Any) -> None:
    """Who may contest until when, what silence means, until when it is decided."""

    def limit_of(profile: Profile) -> Limit | None:
        found: Value[Objection] | None = rule(profile)
        return found.value.limit if found else None

    due, profile, limit = story.procedural(limit_of)
    value: Value[Objection] | None = rule(profile)
    story.note_due(word, due, limit, value)
    if value is None:
        return
    if value.value.decided_by:
        story.note(f"{word}_by", body_told(value.value.decided_by), value)
    happened = story.last(word)
    if happened is None:
        silent = passed(due, story.now)
        story.note(f"{word}_state", SILENCE[value.value.silence or "none"] if silent else RUNNING, value)
        return
    if passed(due, happened.at):
        story.note(f"{word}_state", "逾期提出，不予受理", value)
        return
    if value.value.grounds and happened.ground and happened.ground not in value.value.grounds:
        story.note(f"{word}_state", "理由不在规定之内，不予受理", value)
        return
    review_due, rules, review_limit = story.procedural(lambda each: _limit(review(each)))
    story.note_due(
        "review" if word == "objection" else "appeal_review", review_due, review_limit, review(rules)
    )
    decided = story.last(ends)
    if decided is not None:
        story.note(f"{word}_state", _DECIDED.get(decided.outcome, "已决定"), value)
    elif passed(review_due, story.now):
        story.note(f"{word}_state", _BODY_SILENT[value.value.silence_of_body or "none"], value)
    else:
        story.note(f"{word}_state", "待决定", value)


def _limit(value: Value[Limit] | None) -> Limit | None:
    return value.value if value else None


def _rectification(story: Story) -> None:
    due, profile, limit = story.procedural(_rectification_limit)
    story.note_due("rectification", due, limit, profile.rectification)
    due = _extended(story, due)
    done = story.events.get("rectification")
    if state := story.state(due, done):
        story.note("rectification_state", state, profile.rectification)
    counts = dict.fromkeys(_ORDER_WORDS, 0)
    counts["orders"] = 1
    counts["verified"] = int("verification" in story.events)
    counts["orders_due"] = int(done is not None or passed(due, story.now))
    counts["rectified"] = int(done is not None)
    counts["rectified_in_time"] = int(done is not None and state in (IN_TIME, ""))
    counts["overdue"] = int(state in (LATE, OVERDUE))
    cell = Cell(counts, subject="item", named=story.occasion.named, bad_class=story.occasion.bad_class)
    story.cells.append((story.given.unit, cell))


def _rectification_limit(profile: Profile) -> Limit | None:
    limit = _limit(profile.rectification)
    objection = profile.objection
    if limit is not None and objection and "rectification_stands_still" in objection.value.pending:
        return replace(limit, suspended_by=tuple({*limit.suspended_by, "objection"}))
    return limit


def _extended(story: Story, due: Due | None) -> Due | None:
    asked = story.last("extension_request")
    granted = story.last("extension")
    at = asked or granted
    if due is None or at is None:
        return due
    profile = story.rules(at.at)
    value = profile.extensions.get("rectification")
    if value is None:
        story.note("extension", NOT_LAID_DOWN)
        return due
    events = {**story.events, "due": due.due_at}
    course = Course(events, story.course.pauses)
    rule = value.value
    request = profile.due(rule.request, course)
    if rule.request is not None:
        story.note_due("extension_request", request, rule.request, value)
    if rule.times == 0 or (passed(request, at.at) if request else at.at >= due.due_at):
        story.note("extension", "逾期申请或不得延期", value)
        return due
    decided = profile.due(rule.decided, course)
    silent = granted is None and passed(decided, story.now) and rule.silence == "granted"
    if granted is None and not silent and rule.granted_by is not None:
        story.note("extension", "未批准", value)
        return due
    longer = profile.due(rule.limit, course)
    if rule.limit is None and (to := (granted or at).to) is not None:
        longer = Due(due_instant(to), to, False)
    most = profile.due(rule.most, course)
    if longer is not None and most is not None and most.due_at < longer.due_at:
        longer = most
    story.note_due("extended_to", longer, rule.limit, value)
    return longer or due


def _steps(story: Story) -> None:
    keys = {key for each in (story.events["rating"], story.now) for key in story.rules(each).steps}
    for key in sorted(keys):
        due, profile, limit = story.procedural(lambda rules, key=key: _step_limit(rules, key))  # type: ignore[misc]
        value = profile.steps.get(key)
        if value is None:
            continue
        if limit is not None:
            story.note_due(f"steps.{key}", due, limit, value)
        else:
            story.note(f"steps.{key}", NOT_LAID_DOWN, value)
        done = story.events.get(key) if key in EVENT_WORDS else None
        if state := story.state(due, done):
            story.note(f"steps.{key}_state", state, value)
        _attempts(story, key, value)
    for key, duty in sorted(story.rules().responsibility.items()):
        story.note(f"responsible.{key}", body_told(duty.value.by), duty)


def _attempts(story: Story, key: str, value: Value[Step]) -> None:
    """So many attempts in vain, and what that means."""
    failed = story.times(key, "failed")
    rule = value.value
    if rule.attempts is None or len(failed) < rule.attempts or rule.if_failed is None:
        return
    story.note(f"steps.{key}_failed", rule.if_failed, value)
    if rule.if_failed == "taken_as_true":
        story.events.setdefault("verification", failed[-1].at)


def _step_limit(profile: Profile, key: str) -> Limit | None:
    value = profile.steps.get(key)
    return value.value.limit if value else None


def _verdict(story: Story) -> None:
    due, profile, limit = story.procedural(lambda rules: rules.verdict.value.limit if rules.verdict else None)
    value = profile.verdict
    if value is None:
        return
    if limit is not None:
        story.note_due("verdict", due, limit, value)
    given = story.last("verdict")
    said = given.outcome if given else ""
    if given is None and passed(due, story.now) and value.value.silence != "none":
        said = value.value.silence
    if said:
        story.note("verdict_satisfied", said == "satisfied", value)
        if said == "unsatisfied":
            story.note("verdict_sets_off", value.value.unsatisfied, value)


def _revisited(story: Story, rated: Rated) -> None:
    """Which revisits this rating falls under; those of a share name it as one that may be drawn."""
    kinds = {"all", "bad"} | ({"named_bad"} if rated.named else set())
    kinds |= {"rectified"} if "rectification" in story.events else set()
    kinds |= {"verified_bad"} if "verification" in story.events else set()
    kinds |= {"objected"} if "objection" in story.events else set()
    kinds |= {"unsatisfied"} if story.facts.get("verdict_satisfied") is False else set()
    for key, value in sorted(story.rules().revisits.items()):
        if value.value.of not in kinds:
            continue
        story.note(f"revisits.{key}", "必须回访" if value.value.share == 1 else "列入抽样", value)
        if value.value.by:
            story.note(f"revisits.{key}_by", body_told(value.value.by), value)
        if value.value.limit is not None:
            story.note_due(
                f"revisits.{key}_due",
                story.rules().due(value.value.limit, story.course),
                value.value.limit,
                value,
            )


def _escalated(story: Story) -> None:
    overdue = [key.removesuffix("_state") for key, said in story.facts.items() if said == OVERDUE]
    for key, value in sorted(story.rules().escalations.items()):
        rule = value.value
        met = (
            (rule.on == "overdue" and any(_late_enough(story, each, rule) for each in overdue))
            or (rule.on == "unsatisfied" and story.facts.get("verdict_satisfied") is False)
            or (rule.on == "returned" and "return" in story.events)
        )
        if met and rule.times == 1:
            story.note(f"escalations.{key}", rule.action, value)


def _late_enough(story: Story, key: str, rule: Escalation) -> bool:
    """Whether this overdue step is one that the rule is about, and overdue for as long as it says."""
    if rule.step is not None and key.removeprefix("steps.") != rule.step:
        return False
    due = story.dues.get("extended_to") if key == "rectification" else None
    events = {**story.events, "due": (due or story.dues[key]).due_at}
    until = story.rules().due(rule.limit, Course(events))
    return rule.limit is None or passed(until, story.now)


def _offered(story: Story) -> None:
    """What the unit may do instead of setting right, and how long things are kept."""
    profile = story.rules()
    if profile.send_back is not None:
        rule = profile.send_back.value
        story.note("send_back_allowed", rule.allowed, profile.send_back)
        if rule.limit is not None:
            story.note_due("send_back", profile.due(rule.limit, story.course), rule.limit, profile.send_back)
    basis = profile.no_legal_basis
    if basis is not None and basis.value.limit is not None:
        story.note_due(
            "no_legal_basis", profile.due(basis.value.limit, story.course), basis.value.limit, basis
        )
    for key, kept in sorted(profile.keeping.items()):
        for word, span in (("least", kept.value.least), ("most", kept.value.most)):
            if span is not None:
                story.note_due(f"keeping.{key}_{word}", profile.due(span, story.course), span, kept)


def counts(story: Story) -> str:
    """What becomes of the rating in the figures: "" where it counts, else the effect; the facts say why."""
    profile = story.rules(story.events["rating"])
    ground = _established(story)
    voiding = profile.voiding
    if ground and voiding is not None and ground in voiding.value.grounds:
        effect = voiding.value.effect
        story.note("counted", False, voiding)
        story.note("effect", effect, voiding)
        return effect
    pending: Mapping[str, str] = {"待决定": "objection"}
    objection = profile.objection
    if (
        objection
        and story.facts.get("objection_state") in pending
        and "not_counted" in objection.value.pending
    ):
        story.note("counted", False, objection)
        return "pending"
    counting = profile.counting
    if counting and counting.value.bad_from not in story.events:
        story.note("counted", False, counting)
        return "pending"
    if (
        counting
        and counting.value.rectified_satisfied == "not_counted"
        and story.facts.get("verdict_satisfied")
    ):
        story.note("counted", False, counting)
        return "rectified"
    story.note("counted", True)
    return ""


def _established(story: Story) -> str:
    """The ground that the decision established; an appeal's decision goes before the one it was about."""
    for event in ("appeal_decision", "decision", "verification"):
        decided = story.last(event)
        if decided is not None and decided.outcome:
            return decided.ground if decided.outcome == "upheld" else ""
    return ""
