"""Orders whose rater was given an answer, or that were closed, for those who ask the rater about it afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries import rating_for_order
from haochaping.ratings.states import WordKind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.course.live import reopens
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.states import ANSWERING, EVENTS, Act, Finding, State
from haochaping.registry import queries as registry

_ANSWERED = (State.ANSWERED, State.CLOSED)
# A step that gave the rater an answer, or ended the order.
_GAVE_AN_ANSWER = Q(act__in=ANSWERING, to_state=State.ANSWERED) | Q(act=Act.CLOSE, to_state=State.CLOSED)


@dataclass(frozen=True, slots=True)
class AnsweredOrder:
    """One such order with the rules in force when it was answered. `events`: what happened to it by the rules' words.

    `unsatisfied`: the rater said so by a later word on what was done; `objected`: the rated objected to the rating, and did
    not take that back. `revision` grows with whatever happens to it. `round`: the how-manieth time it was worked on, from 1.
    """

    id: UUID
    number: str
    organisation_id: int
    revision: int
    round: int
    named: bool
    rectified: bool
    verified: bool
    unsatisfied: bool
    objected: bool
    answered_at: datetime
    rules: Profile | None
    events: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """What is so of an order now: whether the rater may be contacted, whether he took the bad rating back."""

    named: bool
    excluded: bool


def answered_orders() -> dict[UUID, int]:
    """Order → revision of every order that was answered or closed, but for those that the rater's correction closed and the
    self-test's."""
    answered = WorkOrder.objects.filter(state__in=_ANSWERED, exclusion="")
    answered = answered.exclude(organisation_id__in=registry.trial_organisations())
    rows = answered.annotate(filed=Count("objections")).values_list("id", "revision", "filed")
    return {pk: revision + filed for pk, revision, filed in rows}


def answered_order(order_id: UUID, *, rulebook: Rulebook) -> AnsweredOrder | None:
    """One of them, locked for the caller's transaction; None when it is none any more."""
    order = WorkOrder.objects.select_for_update().filter(pk=order_id, exclusion="").first()
    if order is None or order.state not in _ANSWERED:
        return None
    steps = list(OrderStep.objects.filter(order=order).order_by("revision"))
    at = _answered_at(order, steps)
    found = governed(order, at=at, rulebook=rulebook)
    acts = [(EVENTS[Act(step.act)], step.at) for step in steps if step.act in set(Act)]
    events = {event: when for event, when in acts if event}
    known = {word: when for word, when in (found.events if found else {}).items() if word != "verification"}
    rating = next(iter(rating_for_order([order.subject_id])), None)
    follow_ups = [word for word in (rating.words if rating else ()) if word.kind is WordKind.FOLLOW_UP]
    return AnsweredOrder(
        id=order.id,
        number=order.number,
        organisation_id=order.organisation_id,
        revision=order.revision + order.objections.count(),
        round=1 + sum(reopens(step) for step in steps),
        named=order.named,
        rectified=any(step.act == Act.RECTIFY for step in steps),
        verified=order.finding in (Finding.TRUE, Finding.PARTLY),
        unsatisfied=bool(follow_ups) and follow_ups[-1].bad,
        objected=order.objections.exclude(state=ObjectionState.WITHDRAWN).exists(),
        answered_at=at,
        rules=found.rules if found else None,
        events={**known, **events},
    )


def standing_of(order_ids: Collection[UUID]) -> dict[UUID, OrderStanding]:
    """How these orders stand now."""
    rows = WorkOrder.objects.filter(pk__in=order_ids).values_list("pk", "named", "exclusion")
    return {pk: OrderStanding(named, bool(exclusion)) for pk, named, exclusion in rows}


def numbers_answered(
    organisations: Collection[int], *, answered_from: datetime, answered_before: datetime
) -> dict[str, UUID]:
    """Number → id of every order of these organisations that was answered, or closed, in a period, whatever became of it
    since: the records from which a frame was gathered."""
    steps = OrderStep.objects.filter(
        _GAVE_AN_ANSWER,
        at__gte=answered_from,
        at__lt=answered_before,
        order__organisation_id__in=organisations,
    )
    return dict(steps.values_list("order__number", "order_id").distinct())


def numbers_known(numbers: Collection[str], *, answered_before: datetime) -> frozenset[str]:
    """Those of the numbers that are orders and were answered, or closed, by then."""
    steps = OrderStep.objects.filter(_GAVE_AN_ANSWER, order__number__in=numbers, at__lt=answered_before)
    return frozenset(steps.values_list("order__number", flat=True))


def order_of_rating(rating_id: UUID) -> UUID | None:
    """The order that a rating opened, if it opened one and that was not withdrawn."""
    found = WorkOrder.objects.filter(subject_id=rating_id, exclusion="")
    return found.values_list("pk", flat=True).first()


def rated_himself(order_id: UUID, *, official_id: UUID) -> bool:
    """Whether the official is the member of staff whom the order's rating names; see `own_case`."""
    subject = WorkOrder.objects.values_list("subject_id", flat=True).get(pk=order_id)
    return is_own_case(subject_id=subject, official_id=official_id)


def _answered_at(order: WorkOrder, steps: list[OrderStep]) -> datetime:
    """When it was answered last; of what was closed without an answer, when it was closed."""
    answers = [step.at for step in steps if step.act in ANSWERING and step.to_state == State.ANSWERED]
    return answers[-1] if answers else order.closed_at or steps[-1].at


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Orders of an organisation that were opened in a period. `taken_back`: by their raters, or not counting; they are in no
    other number. `rectified` are their ids."""

    orders: int
    taken_back: int
    answered: int
    rectified: frozenset[UUID]


def order_figures(
    organisations: Collection[int], *, opened_from: datetime, opened_before: datetime
) -> dict[int, OrderFigures]:
    """What became of the orders by now, by organisation; one without orders is left out."""
    opened = WorkOrder.objects.filter(
        organisation_id__in=organisations, opened_at__gte=opened_from, opened_at__lt=opened_before
    )
    rows = list(opened.values_list("pk", "organisation_id", "exclusion"))
    ids = [pk for pk, _, _ in rows]
    steps = OrderStep.objects.filter(order__in=ids, act__in=set(Act))
    answered = set(
        steps.filter(to_state=State.ANSWERED, act__in=ANSWERING).values_list("order_id", flat=True)
    )
    rectified = set(steps.filter(act=Act.RECTIFY).values_list("order_id", flat=True))
    found = {}
    for organisation in {each for _, each, _ in rows}:
        mine = {pk for pk, whose, excluded in rows if whose == organisation and not excluded}
        back = sum(whose == organisation and bool(excluded) for _, whose, excluded in rows)
        found[organisation] = OrderFigures(len(mine), back, len(mine & answered), frozenset(mine & rectified))
    return found
