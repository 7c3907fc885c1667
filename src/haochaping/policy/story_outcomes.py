"""What the citizen makes of a rectification, what may be done instead of it, and what goes further."""

from datetime import datetime, timedelta
from typing import Final

from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation, Verdict
from haochaping.policy.scenario_file import Happened, Rated
from haochaping.policy.story import LATE, OVERDUE, Story, body_told, local_time, passed
from haochaping.policy.story_contests import pending
from haochaping.policy.values import Value

_ONE_DAY: Final = timedelta(days=1)
# What the unit may do and need not: nobody is late with it.
_RIGHTS: Final = frozenset({"objection", "appeal", "send_back"})
# What is said to have happened again and again: a text that names no number sets nothing off by itself.
REPEATED: Final = frozenset({"repeated_bad", "repeated_complaint"})


def play_verdict(story: Story) -> None:
    """Until when the citizen may judge the rectification, what he said or his silence says, what it sets off."""
    due, profile, limit = story.procedural(lambda rules: rules.verdict.value.limit if rules.verdict else None)
    value = profile.verdict
    if value is None:
        return
    if limit is not None:
        story.note_due("verdict", due, limit, value)
    satisfied, sets_off = None, ""
    for each in story.all("verdict"):
        said = _judged(value.value, each)
        satisfied = satisfied if said is None else said
        if said is False:
            story.unsatisfied.append(each.at)
            sets_off = value.value.follows(each.outcome, len(story.unsatisfied))
            if sets_off == "reopen":
                _reopen(story, each.at)
    if satisfied is None and due is not None and passed(due, story.now) and value.value.silence != "none":
        satisfied = value.value.silence == "satisfied"
        if not satisfied:
            story.unsatisfied.append(due.due_at)
            sets_off = value.value.unsatisfied
            if sets_off == "reopen":
                _reopen(story, due.due_at)
    if satisfied is not None:
        story.note("verdict_satisfied", satisfied, value)
    if satisfied is False:
        story.note("verdict_sets_off", sets_off, value, word="unsatisfied")


def _reopen(story: Story, at: datetime) -> None:
    """It is set right anew from then on; what was done before that is not the doing of it."""
    story.events["reopening"] = at
    story.events.pop("rework", None)
    done = [each.at for each in story.all("rework") if each.at >= at]
    if done:
        story.events["rework"] = done[0]


def _judged(verdict: Verdict, given: Happened) -> bool | None:
    """Whether an answer is satisfied: said so, or by its key of the scale; None for what is no answer."""
    if given.outcome in ("satisfied", "unsatisfied"):
        return given.outcome == "satisfied"
    return next((each.satisfied for each in verdict.scale if each.key == given.outcome), None)


def play_revisits(story: Story, rated: Rated) -> None:
    """Which revisits this rating falls under; those of a share name it as one that may be drawn."""
    kinds = {"all", "bad"} | ({"named_bad"} if rated.named else set())
    kinds |= {"rectified"} if "rectification" in story.events else set()
    kinds |= {"verified_bad"} if story.verified else set()
    kinds |= {"objected"} if "objection" in story.events else set()
    kinds |= {"unsatisfied"} if story.facts.get("verdict_satisfied") is False else set()
    revisit = story.last("revisit")
    for key, value in sorted(story.rules().revisits.items()):
        rule = value.value
        if rule.of not in kinds:
            continue
        said = "必须回访" if rule.share == 1 else "列入抽样"
        story.note(f"revisits.{key}", "复核期间暂不回访" if pending(story, "revisit_waits") else said, value)
        if rule.by:
            story.note(f"revisits.{key}_by", body_told(rule.by), value)
        if rule.limit is not None:
            due = story.rules().due(rule.limit, story.course)
            story.note_due(f"revisits.{key}_due", due, rule.limit, value)
        if revisit is not None and revisit.outcome == "unsatisfied" and rule.unsatisfied is not None:
            story.note(f"revisits.{key}_sets_off", rule.unsatisfied, value, word="unsatisfied")
            if rule.unsatisfied == "reopen":
                _reopen(story, revisit.at)


def play_escalations(story: Story) -> None:
    """What of this occasion alone goes further; what needs several of them is told in `stories`."""
    for key, value in sorted(story.rules().escalations.items()):
        rule = value.value
        if rule.on == "nearing":
            _near_the_end(story, key, value)
        if rule.on == "overdue":
            _tell_when(story, key, value)
        if (1 if rule.times is None and rule.on not in REPEATED else rule.times) == 1 and occurred(
            story, rule
        ):
            story.note(f"escalations.{key}", rule.action, value, word="action")


def _near_the_end(story: Story, key: str, value: Value[Escalation]) -> None:
    """From when on it is said that a limit is about to end, of the step that is not done by then and ends first."""
    near = []
    for step, due in _limited(story, value.value):
        when = _after(story, due, value.value)
        if when is not None and not when.provisional:
            at = when.due_at if when.last_day is None else when.due_at - _ONE_DAY
            done = story.events.get(step.removeprefix("steps."))
            near += [(at, when)] if done is None or done >= at else []
    if near:
        at, when = min(near)
        story.note(f"escalations.{key}_on", when.last_day or local_time(at), value)
        if story.now >= at:
            story.note(f"escalations.{key}", value.value.action, value, word="action")


