"""The single order, as far as an official's posts reach; lists of them are in `listing`.

What the handler sees of a rating is item, tags, masked text and the week: never the level, a time or
the rating's id. An order opens within seconds of its rating, so when it was opened is not told either.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.rectification.course.choices import classes
from haochaping.rectification.course.history import StepView, history
from haochaping.rectification.course.offers import (
    FollowUpView,
    LimitView,
    Offer,
    follow_up_view,
    limit_views,
    offers,
)
from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.order_rows import OrderRow, calendars_of, course_of, order_in_reach, order_rows
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.rulebook import rulebook, tags
from haochaping.rectification.rules import Clock, ClockKind, clock_of
from haochaping.rectification.states import PRESSING, RaterAct, SetOff, State, Verdict
from haochaping.registry import queries as registry


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


def order(*, official_id: UUID, order_id: UUID, now: datetime) -> OrderView:
    """One order with its history. Raises NotFound when there is none such within reach."""
    today = local_day(now)
    found = order_in_reach(order_id=order_id, official_id=official_id, on=today)
    stands = situation(found, rulebook(), now=now)
    calendar = calendars_of([found.division_id], today)[found.division_id]
    who = officials.official(official_id=official_id, on=today)
    mine = {
        permission: found.organisation_id
        in officials.scope(official_id=official_id, permission=permission, on=today)
        for permission in (Permission.HANDLE_ORDERS, Permission.SEE_CONTACT, Permission.MAKE_FORMS)
    }
    own = is_own_case(subject_id=found.subject_id, official_id=official_id)
    limits = limit_views(found, calendar, now)
    return OrderView(
        row=order_rows([found], now)[0],
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
        offers=offers(stands, who, limits) if who is not None and not found.exclusion and not own else (),
        limits=limits,
        reasonable=found.reasonable,
        bad_class=classes(stands).get(found.bad_class, ""),
        follow_up=follow_up_view(stands),
        unlimited=clock_of(replace(course_of(found), due_at=None), now, calendar),
    )


def in_reach(*, official_id: UUID, order_id: UUID, now: datetime) -> bool:
    """Whether the official may see the order."""
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=local_day(now))
    return WorkOrder.objects.filter(id=order_id, organisation_id__in=reach).exists()


def tag_names(codes: Iterable[int]) -> tuple[str, ...]:
    """The names of tags by their codes; an unknown code stands for itself."""
    found = ((str(code), tags().decode(str(code))) for code in codes)
    return tuple(tag.name if tag else code for code, tag in found)
