"""Joint orders as officials see them: all parts to whoever has the order, and to each organisation its own part alone.

What a part shows of the rating is what the order shows: item, tags, masked text, the week; never a contact.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.rectification.course.joint import whom_to_give
from haochaping.rectification.course.steps import parts_in
from haochaping.rectification.models import OrderPart, PartStep, WorkOrder
from haochaping.rectification.order_rows import item_names_of, order_in_reach
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.parts import (
    OPEN,
    WORKED_IN,
    PartAct,
    PartStands,
    PartState,
    part_acts,
)
from haochaping.rectification.queries import tag_names
from haochaping.rectification.rated import Rated, rated
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Clock, Course, clock_of
from haochaping.rectification.states import State
from haochaping.registry import queries as registry

LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line. `number`, `item`, `week` and `rated` are the order's, as on its own line of the desk; `leads`: the name of
    the organisation that leads. `late`: its limit has passed, and an officer may decide not to wait any longer."""

    id: UUID
    number: str
    organisation: str
    leads: str
    item: str
    week: date
    rated: Rated | None
    state: PartState
    clock: Clock
    late: bool


@dataclass(frozen=True, slots=True)
class PartStepView:
    """One act of the history."""

    act: PartAct
    actor: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part. `asked`: what the officer wrote, `until`: the last day that he set. `acts`: what this official can do now.
    `history` does not tell that its rater had it done anew: that instant is his."""

    row: PartRow
    asked: str
    until: date | None
    finding: str
    verified: str
    rectified: str
    history: tuple[PartStepView, ...]
    acts: tuple[PartAct, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part with what it is told of the rating. `ended`: the order is answered, and nothing is done any more. `own_case`:
    who looks is the one that was rated."""

    part: PartView
    tags: tuple[str, ...]
    text: str
    additions: tuple[str, ...]
    ended: bool
    own_case: bool


@dataclass(frozen=True, slots=True)
class JointOrder:
    """The parts of an order for who has it before him. `open` are still waited for; `give_to`: credit code and name of the
    organisations to which this official can give one."""

    order_id: UUID
    parts: tuple[PartView, ...]
    open: int
    give_to: tuple[tuple[str, str], ...]


def parts_of(*, order_id: UUID, official_id: UUID, now: datetime) -> JointOrder:
    """The parts of an order. Raises NotFound where the order itself is out of reach: an organisation with a part sees no
    other part."""
    today = local_day(now)
    order = order_in_reach(order_id=order_id, official_id=official_id, on=today)
    found = parts_in(order.id)
    may_give = order.organisation_id in _dispatched_by(official_id, today) and order.state in WORKED_IN
    return JointOrder(
        order_id=order.id,
        parts=tuple(_views(found, official_id, now)),
        open=sum(part.state in OPEN for part in found) if order.state in WORKED_IN else 0,
        give_to=_give_to(order, official_id, today) if may_give else (),
    )


def part(*, part_id: UUID, official_id: UUID, now: datetime) -> PartPage:
    """One part, for its own organisation and for whoever has its order before him. Raises NotFound for everybody else."""
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=local_day(now))
    seen = Q(organisation_id__in=reach) | Q(order__organisation_id__in=reach)
    found = _with_order(OrderPart.objects.filter(seen, pk=part_id)).first()
    if found is None:
        raise NotFound("part", _("没有这项联办任务，或者它不属于您负责的单位。"))
    own = is_own_case(subject_id=found.order.subject_id, official_id=official_id)
    (view,) = _views([found], official_id, now)
    return PartPage(
        part=view,
        tags=tag_names(found.order.tags),
        text=found.order.text,
        additions=tuple(found.order.additions),
        ended=found.order.state not in WORKED_IN,
        own_case=own,
    )


def parts_to_do(*, official_id: UUID, now: datetime) -> tuple[PartRow, ...]:
    """The open parts that this official has to do with: those of the organisations for which he handles orders, and, for an
    officer, those of orders in his reach that are late; at most LONGEST, the most urgent first."""
    waiting = OrderPart.objects.filter(state__in=OPEN, order__state__in=WORKED_IN)
    if not waiting.exists():
        return ()
    today = local_day(now)
    handled = officials.scope(official_id=official_id, permission=Permission.HANDLE_ORDERS, on=today)
    late = Q(due_at__lte=now, due_provisional=False)
    late &= Q(order__organisation_id__in=_dispatched_by(official_id, today))
    found = waiting.filter(Q(organisation_id__in=handled) | late)
    return _rows(list(_with_order(found)[:LONGEST]), now)


