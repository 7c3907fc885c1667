"""Objections as the rated see their own, on the page of the order: what they may file, what became of what they filed.

What the rules allow is asked of the code that files, so that no page offers what is then refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.ratings.queries import RatingForOrder
from haochaping.rectification.contests import PENDING, Barrier, By, Kind, Outcome, State, filers, grounds_of
from haochaping.rectification.course.steps import objections_of
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.objection_queries.shown import clock, holds
from haochaping.rectification.operations.contesting import Terms, rating_of, reviewed, terms_for
from haochaping.rectification.operations.objecting import barrier_words
from haochaping.rectification.operations.objection_acts import may_take_back, names_of
from haochaping.rectification.order_rows import order_in_reach
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Clock
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether the rated may file now. `refusal`: why not, "" where they may; `accepted`: by the rules their silence means
    that they do not object. `last_day` is None where no limit is laid down, or it is one in hours that is over."""

    kind: Kind
    refusal: str
    barrier: Barrier | None
    accepted: bool
    last_day: date | None
    provisional: bool
    clause: str
    body: str
    by: tuple[By, ...]
    grounds: tuple[str, ...]
    evidence: bool
    written: bool


@dataclass(frozen=True, slots=True)
class FiledView:
    """An objection as the rated see it: a proposal inside the body is not theirs to know. `outcome`, `found`, `reply` are
    empty until it is decided; `pending`: what holds until then, in the rules' words."""

    id: UUID
    kind: Kind
    by: By
    ground: str
    reasons: str
    evidence: str
    filed_at: datetime
    decided_at: datetime | None
    withdrawn: bool
    by_silence: bool
    outcome: Outcome | None
    found: str
    reply: str
    effect: str
    body: str
    clock: Clock
    pending: tuple[str, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class OrderContests:
    """What the page of an order shows. `offers` is empty for who does not speak for the rated."""

    order_id: UUID
    offers: tuple[Offer, ...]
    filed: tuple[FiledView, ...]


def contests_of(*, order_id: UUID, official_id: UUID, now: datetime) -> OrderContests:
    """What stands of objections to the rating of an order, for whoever handles or looks after it and for the rated. Raises
    NotFound out of reach."""
    today = local_day(now)
    try:
        order = order_in_reach(order_id=order_id, official_id=official_id, on=today)
    except NotFound:
        found = WorkOrder.objects.filter(pk=order_id).first()
        rating = rating_of(found) if found is not None else None
        names = names_of(rating, official_id, today) if rating is not None else ()
        if found is None or By.ORGANISATION not in names:
            raise
        order = found
    return contests(order, rating_of(order), official_id, now)


def contests(
    order: WorkOrder, rating: RatingForOrder | None, official_id: UUID, now: datetime
) -> OrderContests:
    """The same of an order that the official may see."""
    filed = objections_of(order.id)
    names = names_of(rating, official_id, local_day(now)) if rating is not None else ()
    bodies = registry.organisation_names({each.body_id for each in filed}, local_day(now))
    for each in filed:
        each.order = order
    return OrderContests(
        order_id=order.id,
        offers=tuple(_offers(order, rating, list(filed), names, now)) if rating is not None and names else (),
        filed=tuple(
            _filed(each, bodies.get(each.body_id, ""), may_take_back(each, official_id, names), now)
            for each in filed
        ),
    )


def offer_to_file(*, order_id: UUID, kind: Kind, official_id: UUID, now: datetime) -> Offer:
    """What may be filed now, for who speaks for the rated. Raises NotFound out of reach, where he does not, and where the
    rules know nothing of the kind."""
    found = contests_of(order_id=order_id, official_id=official_id, now=now)
    offer = next((each for each in found.offers if each.kind is kind), None)
    if offer is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    return offer


def _offers(
    order: WorkOrder, rating: RatingForOrder, filed: list[Objection], names: tuple[By, ...], now: datetime
) -> Iterator[Offer]:
    """Of appeals nothing is said where the rules know none, nor before there is something to appeal against."""
    for kind in Kind if any(each.decided_at for each in filed) else (Kind.OBJECTION,):
        terms = terms_for(order, kind, rating=rating, before=filed, now=now, rulebook=rulebook())
        if terms is None or (kind is Kind.APPEAL and (terms.rule is None or not terms.past.refused)):
            continue
        yield _offer(terms, names, now)


def _offer(terms: Terms, names: tuple[By, ...], now: datetime) -> Offer:
    barrier = terms.barrier(now)
    rule = terms.rule.value if terms.rule else None
    by = tuple(each for each in filers(rule) if each in names) if rule else ()
    if terms.rating.staff_id is None:
        by = tuple(each for each in by if each is By.ORGANISATION)
    return Offer(
        kind=terms.kind,
        refusal=barrier_words(barrier) if barrier else "",
        barrier=barrier,
        accepted=barrier is Barrier.LATE and rule is not None and rule.silence == "accepted",
        last_day=terms.due.last_day if terms.due else None,
        provisional=terms.due.provisional if terms.due else False,
        clause=terms.citation,
        body=terms.body.name if terms.body else "",
        by=by,
        grounds=grounds_of(rule) if rule else (),
        evidence=rule.evidence if rule else False,
        written=rule is not None and rule.form == "written",
    )


def _filed(objection: Objection, body: str, mine: bool, now: datetime) -> FiledView:
    decided = objection.decided_at is not None
    pending = objection.state in PENDING
    rules = reviewed(objection, rulebook=rulebook()) if pending else None
    calendar = rules.rules.calendar if rules else rulebook().calendar
    return FiledView(
        id=objection.id,
        kind=Kind(objection.kind),
        by=By(objection.by),
        ground=objection.ground,
        reasons=objection.reasons,
        evidence=objection.evidence,
        filed_at=objection.filed_at,
        decided_at=objection.decided_at,
        withdrawn=objection.state == State.WITHDRAWN,
        by_silence=objection.by_silence,
        outcome=Outcome(objection.outcome) if decided and objection.outcome else None,
        found=objection.found if decided else "",
        reply=objection.reply if decided else "",
        effect=objection.effect,
        body=body,
        clock=clock(objection, calendar, now),
        pending=holds(rules),
        may_withdraw=mine and pending,
    )
