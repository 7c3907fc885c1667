"""Objections and appeals against a rating: who may, until when, what silence means, what was established."""

from typing import Any, Final

from haochaping.policy.limits import Limit
from haochaping.policy.objections import Objection
from haochaping.policy.profile import Profile
from haochaping.policy.story import RUNNING, Story, body_told, passed
from haochaping.policy.values import Value

SILENCE: Final = {"accepted": "视为无异议", "none": "逾期未提出"}
UNDECIDED: Final = "待决定"
_DECIDED: Final = {"upheld": "异议成立", "rejected": "异议不成立"}
_BODY_SILENT: Final = {
    "none": "逾期未决",
    "upheld": "逾期未决，视为成立",
    "rejected": "逾期未决，视为不成立",
    "escalated": "逾期未决，转上一级",
}


def play_contests(story: Story) -> None:
    """The objection, and the appeal where one is laid down."""
    _contest(story, "objection", lambda rules: rules.objection, "decision", lambda rules: rules.review)
    if story.rules(story.events["rating"]).appeal is not None:
        _contest(
            story, "appeal", lambda rules: rules.appeal, "appeal_decision", lambda rules: rules.appeal_review
        )


def _contest(story: Story, word: str, rule: Any, ends: str, review: Any) -> None:
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
    review_due, rules, review_limit = story.procedural(lambda each: limit_in(review(each)))
    story.note_due(
        "review" if word == "objection" else "appeal_review", review_due, review_limit, review(rules)
    )
    decided = story.last(ends)
    if decided is not None:
        story.note(f"{word}_state", _DECIDED.get(decided.outcome, "已决定"), value)
    elif passed(review_due, story.now):
        story.note(f"{word}_state", _BODY_SILENT[value.value.silence_of_body or "none"], value)
    else:
        story.note(f"{word}_state", UNDECIDED, value)


def limit_in(value: Value[Limit] | None) -> Limit | None:
    """The limit of a value that is one."""
    return value.value if value else None


def established(story: Story) -> str:
    """The ground that the decision established; an appeal's decision goes before the one it was about."""
    for event in ("appeal_decision", "decision", "verification"):
        decided = story.last(event)
        if decided is not None and decided.outcome:
            return decided.ground if decided.outcome == "upheld" else ""
    return ""


def counts(story: Story) -> str:
    """What becomes of the rating in the figures: "" where it counts, else the effect; the facts say why."""
    profile = story.rules(story.events["rating"])
    ground = established(story)
    voiding = profile.voiding
    if ground and voiding is not None and ground in voiding.value.grounds:
        effect = voiding.value.effect
        story.note("counted", False, voiding)
        story.note("effect", effect, voiding)
        return effect
    objection = profile.objection
    if (
        objection
        and story.facts.get("objection_state") == UNDECIDED
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
