"""Who is told only when the day is over: of what a rater's own act brought about, whose hour is his, and of what is late.

An organisation whose part of a joint order the case itself gave, or the rater had done anew; a member of staff who may
object to a rating of himself, never before the order lies at the desk of his organisation; whose limit of a part has passed.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, Q

from haochaping.accounts.queries import officials
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.notices.operations.telling import Saying, tell
from haochaping.notices.states import Kind
from haochaping.ratings.queries import RatingForOrder
from haochaping.rectification.contests import By, filers
from haochaping.rectification.contests import Kind as Contest
from haochaping.rectification.course.steps import objections_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations.contesting import Terms, rating_of, terms_for
from haochaping.rectification.operations.objection_acts import is_rated
from haochaping.rectification.operations.parts_told import tell_given, tell_late
from haochaping.rectification.parts import OPEN, WORKED_IN, PartState
from haochaping.rectification.rulebook import rulebook

_SYSTEM: Final = "system"
_MOMENT: Final = timedelta(microseconds=1)


class ToldLater(NamedTuple):
    """So many organisations were told of a part, so many of a late one, so many members of staff of a rating."""

    given: int
    late: int
    staff: int


@transaction.atomic
def tell_what_waited(*, now: datetime, limit: int = 500) -> int:
    """Tells what waited for the end of the day (a minute ago, for acts that are under way), of up to `limit` orders; how
    much was told. One audit row for a call that told something.

    Each exactly once: an order is held while its own is told, and what an official does comes before or after.
    """
    until = now - GRACE
    parts = OrderPart.objects.filter(_given(until) | _late(until)).values_list("order_id", flat=True)
    rated = WorkOrder.objects.filter(tell_staff_at__lte=until).values_list("pk", flat=True)
    waiting = sorted({*parts[:limit], *rated[:limit]})[:limit]
    orders = WorkOrder.objects.select_for_update(skip_locked=True).filter(pk__in=waiting).order_by("id")
    told = [_tell(order, now) for order in orders] if waiting else []
    found = ToldLater(*map(sum, zip(*told, strict=True))) if told else ToldLater(0, 0, 0)
    if any(found):
        audit.record(now=now, actor=_SYSTEM, act="order.told", subject="orders", detail=found._asdict())
    return sum(found)


def _given(until: datetime) -> Q:
    return Q(tell_at__lte=until)


def _late(until: datetime) -> Q:
    """What somebody still works on and was not told of for this end."""
    ended = Q(state__in=OPEN, due_provisional=False, due_at__lte=until, order__state__in=WORKED_IN)
    return ended & (Q(late_for__isnull=True) | ~Q(late_for=F("due_at")))


def _tell(order: WorkOrder, now: datetime) -> ToldLater:
    until, given, late = now - GRACE, 0, 0
    for part in OrderPart.objects.filter(_given(until) | _late(until), order=order).order_by(
        "organisation_id"
    ):
        part.order = order
        if part.tell_at is not None and part.tell_at <= until:
            given += _tell_given(part, now)
        if _is_late(part, until):
            tell_late(part, now)
            part.late_for = part.due_at
            late += 1
        part.save(update_fields=["tell_at", "late_for"])
    staff = 0
    if order.tell_staff_at is not None and order.tell_staff_at <= until:
        order.tell_staff_at = None
        order.save(update_fields=["tell_staff_at"])
        staff = _tell_staff(order, now)
    return ToldLater(given, late, staff)


def _tell_given(part: OrderPart, now: datetime) -> bool:
    """Who has taken it meanwhile knows of it."""
    part.tell_at = None
    if part.state != PartState.WAITING or part.order.state not in WORKED_IN:
        return False
    tell_given(part, now)
    return True


def _is_late(part: OrderPart, until: datetime) -> bool:
    """An end in the middle of a day, which is counted in hours from the rater's own, is told of when the day is over."""
    if part.state not in OPEN or part.due_at is None or part.due_provisional or part.late_for == part.due_at:
        return False
    return part.order.state in WORKED_IN and due_instant(local_day(part.due_at - _MOMENT)) <= until


def _tell_staff(order: WorkOrder, now: datetime) -> int:
    """Who was rated and is still there, while he may object in his own name; how many."""
    rating = rating_of(order)
    if rating is None or rating.staff_id is None:
        return 0
    known = officials.officials_who_were(staff_id=rating.staff_id, on=rating.service_day)
    rated = [each for each in known if is_rated(rating, each, local_day(now))]
    terms = _terms(order, rating, now) if rated else None
    if terms is None or terms.rule is None:
        return 0
    said = Saying(
        cause=f"contestable:{order.id}",
        kind=Kind.CONTESTABLE,
        reference=order.id,
        step="objection",
        last_day=terms.due.last_day if terms.due else None,
        clause=terms.citation,
    )
    tell(said, rated, now=now)
    return len(rated)


def _terms(order: WorkOrder, rating: RatingForOrder, now: datetime) -> Terms | None:
    """None where he may not object now."""
    before = objections_of(order.id)
    found = terms_for(order, Contest.OBJECTION, rating=rating, before=before, now=now, rulebook=rulebook())
    if found is None or found.rule is None or found.barrier(now) is not None:
        return None
    return found if By.PERSON in filers(found.rule.value) else None
