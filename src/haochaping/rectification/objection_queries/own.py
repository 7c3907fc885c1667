"""Bad ratings of a member of staff as he sees them himself: item, tags, masked text and the week, and what he may object.

Neither a name nor a number, under 实名 either: nobody who was rated himself calls the rater, and nothing of the order's way.
An order opens within seconds of its rating, and he knows who has just left his window: he sees it when the day is over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.workdays import due_instant
from haochaping.ratings.queries import ratings_of_staff
from haochaping.rectification.contests import Kind
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.objection_queries.rated import Offer, OrderContests, contests
from haochaping.rectification.operations.contesting import rating_of
from haochaping.rectification.operations.objection_acts import is_rated
from haochaping.rectification.queries import tag_names
from haochaping.registry import queries as registry

# So far back the list goes; limits for objecting are days.
SHOWN: Final = timedelta(weeks=26)
_TO_SUNDAY: Final = timedelta(days=6)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A line of the list. `id` is the order's; `week` is the Monday of the service; `filed`: an objection was filed."""

    id: UUID
    item: str
    week: date
    filed: bool


@dataclass(frozen=True, slots=True)
class OwnRating:
    """One of them, with what stands of objections. `about_staff`: what was rated badly is his service, not the item."""

    row: OwnRow
    about_staff: bool
    tags: tuple[str, ...]
    text: str
    additions: tuple[str, ...]
    contests: OrderContests


def own_ratings(*, official_id: UUID, now: datetime) -> tuple[OwnRow, ...]:
    """Those of the last half year up to yesterday, the latest week first and within it by a number that is random."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.FILE_OWN_OBJECTIONS, on=today)
    staff = officials.staff_ever(official_id=official_id)
    if not reach or not staff:
        return ()
    # Also those that another organisation handles.
    orders = WorkOrder.objects.filter(
        rated_id__in=reach, week__gte=today - SHOWN, opened_at__lt=_begin(today)
    )
    subjects = dict(orders.values_list("subject_id", "id"))
    mine = [
        subject_id
        for subject_id, (member, day) in ratings_of_staff(subjects, staff).items()
        if officials.is_staff(official_id=official_id, staff_id=member, on=day)
    ]
    return tuple(_row(each) for each in orders.filter(subject_id__in=mine).order_by("-week", "number"))


def own_rating(*, order_id: UUID, official_id: UUID, now: datetime) -> OwnRating:
    """One of them. Raises NotFound for a rating of somebody else, as for none."""
    order = WorkOrder.objects.filter(pk=order_id).first()
    rating = rating_of(order) if order is not None else None
    today = local_day(now)
    known = order is not None and order.opened_at < _begin(today)
    if order is None or rating is None or not known or not is_rated(rating, official_id, today):
        raise NotFound("order", _("没有这条评价，或者评价的不是您。"))
    return OwnRating(
        row=_row(order),
        about_staff=order.about_staff,
        tags=tag_names(order.tags),
        text=order.text,
        additions=tuple(order.additions),
        contests=contests(order, rating, official_id, now),
    )


def own_offer(*, order_id: UUID, kind: Kind, official_id: UUID, now: datetime) -> Offer:
    """What he may file now. Raises NotFound as `own_rating`, and where the rules know nothing of the kind."""
    found = own_rating(order_id=order_id, official_id=official_id, now=now).contests.offers
    offer = next((each for each in found if each.kind is kind), None)
    if offer is None:
        raise NotFound("order", _("没有这条评价，或者评价的不是您。"))
    return offer


def _begin(day: date) -> datetime:
    return due_instant(day - _ONE_DAY)


def _row(order: WorkOrder) -> OwnRow:
    ids = () if order.item_id is None else (order.item_id,)
    names = registry.item_names(ids, order.week + _TO_SUNDAY)
    return OwnRow(order.id, "".join(names.values()), order.week, order.objections.exists())
