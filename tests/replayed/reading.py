"""What the tables say of a scenario that was carried out, by the words in which scenarios expect it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from haochaping.cases.models import Waiting
from haochaping.foundation.clock import local_day
from haochaping.oversight.models import (
    Revisit,
    RevisitCandidate,
    RevisitRatingSample,
    RevisitSample,
)
from haochaping.oversight.numbering import SIZE
from haochaping.oversight.queries.yearly import yearly_duties
from haochaping.oversight.revisiting import Extent, Terms, terms_kept
from haochaping.policy.story import IN_TIME, LATE, NOT_BEGUN, NOT_LAID_DOWN, OVERDUE, RUNNING, body_told
from haochaping.policy.story_contests import SILENCE
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.ratings.queries import void_effect
from haochaping.rectification.contests import PENDING, Barrier, Kind, Outcome
from haochaping.rectification.escalations import Stand
from haochaping.rectification.models import Objection, OrderDeadline
from haochaping.rectification.objection_queries import held_back
from haochaping.rectification.operations.contesting import Terms as ContestTerms
from haochaping.rectification.operations.contesting import rating_of, terms_for
from haochaping.rectification.queries import order as view
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act, Verdict
from tests.replayed.playing import Played, answer_the_rest
from tests.replayed.story import Story, day_or_instant

Facts = dict[str, Any]
_ELSEWHERE = ("rectification", "extension", "explanation")
_UNLIMITED = {
    ClockKind.BEFORE_VERIFICATION: NOT_BEGUN,
    ClockKind.NOT_LAID_DOWN: NOT_LAID_DOWN,
    ClockKind.UNTRUE: "无须整改",
    ClockKind.NO_BASIS: "无须整改",
    ClockKind.EXCLUDED: "无须整改",
}
_DECIDED = {Outcome.UPHELD: "异议成立", Outcome.REFUSED: "异议不成立"}
# Who decides, as the registry has it: by the rules' words.
_BODIES = {
    "same_level_authority": lambda story: story.given.occasion.division,
    "level_above_authority": lambda story: story.given.occasion.division[:4] + "00",
}


def tell(played: Played) -> dict[tuple[str, str], Facts]:
    """Facts by what is looked at: ("occasion", "甲"), ("revisit", "named_bad")."""
    now = played.scenario.now
    found = {("occasion", name): _of(story, now) for name, story in played.stories.items()}
    found |= {("duty", key): facts for key, facts in _duties(played).items()}
    # How many are to be revisited is told of all that were found to be so: those that are still open are answered first.
    answer_the_rest(played)
    return found | {("revisit", key): facts for key, facts in _revisits().items()}


def _duties(played: Played) -> dict[str, Facts]:
    """What is owed of the year that is looked at, as whoever watches over the units reads it."""
    on = local_day(played.scenario.now)
    duties = yearly_duties(played.place.units.values(), on.year, rulebook(), on)
    return {each.key: {"due": [each.last_day], "by": each.by} for each in duties if each.last_day is not None}


def _of(story: Story, now: datetime) -> Facts:
    facts: Facts = {
        "window": day_or_instant(story.instants.window_at),
        "default_after": day_or_instant(story.instants.default_at),
    }
    if story.answers:
        facts["ratings"] = story.answers
    facts |= _outcome(story, now)
    if (order := story.order) is not None:
        facts |= {"order": True} | _contested(story, now) | _set_right(story, now) | dict(_steps(story, now))
        facts |= dict(_revisited(story))
        if story.silence is not None:
            facts["verdict"] = day_or_instant(story.silence)
        if order.verdict:
            facts["verdict_satisfied"] = order.verdict == Verdict.SATISFIED
        done = order.escalations.filter(state=Stand.SET_OFF)
        facts |= {f"escalations.{each.rule}": each.action for each in done}
    return facts


def _outcome(story: Story, now: datetime) -> Facts:
    rating = Rating.objects.filter(pk=story.occasion_id).first()
    default = DefaultRating.objects.filter(pk=story.occasion_id, superseded_at=None).first()
    if rating is not None:
        return {"outcome": "评价", "level": rating.level, **_counted(story)}
    if default is not None:
        return {"outcome": "默认", "level": default.level}
    waits = Waiting.objects.filter(pk=story.occasion_id).exists()
    closed = story.instants.closed(now)
    return {"outcome": "可评价" if waits and not closed else "未评"}


def _counted(story: Story) -> Facts:
    effect = void_effect(story.occasion_id)
    if effect:
        return {"counted": False, "effect": effect.value}
    return {"counted": story.occasion_id not in held_back("not_counted")}


def _contested(story: Story, now: datetime) -> Facts:
    order, rating = story.must(), rating_of(story.must())
    assert rating is not None
    before = list(order.objections.order_by("filed_at"))
    terms = terms_for(order, Kind.OBJECTION, rating=rating, before=before, now=now, rulebook=rulebook())
    if terms is None or terms.rule is None:
        return {"objection": NOT_LAID_DOWN}
    facts: Facts = {"objection": day_or_instant(terms.due.due_at if terms.due else None)}
    if body := _body(story, terms):
        facts["objection_by"] = body
    filed = next((each for each in before if each.kind == Kind.OBJECTION), None)
    facts["objection_state"] = _objection_state(story, filed, terms, now)
    if filed is not None and filed.due_at is not None:
        facts["review"] = day_or_instant(filed.due_at)
    return facts


def _body(story: Story, terms: ContestTerms) -> str:
    """Who decides by the rules, and it is that organisation; a body that no registry knows is said by its words alone."""
    named = (terms.rule.value.decided_by if terms.rule else None) or ""
    if named in _BODIES:
        assert terms.body is not None
        assert terms.body.id == story.place.authorities[_BODIES[named](story)]
    else:
        assert terms.body is None
    return body_told(named) if named else ""


def _objection_state(story: Story, filed: Objection | None, terms: ContestTerms, now: datetime) -> str:
    if filed is None:
        if story.contests:
            return "逾期提出，不予受理" if story.contests[-1] == Barrier.LATE else story.contests[-1]
        assert terms.rule is not None
        over = terms.barrier(now) is Barrier.LATE
        return SILENCE[terms.rule.value.silence or "none"] if over else RUNNING
    if filed.state not in PENDING:
        return _DECIDED.get(Outcome(filed.outcome), "已决定") if filed.outcome else filed.state
    return "逾期未决" if filed.due_at is not None and now >= filed.due_at else "待决定"


def _set_right(story: Story, now: datetime) -> Facts:
    order = story.must()
    row = OrderDeadline.objects.filter(order=order, step="rectification").first()
    if row is None:
        seen = view(official_id=story.handler, order_id=order.id, now=now)
        return {"rectification": _UNLIMITED[seen.unlimited.kind]}
    facts: Facts = {
        "rectification": day_or_instant(story.basic),
        "rectification_state": _state(row, now),
    }
    if order.steps.filter(act=Act.ASK_EXTENSION).exists():
        facts |= {"extension_request": story.asked_until, "extended_to": day_or_instant(row.due_at)}
    return facts


def _steps(story: Story, now: datetime) -> Iterator[tuple[str, Any]]:
    for row in OrderDeadline.objects.filter(order=story.must()).exclude(step__in=_ELSEWHERE):
        yield f"steps.{row.step}", day_or_instant(row.due_at)
        yield f"steps.{row.step}_state", _state(row, now)


def _state(row: OrderDeadline, now: datetime) -> str:
    if row.due_at is None:
        return RUNNING
    if row.met_at is not None:
        return IN_TIME if row.met_at < row.due_at else LATE
    return OVERDUE if now >= row.due_at and not row.provisional else RUNNING


def _terms_of(rows: Any) -> list[Terms]:
    return [terms_kept(each) for row in rows for each in row.terms]


def _revisited(story: Story) -> Iterator[tuple[str, Any]]:
    order = story.must()
    for terms in _terms_of(Revisit.objects.filter(order_id=order.id)):
        yield f"revisits.{terms.rule}", "必须回访"
        if terms.by:
            yield f"revisits.{terms.rule}_by", body_told(terms.by)
    for row in RevisitCandidate.objects.filter(order_id=order.id):
        yield f"revisits.{row.rule}", "列入抽样"


def _revisits() -> dict[str, Facts]:
    """How many are revisited by each rule that wants all of them."""
    found: dict[str, Facts] = {}
    for terms in _terms_of(Revisit.objects.all()):
        if terms.extent is Extent.WHOLE:
            facts = found.setdefault(terms.rule, {"of": 0, "at_least": 0, "means": list(terms.means)})
            facts["of"] += 1
            facts["at_least"] += 1
            if terms.by:
                facts["by"] = body_told(terms.by)
    for rule, of, drawn in _drawn():
        facts = found.setdefault(rule, {"of": 0, "at_least": 0})
        facts["of"] += of
        facts["at_least"] += drawn
    return found


def _drawn() -> Iterator[tuple[str, int, int]]:
    """Of how many how many were drawn, by rule and scope."""
    for sample in RevisitSample.objects.all():
        yield sample.rule, len(sample.frame), len(sample.drawn)
    for each in RevisitRatingSample.objects.all():
        yield each.rule, each.frame_size, len(bytes(each.drawn)) // SIZE
