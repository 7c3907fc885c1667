"""Objections as the body that decides sees them: its list by due date, and one of them.

Of the rating it sees what a handler sees: item, tags, masked text and the week; neither a time nor a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Refused
from haochaping.foundation.waiting import Waiting
from haochaping.rectification.contests import (
    PENDING,
    Act,
    By,
    Kind,
    Outcome,
    State,
    acts_in,
    effect_of,
    grounds_of,
)
from haochaping.rectification.models import Objection
from haochaping.rectification.objection_queries.shown import clock, holds
from haochaping.rectification.operations.contesting import Reviewed, reviewed
from haochaping.rectification.operations.objection_acts import decider, missing
from haochaping.rectification.order_rows import calendars_of, item_names_of
from haochaping.rectification.queries import tag_names
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Clock
from haochaping.registry import queries as registry

PAGE_SIZE = 50
_WAITS = Q(state__in=[*PENDING, State.VOIDING, State.RESTORING])


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A line of the body's list. `week` is the Monday of the service."""

    id: UUID
    number: str
    kind: Kind
    organisation: str
    item: str
    week: date
    ground: str
    filed_at: datetime
    state: State
    outcome: Outcome | None
    by_silence: bool
    effect: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A page of the list: undecided ones by due date, or those that are over, the last first. `page` counts from 1."""

    rows: tuple[BodyRow, ...]
    open: int
    closed: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ObjectionStepView:
    """One act of the history."""

    act: Act
    actor: str
    at: datetime
    note: str
    clause: str


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """All that the body sees. `acts`: what this official may do now; `barred`: why not what else could be done.

    `voiding`: of the grounds those on which the rating would not count; `heard`: whether the rater is to be heard."""

    row: BodyRow
    order_id: UUID
    by: By
    reasons: str
    evidence: str
    tags: tuple[str, ...]
    text: str
    additions: tuple[str, ...]
    named: bool
    order_finding: str
    grounds: tuple[str, ...]
    voiding: tuple[str, ...]
    needs_heard: bool
    found: str
    findings: str
    heard: str
    reply: str
    pending: tuple[str, ...]
    clause: str
    history: tuple[ObjectionStepView, ...]
    acts: tuple[Act, ...]
    barred: str
    revision: int


def objections_of_body(*, official_id: UUID, now: datetime, closed: bool = False, page: int = 1) -> BodyPage:
    """The objections that this official's body decides: those to be decided or confirmed, by due date; or the others."""
    mine = _of_body(official_id, local_day(now))
    waiting, over = mine.filter(_WAITS), mine.exclude(_WAITS)
    counts = waiting.count(), over.count()
    pages = max(1, -(-counts[closed] // PAGE_SIZE))
    page = min(max(1, page), pages)
    # By number, which is random, where the limit is the same.
    ordered = (
        over.order_by(F("decided_at").desc(nulls_last=True), "order__number")
        if closed
        else waiting.order_by(F("due_at").asc(nulls_last=True), "order__number")
    )
    shown = list(ordered.select_related("order")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return BodyPage(_rows(shown, now), *counts, page, pages)


def objections_waiting(*, official_id: UUID, now: datetime) -> Waiting:
    """How many this official's body has to decide or to confirm."""
    late = Q(due_at__lte=now, due_provisional=False)
    waiting = _of_body(official_id, local_day(now)).filter(_WAITS)
    return Waiting(**waiting.aggregate(number=Count("pk"), late=Count("pk", filter=late)))


def objection(*, objection_id: UUID, official_id: UUID, now: datetime) -> ObjectionView:
    """One objection for the body that decides. Raises NotFound for everybody else."""
    found = _of_body(official_id, local_day(now)).select_related("order").filter(pk=objection_id).first()
    if found is None:
        raise missing()
    rules = reviewed(found, rulebook=rulebook())
    rule = rules.rule if rules else None
    grounds = grounds_of(rule.value) if rule else ()
    voiding = tuple(each for each in grounds if _effect(rules, each))
    possible = acts_in(State(found.state), effect=found.effect, voids=bool(_effect(rules, found.found)))
    acts, barred = _allowed(found, official_id, possible, now)
    order = found.order
    return ObjectionView(
        row=_rows([found], now)[0],
        order_id=order.id,
        by=By(found.by),
        reasons=found.reasons,
        evidence=found.evidence,
        tags=tag_names(order.tags),
        text=order.text,
        additions=tuple(order.additions),
        named=order.named,
        order_finding=order.finding,
        grounds=grounds,
        voiding=voiding,
        needs_heard=rule is not None and rule.value.citizen_heard,
        found=found.found,
        findings=found.findings,
        heard=found.heard,
        reply=found.reply,
        pending=holds(rules) if found.state in PENDING else (),
        clause=rule.citation if rule else "",
        history=tuple(
            ObjectionStepView(Act(step.act), step.actor, step.at, step.note, step.clause)
            for step in found.steps.order_by("revision")
        ),
        acts=acts,
        barred=barred,
        revision=found.revision,
    )


def _of_body(official_id: UUID, on: date) -> QuerySet[Objection]:
    """Those of bodies in which the official has a post that decides - but none about an organisation that he serves."""
    reach = officials.scope(official_id=official_id, permission=Permission.DECIDE_OBJECTIONS, on=on)
    own = {post.organisation_id for post in officials.posts(official_id=official_id, on=on)}
    return Objection.objects.filter(body_id__in=reach).exclude(organisation_id__in=own)


def _allowed(
    found: Objection, official_id: UUID, possible: Iterable[Act], now: datetime
) -> tuple[tuple[Act, ...], str]:
    acts, barred = [], ""
    for act in possible:
        if act is Act.WITHDRAW:
            continue
        try:
            decider(found, official_id, act, now)
            acts.append(act)
        except Refused as refusal:
            barred = refusal.message
    return tuple(acts), "" if acts else barred


def _effect(rules: Reviewed | None, ground: str) -> str:
    voiding = rules.rules.voiding if rules else None
    return effect_of(voiding.value if voiding else None, ground)


def _rows(objections: list[Objection], now: datetime) -> tuple[BodyRow, ...]:
    today = local_day(now)
    names = registry.organisation_names({each.organisation_id for each in objections}, today)
    items = item_names_of(each.order for each in objections)
    calendars = calendars_of({each.order.division_id for each in objections}, today)
    return tuple(
        BodyRow(
            id=each.id,
            number=each.order.number,
            kind=Kind(each.kind),
            organisation=names.get(each.organisation_id, ""),
            item=items.get((each.order.item_id, each.order.week), ""),
            week=each.order.week,
            ground=each.ground,
            filed_at=each.filed_at,
            state=State(each.state),
            outcome=Outcome(each.outcome) if each.outcome and each.state not in PENDING else None,
            by_silence=each.by_silence,
            effect=each.effect,
            clock=clock(each, calendars[each.order.division_id], now),
        )
        for each in objections
    )
