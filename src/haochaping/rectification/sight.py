"""Who sees which evidence of an order: the rated side what it brought itself, the authority all.

What an authority gathers - other windows' records, what a witness said - may tell who rated, so that nobody of the side that
is rated, or that handles the order, sees it. Whoever serves in one of these organisations is of that side, whatever other
posts he has; who is himself the one that was rated sees what he brought, and no more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission, scope_of_role
from haochaping.evidence.states import Side, Sight
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.ratings.queries import RatingForOrder, rating_of_order
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.order_rows import order_in_reach
from haochaping.rectification.own_case import is_rated_in


@dataclass(frozen=True)
class Looker:
    """An official before the evidence of an order; `organisation_id`: for whom he brings some. `rating` is None where it
    is not there any more."""

    order: WorkOrder
    rating: RatingForOrder | None
    who: OfficialView
    reach: officials.Reach
    side: Side
    organisation_id: int
    own_case: bool

    def holds(self, permission: Permission) -> bool:
        """Whether he has another permission as well for the organisation of the order."""
        return self.order.organisation_id in self.reach.scope(permission)

    @property
    def sight(self) -> Sight:
        """How much of the evidence he sees."""
        if self.side is Side.AUTHORITY:
            return Sight(everything=True)
        own = frozenset(post.organisation_id for post in self.who.posts)
        return Sight(organisations=own, only_by=self.who.id if self.own_case else None)


def looker(
    order_id: UUID,
    official_id: UUID,
    permission: Permission,
    now: datetime,
    *,
    locked: bool = False,
) -> Looker:
    """The official as he stands to the order for what the permission lets him do; the order locked for an act.

    Raises NotFound where he sees no evidence of it, NotAllowed where he does and the permission is another's.
    """
    today = local_day(now)
    known = officials.official(official_id=official_id, on=today)
    if known is None:
        raise _missing()
    reach = officials.Reach(known, today)
    order = _order(order_id, official_id, reach, today, locked=locked)
    if order.organisation_id not in reach.scope(Permission.VIEW_EVIDENCE):
        raise _missing()
    who = reach.acting(permission, order.organisation_id)
    if who is None:
        raise NotAllowed("no_right", _("您的岗位没有办理这一步的权限。"))
    rating = rating_of_order(order.subject_id)
    own = {post.organisation_id for post in who.posts} & _rated_side(order, rating)
    return Looker(
        order=order,
        rating=rating,
        who=who,
        reach=reach,
        side=Side.RATED if own else Side.AUTHORITY,
        organisation_id=_for_whom(order, who, own, permission),
        own_case=is_rated_in(rating, official_id=official_id),
    )


def _missing() -> NotFound:
    return NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))


def _order(order_id: UUID, official_id: UUID, reach: officials.Reach, on: date, *, locked: bool) -> WorkOrder:
    """The order that he may see, locked for an act. Raises NotFound."""
    if not locked:
        return order_in_reach(order_id=order_id, official_id=official_id, on=on)
    seen = reach.scope(Permission.VIEW_ORDERS)
    order = WorkOrder.objects.select_for_update().filter(id=order_id, organisation_id__in=seen).first()
    if order is None:
        raise _missing()
    return order


def _rated_side(order: WorkOrder, rating: RatingForOrder | None) -> set[int]:
    rated = {rating.organisation_id, *rating.shared_with} if rating is not None else set()
    return rated | {order.organisation_id}


def _for_whom(order: WorkOrder, who: OfficialView, own: set[int], permission: Permission) -> int:
    if own:
        return order.organisation_id if order.organisation_id in own else min(own)
    return next(post.organisation_id for post in who.posts if scope_of_role(post.role, permission))