def occurred(story: Story, rule: Escalation) -> list[datetime]:
    """When what the rule is about happened on this occasion, so far as the story tells it."""
    if rule.on == "overdue":
        return [due.due_at for step, due in _late(story, rule) if _late_enough(story, step, due, rule)]
    if rule.on == "unsatisfied":
        return [*story.unsatisfied, *(each.at for each in story.times("revisit", "unsatisfied"))]
    events = {"returned": "return", "repeated_complaint": "complaint"}
    return [each.at for each in story.all(events[rule.on])] if rule.on in events else []


def _limited(story: Story, rule: Escalation) -> list[tuple[str, Due]]:
    """The steps that the rule is about and that have an end, extended or not, which is settled."""
    found = []
    for fact in story.facts:
        step = fact.removesuffix("_state")
        if step == fact or step in _RIGHTS or rule.step not in (None, step.removeprefix("steps.")):
            continue
        longer = "extended_to" if step == "rectification" else f"{step}_extended_to"
        due = story.dues.get(longer) or story.dues.get(step)
        if due is not None and not due.provisional:
            found.append((step, due))
    return found


def _late(story: Story, rule: Escalation) -> list[tuple[str, Due]]:
    """Those of them that are, or were when they were done, overdue."""
    late = (OVERDUE, LATE)
    return [each for each in _limited(story, rule) if story.facts[f"{each[0]}_state"] in late]


def _late_enough(story: Story, step: str, due: Due, rule: Escalation) -> bool:
    """Whether the step was not done for as long as the rule says."""
    if rule.limit is None:
        return True
    done = story.events.get(step.removeprefix("steps."))
    return passed(_after(story, due, rule), story.now if done is None else min(done, story.now))


def _after(story: Story, due: Due, rule: Escalation) -> Due | None:
    return story.rules().due(rule.limit, Course({**story.events, "due": due.due_at}))


def _tell_when(story: Story, key: str, value: Value[Escalation]) -> None:
    """The last day before it goes further, of the first step that is late."""
    late = _late(story, value.value)
    if late and value.value.limit is not None:
        when = _after(story, min(due for _, due in late), value.value)
        story.note_due(f"escalations.{key}_after", when, value.value.limit, value)


def play_returns(story: Story) -> None:
    """Whether an order that was sent back was so rightly; one that is dispatched anew may begin anew."""
    profile = story.rules()
    value = profile.send_back
    if value is None:
        return
    rule, returns = value.value, story.all("return")
    due = profile.due(rule.limit, story.course)
    story.note("send_back_allowed", rule.allowed, value)
    if rule.limit is not None:
        story.note_due("send_back", due, rule.limit, value)
    if not returns:
        return
    last = returns[-1]
    if not rule.allowed:
        said = "不得退回"
    elif passed(due, last.at):
        said = "逾期退回"
    elif rule.times is not None and len(returns) > rule.times:
        said = "超过规定次数"
    elif rule.grounds and last.ground and last.ground not in rule.grounds:
        said = "理由不在规定之内"
    else:
        said = "可以退回"
    story.note("send_back_state", said, value)
    if said == "可以退回" and rule.restarts:
        for word in ("dispatch", "receipt"):
            anew = [each.at for each in story.all(word) if each.at >= last.at]
            if anew:
                story.events[word] = anew[0]


def play_no_basis(story: Story) -> bool:
    """Until when what has no legal basis is explained; whether the rectification falls away with it."""
    profile = story.rules()
    basis = profile.no_legal_basis
    if basis is None:
        return False
    if basis.value.limit is not None:
        due = profile.due(basis.value.limit, story.course)
        story.note_due("no_legal_basis", due, basis.value.limit, basis)
        if story.occasion.finding == "no_legal_basis" and basis.value.explained:
            state = story.state(due, story.events.get("explanation"))
            story.note("no_legal_basis_state", state, basis)
    return basis.value.ends and story.occasion.finding == "no_legal_basis"


def tell_publication(story: Story) -> None:
    """Until when this rating, or what was made of it, is to be made public; what is public by periods is none of it."""
    for key in sorted(story.rules().publication):
        due, profile, limit = story.procedural(lambda rules, key=key: _public(rules, key))  # type: ignore[misc]
        if due is not None:
            story.note_due(f"publication.{key}", due, limit, profile.publication[key])


def _public(profile: Profile, key: str) -> Limit | None:
    value = profile.publication.get(key)
    return value.value.limit if value else None


def tell_keeping(story: Story) -> None:
    """How long things are kept; of a good rating only what has begun, for there may be no order to keep."""
    profile = story.rules()
    for key, kept in sorted(profile.keeping.items()):
        for word, span in (("least", kept.value.least), ("most", kept.value.most)):
            due = profile.due(span, story.course)
            if span is not None and (due is not None or story.bad is not None):
                story.note_due(f"keeping.{key}_{word}", due, span, kept)
