"""By which rules an objection is filed and decided, who decides, until when: one answer for filing it, for showing it, for
deciding it and for counting its limit anew."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import CalendarMissing
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.objections import Objection as Rule
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.values import Value
from haochaping.ratings.queries import RatingForOrder, rating_of_order, void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification.bodies import LEVEL_ABOVE, Bodies
from haochaping.rectification.contests import (
    PENDING,
    Barrier,
    Kind,
    Outcome,
    Past,
    State,
    barrier,
    review_limit,
    rule_of,
)
from haochaping.rectification.course.steps import objections_of, steps_of
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.states import EVENTS, Act
from haochaping.registry import queries as registry
from haochaping.registry.queries import OrganisationView


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules say of contesting a rating on a day. `due`: until when it may be filed, None where nothing is laid
    down or its event has not happened; `body`: who decides, None where that is not laid down or there is none."""

    kind: Kind
    rules: Profile
    events: dict[str, datetime]
    rule: Value[Rule] | None
    due: Due | None
    body: OrganisationView | None
    past: Past
    rating: RatingForOrder

    @property
    def citation(self) -> str:
        """By which clause it may be filed; "" for none."""
        return self.rule.citation if self.rule else ""

    def barrier(self, now: datetime) -> Barrier | None:
        """Why nothing can be filed now; None where it can."""
        rule = self.rule.value if self.rule else None
        known = self.body is not None
        return barrier(self.kind, rule, due=self.due, body=known, past=self.past, now=now)


def rating_of(order: WorkOrder) -> RatingForOrder | None:
    """The rating that an order is about; None where it is not there."""
    return rating_of_order(order.subject_id)


def terms_for(
    order: WorkOrder,
    kind: Kind,
    *,
    rating: RatingForOrder,
    before: Sequence[Objection],
    now: datetime,
    rulebook: Rulebook,
) -> Terms | None:
    """What the rules say at `now` of contesting the rating of an order, of which `before` was filed already, in order; None
    where no rules are known for its place.

    The rated are told of a rating when its order is opened at their desk (告知): from then the limit runs.
    """
    found = governed(order, at=now, rulebook=rulebook)
    if found is None:
        return None
    first = _first(before)
    events = _events(order, found.events, first)
    rule = rule_of(found.rules, kind)
    limit = rule.value.limit if rule else None
    return Terms(
        kind=kind,
        rules=found.rules,
        events=events,
        rule=rule,
        due=_due(found.rules, limit, events),
        body=_body(rule.value, rating, first if kind is Kind.APPEAL else None, local_day(now))
        if rule
        else None,
        past=_past(order, rating, kind, before),
        rating=rating,
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the rules say of an objection that was filed: `due` and `clause` of its decision."""

    rules: Profile
    rule: Value[Rule] | None
    due: Due | None
    clause: str


def reviewed(objection: Objection, *, rulebook: Rulebook) -> Reviewed | None:
    """By the rules of the day on which it was filed; None where none are known any more."""
    found = governed(objection.order, at=objection.filed_at, rulebook=rulebook)
    if found is None:
        return None
    kind = Kind(objection.kind)
    first = None
    if kind is Kind.APPEAL:
        first = _first([each for each in objections_of(objection.order_id) if _before(each, objection)])
    events = _events(objection.order, found.events, first)
    events[kind.value] = objection.filed_at
    if kind is Kind.OBJECTION and objection.accepted_at:
        events["objection_acceptance"] = objection.accepted_at
    limit = review_limit(found.rules, kind)
    due = _due(found.rules, limit.value if limit else None, events)
    return Reviewed(found.rules, rule_of(found.rules, kind), due, limit.citation if limit else "")


def count_review(objection: Objection, found: Reviewed | None) -> bool:
    """Sets until when the body decides and what its silence means; whether that changed. Saves nothing."""
    if found is None:
        return False
    silence = found.rule.value.silence_of_body if found.rule else None
    due = found.due
    new = (
        due.due_at if due else None,
        due.provisional if due else False,
        found.clause,
        silence if due and silence and silence != "none" else "",
    )
    old = (objection.due_at, objection.due_provisional, objection.due_clause, objection.silence)
    objection.due_at, objection.due_provisional, objection.due_clause, objection.silence = new
    return new != old


def rated_by(rating: RatingForOrder) -> frozenset[int]:
    """The organisations that the rating is about: none of them decides on it."""
    return frozenset({rating.organisation_id, *rating.shared_with})


def _events(order: WorkOrder, known: dict[str, datetime], first: Objection | None) -> dict[str, datetime]:
    """What has happened, by the words of the rules: none of these instants is the verification but its own."""
    found = {event: at for event, at in known.items() if event != "verification"}
    found["notification"] = order.opened_at
    found.setdefault("dispatch", order.opened_at)
    for step in steps_of(order.id):
        if step.act in set(Act) and (event := EVENTS[Act(step.act)]):
            found[event] = step.at
    if first is not None:
        found["objection"] = first.filed_at
        if first.accepted_at:
            found["objection_acceptance"] = first.accepted_at
        if first.decided_at:
            found["decision"] = first.decided_at
    return found


def _past(order: WorkOrder, rating: RatingForOrder, kind: Kind, before: Sequence[Objection]) -> Past:
    voided = void_effect(order.subject_id) is not VoidEffect.COUNTED
    first = _first(before)
    return Past(
        pending=any(each.state in PENDING for each in before),
        settled=voided or rating.taken_back or bool(order.exclusion),
        times=sum(each.kind == kind for each in before),
        refused=first is not None
        and first.state == State.DECIDED
        and first.outcome in {Outcome.REFUSED, Outcome.UNESTABLISHED},
    )


def _before(one: Objection, other: Objection) -> bool:
    return (one.ordinal, one.filed_at) <= (other.ordinal, other.filed_at)


def _first(before: Sequence[Objection]) -> Objection | None:
    """The last objection, against whose decision an appeal would be."""
    return next((each for each in reversed(before) if each.kind == Kind.OBJECTION), None)


def _due(rules: Profile, limit: Limit | None, events: dict[str, datetime]) -> Due | None:
    try:
        return rules.due(limit, Course(events))
    except CalendarMissing:
        return None


def _body(rule: Rule, rating: RatingForOrder, first: Objection | None, on: date) -> OrganisationView | None:
    """An appeal goes to another body than the one that decided, and above it where the rules say above."""
    rated = rated_by(rating)
    if first is not None and rule.decided_by == LEVEL_ABOVE:
        return deciding_body(rule.decided_by, of=first.body_id, never=rated | {first.body_id}, on=on)
    never = rated | ({first.body_id} if first else frozenset())
    return deciding_body(rule.decided_by, of=rating.organisation_id, never=never, on=on)


def deciding_body(named: str | None, *, of: int, never: Collection[int], on: date) -> OrganisationView | None:
    """The body that the rules name, seen from an organisation; where it is one that may not decide, because it is itself
    rated, the authority of the next level above it that is not (a safeguard of ours: no document says it).

    None where the rules name none, name a body that the registry does not tell, or there is none.
    """
    bodies = Bodies(on)
    found = bodies.organisation_of(named or "", of)
    while found is not None and found in never:
        found = bodies.organisation_of(LEVEL_ABOVE, found)
    return registry.organisation(found, on) if found is not None else None
