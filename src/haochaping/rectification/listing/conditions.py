"""What a filter asks for, as conditions on orders."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.rectification.contests import PENDING
from haochaping.rectification.listing.filters import CHANNELS, SOON_DAYS, Carrier, DeskFilter, Due, Show
from haochaping.rectification.listing.sight import Sight
from haochaping.rectification.models import Objection, OrderPart, WorkOrder
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import PRESSING, State
from haochaping.registry import queries as registry


def shown(sight: Sight, show: Show) -> QuerySet[WorkOrder]:
    """The orders of one of the lists, all that are in sight."""
    orders = WorkOrder.objects.filter(organisation_id__in=sight.reach)
    if show is Show.CLOSED:
        return orders.filter(state=State.CLOSED)
    still_open = orders.exclude(state=State.CLOSED)
    return still_open.filter(sight.mine) if show is Show.MINE else still_open


def narrowed(
    orders: QuerySet[WorkOrder], asked: DeskFilter, sight: Sight, today: date
) -> QuerySet[WorkOrder]:
    """By all that was asked for but the limit."""
    for name, value in (
        ("state", asked.state),
        ("organisation_id", asked.organisation),
        ("bad_class", asked.bad_class),
        ("named", asked.named),
        ("week", asked.week),
    ):
        if value is not None:
            orders = orders.filter(**{name: value})
    if asked.item_type:
        orders = orders.filter(item_id__in=_items(orders, asked.item_type, today))
    if asked.contested is not None:
        undecided = Exists(Objection.objects.filter(order=OuterRef("pk"), state__in=PENDING))
        orders = orders.filter(undecided if asked.contested else ~undecided)
    if asked.joint is not None:
        shared = Exists(OrderPart.objects.filter(order=OuterRef("pk")))
        orders = orders.filter(shared if asked.joint else ~shared)
    if asked.carrier is not None:
        orders = orders.filter(_came_by(asked.carrier), organisation_id__in=sight.overseen)
    return orders


def by_limit(now: datetime) -> Mapping[Due, Q]:
    """Each order is of one of these. What runs out by a provisional end is not overdue, and it is soon."""
    today = local_day(now)
    tonight = due_instant(today)
    soon = rulebook().calendar.deadline(today, SOON_DAYS).due_at
    runs = Q(state__in=PRESSING, due_at__isnull=False, stands_still=False)
    late = Q(due_at__lte=now)
    return {
        Due.OVERDUE: runs & late & Q(due_provisional=False),
        Due.TODAY: runs & Q(due_at__gt=now, due_at__lte=tonight),
        Due.SOON: runs & (Q(due_at__gt=tonight, due_at__lte=soon) | (late & Q(due_provisional=True))),
        Due.LATER: runs & Q(due_at__gt=soon),
        Due.NONE: ~Q(state__in=PRESSING) | Q(due_at__isnull=True) | Q(stands_still=True),
    }


def _came_by(carrier: Carrier) -> Q:
    if carrier in CHANNELS:
        return Q(channel__in=CHANNELS[carrier])
    known = [channel for channels in CHANNELS.values() for channel in channels]
    return ~Q(channel__in=known) & Q(channel__isnull=False)


def _items(orders: QuerySet[WorkOrder], item_type: str, today: date) -> list[int]:
    """Of the items of these orders those of a type, as of today: an item that changed its type is found by its new one."""
    listed = orders.order_by().values_list("item_id", flat=True).distinct()
    present = {item for item in listed if item is not None}
    return [item for item, found in registry.item_types(present, today).items() if found == item_type]
