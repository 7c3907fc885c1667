"""Orders about ratings of one's own organisation that another one handles: who was rated may still object (Kunming, article
10), and sees what a rated organisation may see of a bad rating - item, tags, masked text and the week - and nothing of how
it is handled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.order_rows import item_names_of
from haochaping.rectification.queries import tag_names
from haochaping.registry import queries as registry

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One of them. `organisation`: who was rated, `week` is the Monday of the service; `item` is empty where none was
    reported."""

    id: UUID
    number: str
    organisation: str
    item: str
    week: date


@dataclass(frozen=True, slots=True)
class RatedView:
    """All that is seen of one: the tags, the masked text and what was added to it."""

    row: RatedRow
    tags: tuple[str, ...]
    text: str
    additions: tuple[str, ...]


def rated_elsewhere(*, official_id: UUID, now: datetime) -> tuple[RatedRow, ...]:
    """Those of the organisations for which the official may object, the last week first, by number within it, which is
    random; at most MOST."""
    found = _elsewhere(official_id, local_day(now)).order_by("-week", "number")
    return _rows(found[:MOST], local_day(now))


def rated_order(*, order_id: UUID, official_id: UUID, now: datetime) -> RatedView:
    """One of them. Raises NotFound for every other order, and for who does not speak for the rated."""
    today = local_day(now)
    order = _elsewhere(official_id, today).filter(pk=order_id).first()
    if order is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    (row,) = _rows([order], today)
    return RatedView(row, tag_names(order.tags), order.text, tuple(order.additions))


def _elsewhere(official_id: UUID, on: date) -> QuerySet[WorkOrder]:
    speaks = officials.scope(official_id=official_id, permission=Permission.FILE_OBJECTIONS, on=on)
    sees = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=on)
    return WorkOrder.objects.filter(rated_id__in=speaks).exclude(organisation_id__in=sees)


def _rows(orders: Iterable[WorkOrder], today: date) -> tuple[RatedRow, ...]:
    orders = list(orders)
    names = registry.organisation_names({each.rated_id for each in orders if each.rated_id}, today)
    items = item_names_of(orders)
    return tuple(
        RatedRow(
            each.id,
            each.number,
            names.get(each.rated_id or 0, ""),
            items.get((each.item_id, each.week), ""),
            each.week,
        )
        for each in orders
    )
