"""The desk and the single order, as far as an official's posts reach.

What the handler sees of a rating is item, tags, masked text and the week: never the level, a time or
the rating's id. An order opens within seconds of its rating, so when it was opened is not told either.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, DateField, Min, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.course.choices import classes
from haochaping.rectification.course.history import StepView, history
from haochaping.rectification.course.ledger import LedgerRow, ledger_rows
from haochaping.rectification.course.offers import (
    FollowUpView,
    LimitView,
    Offer,
    follow_up_view,
    limit_views,
    offers,
)
from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import BadRating, OrderStep, WorkOrder
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.parts import OPEN
from haochaping.rectification.rated import Rated, rated
from haochaping.rectification.rulebook import rulebook, tags
from haochaping.rectification.rules import Clock, ClockKind, Course, clock_of
from haochaping.rectification.states import PRESSING, Act, RaterAct, SetOff, State, Verdict, next_act
from haochaping.registry import queries as registry

PAGE_SIZE = 50
_TO_SUNDAY = timedelta(days=6)
_RECTIFIED = frozenset({State.RECTIFIED, State.DRAFTED, State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which orders: those still open or those closed, fifty on a page; `page` counts from 1."""

    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the desk. `week` is the Monday of the service; `item` and its code are empty where none was reported;
    `exclusion` says why it was closed without being handled (`states.Exclusion`), "" if not. `rated`: what was rated without
    a case, None where it was a case's service."""

    id: UUID
    number: str
    organisation_id: int
    organisation: str
    item: str
    item_code: str
    week: date
    named: bool
    state: State
    clock: Clock
    next_act: Act | None
    exclusion: str
    rated: Rated | None


@dataclass(frozen=True, slots=True)
class Desk:
    """One page of the desk with the totals of both lists."""

    rows: tuple[OrderRow, ...]
    open: int
    closed: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """All that the page of one order shows. `revision` goes back with the next act. `by_rater`: what the rater did later,
    each once and apart from the history, between whose times it would tell its own. `verdict`: of the last answer that was
    judged, `set_off`: what the rules make follow from it. `about_staff`: it came about by what was said of the member of
    staff, of whom nothing else is told. `own_case`: who looks is the one that was rated, so that he may do nothing about
    it. `follow_up`: which body does what
    the verdict set off. `unlimited`: why no limit of the rectification is among `limits`, where none is."""

    row: OrderRow
    about_staff: bool
    tags: tuple[str, ...]
    text: str
    additions: tuple[str, ...]
    by_rater: tuple[RaterAct, ...]
    verdict: Verdict | None
    set_off: SetOff | None
    finding: str
    answer: str
    history: tuple[StepView, ...]
    revision: int
    may_handle: bool
    may_see_contact: bool
    may_make_forms: bool = False
    own_case: bool = False
    offers: tuple[Offer, ...] = ()
    limits: tuple[LimitView, ...] = ()
    reasonable: bool | None = None
    bad_class: str = ""
    follow_up: FollowUpView | None = None
    unlimited: Clock = field(default_factory=lambda: Clock(ClockKind.NOT_LAID_DOWN))


@dataclass(frozen=True, slots=True)
class OrderToLead:
    """An open order for the simulation, which acts as whoever is responsible."""

    id: UUID
    organisation_id: int
    next_act: Act
    revision: int


def orders_to_lead() -> tuple[OrderToLead, ...]:
    """Every open order but the self-test's and those whose answer waits for a part, the oldest first, whatever posts reach
    it: for no page."""
    rows = _handled().exclude(state=State.CLOSED).exclude(state=State.RECTIFIED, parts__state__in=OPEN)
    rows = rows.order_by("opened_at", "id")
    found = ((row, next_act(State(row.state), row.finding)) for row in rows)
    return tuple(OrderToLead(row.id, row.organisation_id, act, row.revision) for row, act in found if act)


def open_subjects() -> tuple[UUID, ...]:
    """The ratings of which an order is open, for those who must not take away what it needs: for no page."""
    return tuple(WorkOrder.objects.exclude(state=State.CLOSED).values_list("subject_id", flat=True))


def numbers_of_orders(subjects: Collection[UUID]) -> dict[UUID, str]:
    """Rating id → number of the order that it set off, where there is one: for the self-test, for no page."""
    return dict(WorkOrder.objects.filter(subject_id__in=subjects).values_list("subject_id", "number"))


@dataclass(frozen=True, slots=True)
class Workload:
    """How many bad ratings wait to become orders, the oldest since when; how many orders are open, how many overdue."""

    inbox: int
    inbox_since: datetime | None
    open: int
    overdue: int


def workload(*, now: datetime) -> Workload:
    """Of all organisations but the self-test's. Overdue is what `clock_of` calls so: a provisional limit is not."""
    inbox = BadRating.objects.aggregate(number=Count("pk"), since=Min("received_at"))
    running = _handled().exclude(state=State.CLOSED)
    late = _handled().filter(state__in=PRESSING, due_at__lte=now, due_provisional=False)
    return Workload(inbox["number"], inbox["since"], running.count(), late.count())


def _handled() -> QuerySet[WorkOrder]:
    """Orders that somebody is to handle."""
    return WorkOrder.objects.exclude(organisation_id__in=registry.trial_organisations())


