"""Objections and appeals against a rating: who may, until when, what silence means, what was established."""

from typing import Any, Final

from haochaping.policy.counting import Due
from haochaping.policy.limits import Limit
from haochaping.policy.objections import Objection
from haochaping.policy.profile import Profile
from haochaping.policy.scenario_file import Happened
from haochaping.policy.story import NOT_BEGUN, RUNNING, Story, body_told, passed
from haochaping.policy.values import Value

SILENCE: Final = {"accepted": "视为无异议", "none": "逾期未提出"}
UNDECIDED: Final = "待决定"
_TAKEN: Final = "受理"
_DECIDED: Final = {"upheld": "异议成立", "rejected": "异议不成立"}
_BODY_SILENT: Final = {
    "none": "逾期未决",
    "upheld": "逾期未决，视为成立",
    "rejected": "逾期未决，视为不成立",
    "escalated": "逾期未决，转上一级",
}
# Each contest with what decides it.
_DECISIONS: Final = {"appeal": "appeal_decision", "objection": "decision"}


def play_contests(story: Story) -> None:
    """The objection, and the appeal where one is laid down."""
    _contest(story, "objection", lambda rules: rules.objection, lambda rules: rules.review)
    if story.rules(story.events["rating"]).appeal is not None:
        _contest(story, "appeal", lambda rules: rules.appeal, lambda rules: rules.appeal_review)


def _contest(story: Story, word: str, rule: Any, review: Any) -> None:
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
    answers = _answers(story, word, value.value, due)
    if not answers:
        story.note(f"{word}_state", _silent(story, value.value, due, limit), value)
        return
    if len(answers) > 1:
        story.note(f"{word}_answers", answers, value)
    if _TAKEN not in answers:
        story.note(f"{word}_state", f"{answers[-1]}，不予受理", value)
        return
    _reviewed(story, word, value, review)


def _answers(story: Story, word: str, rule: Objection, due: Due | None) -> list[str]:
    """What became of each attempt to contest, in order."""
    found: list[str] = []
    for each in (one for one in story.happened if one.event == word and one.at <= story.now):
        taken = found.count(_TAKEN)
        found.append(_refused(rule, each, due, taken) or _TAKEN)
        if found[-1] == _TAKEN and not taken:
            # What was refused before set no clock going.
            story.events[word] = each.at
    return found


def _refused(rule: Objection, happened: Happened, due: Due | None, taken: int) -> str:
    """Why an attempt is not taken; "" where it is. What is not known of it speaks not against it."""
    if passed(due, happened.at):
        return "逾期提出"
    if rule.times is not None and taken >= rule.times:
        return "已超过次数"
    if rule.by and happened.by and happened.by not in rule.by:
        return "提出人不在规定之内"
    if rule.grounds and happened.ground and happened.ground not in rule.grounds:
        return "理由不在规定之内"
    if rule.form not in (None, "any") and happened.form and happened.form != rule.form:
        return "形式不合规定"
    if rule.evidence and happened.evidence is False:
        return "未附证据"
    return ""


def _silent(story: Story, rule: Objection, due: Due | None, limit: Limit | None) -> str:
    if due is None and limit is not None:
        return NOT_BEGUN
    return SILENCE[rule.silence or "none"] if passed(due, story.now) else RUNNING


def _reviewed(story: Story, word: str, value: Value[Objection], review: Any) -> None:
    """Until when what was taken is decided, and what it means that it was not."""
    due, rules, limit = story.procedural(lambda each: limit_in(review(each)))
    story.note_due("review" if word == "objection" else "appeal_review", due, limit, review(rules))
    decided = story.last(_DECISIONS[word])
    if decided is not None:
        said = _DECIDED.get(decided.outcome, "已决定")
    elif due is not None and passed(due, story.now):
        silence = value.value.silence_of_body or "none"
        said = _BODY_SILENT[silence]
        if silence in ("upheld", "rejected"):
            _decided_by_silence(story, _DECISIONS[word], due)
    else:
        said = UNDECIDED
    story.note(f"{word}_state", said, value)
    if said == UNDECIDED and "not_published" in value.value.pending:
        story.note("published", False, value)


def _decided_by_silence(story: Story, decision: str, due: Due) -> None:
    """What counts as decided when the limit has passed ends what was pending, and sets the clock of an appeal going."""
    happened = Happened(decision, due.due_at, outcome="", ground="", to=None, step="")
    story.happened = (*story.happened, happened)
    story.events.setdefault(decision, due.due_at)


def pending(story: Story, effect: str) -> Value[Objection] | None:
    """The objection or appeal whose being undecided has this effect now."""
    profile = story.rules(story.events["rating"])
    for word, value in (("objection", profile.objection), ("appeal", profile.appeal)):
        undecided = story.facts.get(f"{word}_state") == UNDECIDED
        if value is not None and undecided and effect in value.value.pending:
            return value
    return None


def limit_in(value: Value[Limit] | None) -> Limit | None:
    """The limit of a value that is one."""
    return value.value if value else None


def established(story: Story) -> tuple[str, ...]:
    """The grounds of which one was established by a decision, or by a body's silence that counts as one.

    An appeal's decision goes before the one it was about. Where neither decision nor objection names its ground it is
    one of those for which it may be raised.
    """
    for word, decision in _DECISIONS.items():
        decided = story.last(decision)
        if decided is not None and decided.outcome:
            return _grounds(story, word, decided.ground) if decided.outcome == "upheld" else ()
        if story.facts.get(f"{word}_state") == _BODY_SILENT["upheld"]:
            return _grounds(story, word, "")
        if story.facts.get(f"{word}_state") == _BODY_SILENT["rejected"] and word == "objection":
            return ()
    verified = story.last("verification")
    return (verified.ground,) if verified and verified.outcome == "upheld" and verified.ground else ()


def upheld(story: Story) -> bool:
    """Whether the rated objected and were right in the end: by the decision on the appeal, else on the objection."""
    if story.last("objection") is None:
        return False
    for word, decision in _DECISIONS.items():
        decided = story.last(decision)
        if decided is not None and decided.outcome:
            return decided.outcome == "upheld"
        if story.facts.get(f"{word}_state") == _BODY_SILENT["upheld"]:
            return True
    return False


def _grounds(story: Story, word: str, ground: str) -> tuple[str, ...]:
    raised = [each.ground for each in story.happened if each.event in (word, "objection") and each.ground]
    if ground or raised:
        return (ground or raised[-1],)
    value = story.rules(story.events["rating"]).objection
    return value.value.grounds if value is not None else ()


def counts(story: Story) -> str:
    """What becomes of the rating in the figures: "" where it counts, else the effect; the facts say why."""
    profile = story.rules(story.events["rating"])
    grounds, voiding = established(story), profile.voiding
    if grounds and voiding is not None and set(grounds) <= set(voiding.value.grounds):
        effect = voiding.value.effect
        story.note("counted", False, voiding)
        story.note("effect", effect, voiding, word="effect")
        return effect
    waiting = pending(story, "not_counted")
    if waiting is not None:
        story.note("counted", False, waiting)
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