def _dispatched_by(official_id: UUID, today: date) -> frozenset[int]:
    return officials.scope(official_id=official_id, permission=Permission.DISPATCH_ORDERS, on=today)


def _with_order(parts: QuerySet[OrderPart]) -> QuerySet[OrderPart]:
    # By day and then by number, as the desk: the order of lines must not tell the order of arrival.
    return parts.select_related("order").order_by("due_at", "order__week", "order__number", "organisation_id")


def _give_to(order: WorkOrder, official_id: UUID, today: date) -> tuple[tuple[str, str], ...]:
    whom = whom_to_give(order, official_id, today)
    return tuple((each.credit_code, each.name) for each in registry.organisations(today) if each.id in whom)


def _views(parts: Collection[OrderPart], official_id: UUID, now: datetime) -> Iterable[PartView]:
    if not parts:
        return
    scopes = {
        permission: officials.scope(official_id=official_id, permission=permission, on=local_day(now))
        for permission in (Permission.HANDLE_ORDERS, Permission.DISPATCH_ORDERS)
    }
    steps: dict[UUID, list[PartStepView]] = {}
    for step in PartStep.objects.filter(part__in=parts).exclude(act=PartAct.RESUME).order_by("revision"):
        view = PartStepView(PartAct(step.act), step.actor, step.at, step.note)
        steps.setdefault(step.part_id, []).append(view)
    for one, row in zip(parts, _rows(parts, now), strict=True):
        yield PartView(
            row=row,
            asked=one.asked,
            until=one.until,
            finding=one.finding,
            verified=one.verified,
            rectified=one.rectified,
            history=tuple(steps.get(one.id, ())),
            acts=_acts(one, official_id, scopes, now),
            revision=one.revision,
        )


def _acts(
    one: OrderPart, official_id: UUID, scopes: dict[Permission, frozenset[int]], now: datetime
) -> tuple[PartAct, ...]:
    """Giving once more has a form of its own."""
    found = [row for row in part_acts(_stands(one), now) if row.act is not PartAct.GIVE]
    of = {
        Permission.HANDLE_ORDERS: one.organisation_id,
        Permission.DISPATCH_ORDERS: one.order.organisation_id,
    }
    mine = tuple(row.act for row in found if of[row.permission] in scopes[row.permission])
    if mine and is_own_case(subject_id=one.order.subject_id, official_id=official_id):
        return ()
    return mine


def _stands(one: OrderPart) -> PartStands:
    return PartStands(PartState(one.state), State(one.order.state), one.due_at, one.due_provisional)


def _rows(parts: Collection[OrderPart], now: datetime) -> tuple[PartRow, ...]:
    today = local_day(now)
    names = registry.organisation_names(
        {each for one in parts for each in (one.organisation_id, one.order.organisation_id)}, today
    )
    orders = {one.order_id: one.order for one in parts}
    without_case = rated(orders.values())
    items = item_names_of(orders.values())
    return tuple(
        PartRow(
            id=one.id,
            number=one.order.number,
            organisation=names.get(one.organisation_id, ""),
            leads=names.get(one.order.organisation_id, ""),
            item=items.get((one.order.item_id, one.order.week), ""),
            week=one.order.week,
            rated=without_case.get(one.order.subject_id),
            state=PartState(one.state),
            clock=_clock(one, now),
            late=one.state in OPEN and _stands(one).late(now),
        )
        for one in parts
    )


def _clock(one: OrderPart, now: datetime) -> Clock:
    """By the working days of the country: those that only one place has are in the limit itself."""
    order = one.order
    course = Course(
        state=State(order.state),
        finding=order.finding,
        due_at=one.due_at,
        provisional=one.due_provisional,
        clause=one.due_clause,
        rectified_at=one.done_at,
        excluded=bool(order.exclusion),
        stands_still=order.stands_still and one.due_at is None,
    )
    return clock_of(course, now, rulebook().calendar)