def desk(*, official_id: UUID, now: datetime, filters: DeskFilter) -> Desk:
    """The orders in reach.

    Those whose limit runs come first by due date (so the overdue ones lead), then those without one, the
    longest waiting first; closed ones by when they were closed, the last first.
    """
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=local_day(now))
    orders = WorkOrder.objects.filter(organisation_id__in=reach)
    closed = orders.filter(state=State.CLOSED)
    still_open = orders.exclude(state=State.CLOSED)
    counts = still_open.count(), closed.count()
    pages = max(1, -(-counts[filters.closed] // PAGE_SIZE))
    page = min(max(1, filters.page), pages)
    chosen = closed.order_by("-closed_at", "number") if filters.closed else _by_urgency(still_open)
    shown = _with_rectified(chosen)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Desk(_rows(shown, now), counts[0], counts[1], page, pages)


def order(*, official_id: UUID, order_id: UUID, now: datetime) -> OrderView:
    """One order with its history. Raises NotFound when there is none such within reach."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    found = _with_rectified(WorkOrder.objects.filter(id=order_id, organisation_id__in=reach)).first()
    if found is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    stands = situation(found, rulebook(), now=now)
    calendar = _calendars([found.division_id], today)[found.division_id]
    who = officials.official(official_id=official_id, on=today)
    mine = {
        permission: found.organisation_id
        in officials.scope(official_id=official_id, permission=permission, on=today)
        for permission in (Permission.HANDLE_ORDERS, Permission.SEE_CONTACT, Permission.MAKE_FORMS)
    }
    own = is_own_case(subject_id=found.subject_id, official_id=official_id)
    return OrderView(
        row=_rows([found], now)[0],
        about_staff=found.about_staff,
        tags=tag_names(found.tags),
        text=found.text,
        additions=tuple(found.additions),
        by_rater=tuple(each for each in RaterAct if each in {step.act for step in stands.steps}),
        verdict=Verdict(found.verdict) if found.verdict else None,
        set_off=SetOff(found.set_off) if found.set_off else None,
        finding=found.finding,
        answer=found.answer,
        history=history(stands),
        revision=found.revision,
        may_handle=mine[Permission.HANDLE_ORDERS] and not own,
        may_see_contact=mine[Permission.SEE_CONTACT] and found.named and not own,
        may_make_forms=mine[Permission.MAKE_FORMS] and not own,
        own_case=own and mine[Permission.HANDLE_ORDERS],
        offers=offers(stands, who) if who is not None and not found.exclusion and not own else (),
        limits=limit_views(found, calendar, now),
        reasonable=found.reasonable,
        bad_class=classes(stands).get(found.bad_class, ""),
        follow_up=follow_up_view(stands),
        unlimited=clock_of(replace(_course(found), due_at=None), now, calendar),
    )


def in_reach(*, official_id: UUID, order_id: UUID, now: datetime) -> bool:
    """Whether the official may see the order."""
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=local_day(now))
    return WorkOrder.objects.filter(id=order_id, organisation_id__in=reach).exists()


def ledger(*, official_id: UUID, now: datetime) -> tuple[LedgerRow, ...]:
    """The open orders in reach of which it was said that they cannot be set right in time, or that have a plan (台账),
    by the day until which they are to be done; at most LONGEST of them."""
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=local_day(now))
    return ledger_rows(reach, now)


def tag_names(codes: Iterable[int]) -> tuple[str, ...]:
    """The names of tags by their codes; an unknown code stands for itself."""
    found = ((str(code), tags().decode(str(code))) for code in codes)
    return tuple(tag.name if tag else code for code, tag in found)


def _by_urgency(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    # By the day: of limits in hours that began with the rating the order of lines would tell the order of arrival.
    day = TruncDate("due_at", tzinfo=CN)
    running = Case(When(state__in=PRESSING, then=day), output_field=DateField())
    # By week and then by number, which is random: the order of lines must not tell the order of arrival.
    return orders.order_by(running.asc(nulls_last=True), "week", "number")


def _with_rectified(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    acts = OrderStep.objects.filter(order=OuterRef("pk"), act=Act.RECTIFY).order_by("-revision")
    rectified = acts.values("at")[:1]
    return orders.annotate(rectified_at=Subquery(rectified))


def _rows(orders: Iterable[WorkOrder], now: datetime) -> tuple[OrderRow, ...]:
    orders = list(orders)
    today = local_day(now)
    organisations = registry.organisation_names({order.organisation_id for order in orders}, today)
    items = item_names_of(orders)
    codes = registry.item_codes({order.item_id for order in orders if order.item_id is not None})
    without_case = rated(orders)
    calendars = _calendars({order.division_id for order in orders}, today)
    return tuple(
        OrderRow(
            id=order.id,
            number=order.number,
            organisation_id=order.organisation_id,
            organisation=organisations.get(order.organisation_id, ""),
            item=items.get((order.item_id, order.week), ""),
            item_code=codes.get(order.item_id, "") if order.item_id is not None else "",
            week=order.week,
            named=order.named,
            state=State(order.state),
            clock=clock_of(_course(order), now, calendars[order.division_id]),
            next_act=next_act(State(order.state), order.finding),
            exclusion=order.exclusion,
            rated=without_case.get(order.subject_id),
        )
        for order in orders
    )


def _calendars(divisions: Iterable[int], today: date) -> dict[int, WorkCalendar]:
    """The working days of each place, with those that only it has; the country's where no rules are known for it."""
    rules = rulebook()
    codes = {division.id: division.code for division in registry.division_tree(today)}
    found = dict.fromkeys(divisions, rules.calendar)
    for division in found.keys() & codes.keys():
        with suppress(LookupError):
            found[division] = rules.profile(codes[division], today).calendar
    return found


def item_names_of(orders: list[WorkOrder]) -> dict[tuple[int | None, date], str]:
    """Items as they were called in the week of the service: names are dated like all of the registry."""
    wanted: dict[date, set[int]] = {}
    for order in orders:
        if order.item_id is not None:
            wanted.setdefault(order.week, set()).add(order.item_id)
    return {
        (item, week): name
        for week, ids in wanted.items()
        for item, name in registry.item_names(ids, week + _TO_SUNDAY).items()
    }


def _course(order: WorkOrder) -> Course:
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
