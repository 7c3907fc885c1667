"""Lines of lists of orders: what a handler may know of each, and how its clock stands.

What the handler sees of a rating is item, tags, masked text and the week: never the level, a time or the rating's id. An
order opens within seconds of its rating, so when it was opened is not told either.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.asked_once import once
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.rated import Rated, rated
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Clock, Course, clock_of
from haochaping.rectification.states import Act, State, next_act
from haochaping.registry import queries as registry

_TO_SUNDAY: Final = timedelta(days=6)
_UNKNOWN: Final = ("", "")
_RECTIFIED: Final = frozenset({State.RECTIFIED, State.DRAFTED, State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the desk. `week` is the Monday of the service; `item` and its code are empty where none was reported;
    `exclusion` says why it was closed without being handled (`states.Exclusion`), "" if not. `rated`: what was rated without
    a case, None where it was a case's service."""

    id: UUID
    number: str
    organisation_id: int
    organisation: str
    credit_code: str
    item: str
    item_code: str
    week: date
    named: bool
    state: State
    clock: Clock
    next_act: Act | None
    exclusion: str
    rated: Rated | None


def with_rectified(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """With what stops their clocks, as lines and the clock need it."""
    acts = OrderStep.objects.filter(order=OuterRef("pk"), act=Act.RECTIFY).order_by("-revision")
    rectified = acts.values("at")[:1]
    return orders.annotate(rectified_at=Subquery(rectified))


@once
def order_in_reach(*, order_id: UUID, official_id: UUID, on: date) -> WorkOrder:
    """The order that an official may see, `with_rectified`. Raises NotFound where there is none such within reach."""
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=on)
    found = with_rectified(WorkOrder.objects.filter(id=order_id, organisation_id__in=reach)).first()
    if found is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    return found


def rows_in_reach(order_ids: Collection[UUID], *, official_id: UUID, now: datetime) -> tuple[OrderRow, ...]:
    """The lines of those of these orders that an official may see, by number."""
    on = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=on)
    orders = WorkOrder.objects.filter(id__in=list(order_ids), organisation_id__in=reach)
    return order_rows(with_rectified(orders).order_by("number"), now)


def order_rows(orders: Iterable[WorkOrder], now: datetime) -> tuple[OrderRow, ...]:
    """The lines of orders that came `with_rectified`: as many queries for many as for one."""
    orders = list(orders)
    today = local_day(now)
    units = registry.organisations_called({order.organisation_id for order in orders}, today)
    items = _items_of(orders)
    without_case = rated(orders)
    calendars = calendars_of({order.division_id for order in orders}, today)
    return tuple(
        OrderRow(
            id=order.id,
            number=order.number,
            organisation_id=order.organisation_id,
            organisation=units.get(order.organisation_id, _UNKNOWN)[0],
            credit_code=units.get(order.organisation_id, _UNKNOWN)[1],
            item=items.get((order.item_id, order.week), _UNKNOWN)[0],
            item_code=items.get((order.item_id, order.week), _UNKNOWN)[1],
            week=order.week,
            named=order.named,
            state=State(order.state),
            clock=clock_of(course_of(order), now, calendars[order.division_id]),
            next_act=next_act(State(order.state), order.finding),
            exclusion=order.exclusion,
            rated=without_case.get(order.subject_id),
        )
        for order in orders
    )


def calendars_of(divisions: Collection[int], today: date) -> dict[int, WorkCalendar]:
    """The working days of each place, with those that only it has; the country's where no rules are known for it."""
    rules = rulebook()
    found = dict.fromkeys(divisions, rules.calendar)
    for division, code in registry.division_codes(divisions).items():
        with suppress(LookupError):
            found[division] = rules.profile(code, today).calendar
    return found


def item_names_of(orders: Iterable[WorkOrder]) -> Mapping[tuple[int | None, date], str]:
    """Item and week → the item as it was called in the week of the service: names are dated like all of the registry."""
    return {key: name for key, (name, _code) in _items_of(orders).items()}


def _items_of(orders: Iterable[WorkOrder]) -> Mapping[tuple[int | None, date], tuple[str, str]]:
    """The same with its code."""
    wanted = {(order.item_id, order.week + _TO_SUNDAY) for order in orders if order.item_id is not None}
    found = registry.items_called_then(wanted)
    return {(item, day - _TO_SUNDAY): called for (item, day), called in found.items()}


def course_of(order: WorkOrder) -> Course:
    """What the clock of an order that came `with_rectified` is read from."""
    state = State(order.state)
    return Course(
        state=state,
        finding=order.finding,
        due_at=order.due_at,
        provisional=order.due_provisional,
        clause=order.due_clause,
        # What was rectified before the order was opened again is not what stops its clock now.
        rectified_at=getattr(order, "rectified_at", None) if state in _RECTIFIED else None,
        excluded=bool(order.exclusion),
        stands_still=order.stands_still,
    )
