"""Who sees which evidence of an order: the rated side what it brought itself, the authority all.

What an authority gathers - other windows' records, what a witness said - may tell who rated, so that nobody of the side that
is rated, or that handles the order or a part of it, sees it. Whoever serves in one of these organisations is of that side,
whatever other posts he has; who is himself the one that was rated sees what he brought, and no more. What he brings in his
own name for his own objection is for whoever decides: his organisation does not see it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission, scope_of_role
from haochaping.evidence.states import Side, Sight
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.ratings.queries import RatingForOrder, rating_of_order
from haochaping.rectification.course.steps import parts_in
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.order_rows import order_in_reach
from haochaping.rectification.own_case import is_rated_in


class Way(StrEnum):
    """By what somebody comes to the evidence of an order."""

    ORDER = "order"  # it is in his reach
    PART = "part"  # his organisation does a part of it
    RATED = "rated"  # his organisation was rated, and another one handles it
    OWN = "own"  # he was rated himself


@dataclass(frozen=True, slots=True)
class Place:
    """Where evidence lies for somebody. `id`: the order's, of a part the part's."""

    way: Way
    id: UUID


@dataclass(frozen=True)
class Looker:
    """An official before the evidence of an order; `organisation_id`: for whom he brings some. `rating` is None where it
    is not there any more. `place`: by what he came; `part`: of that way the part."""

    order: WorkOrder
    rating: RatingForOrder | None
    who: OfficialView
    reach: officials.Reach
    side: Side
    organisation_id: int
    own_case: bool
    place: Place
    part: OrderPart | None = None

    @property
    def adds(self) -> bool:
        """Whether he may bring evidence by this way, while it is taken."""
        match self.place.way:
            case Way.ORDER:
                return self.holds(Permission.ADD_EVIDENCE)
            case Way.PART:
                return self.organisation_id in self.reach.scope(Permission.ADD_EVIDENCE)
        return True

    def holds(self, permission: Permission) -> bool:
        """Whether he has another permission as well for the organisation of the order."""
        return self.order.organisation_id in self.reach.scope(permission)

    @property
    def sight(self) -> Sight:
        """How much of the evidence he sees."""
        if self.side is Side.AUTHORITY:
            return Sight(everything=True)
        himself = self.who.id if self.own_case else None
        if self.place.way in {Way.ORDER, Way.PART}:
            own = frozenset(post.organisation_id for post in self.who.posts)
            return Sight(organisations=own, only_by=himself)
        return Sight(side=self.side, organisations=frozenset({self.organisation_id}), only_by=himself)


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
    reach = _who(official_id, today)[1]
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
        place=Place(Way.ORDER, order.id),
    )


def looker_at(
    place: Place, official_id: UUID, now: datetime, *, adds: bool = False, locked: bool = False
) -> Looker:
    """The same by any way, for looking or, with `adds`, for bringing and taking back. Raises as `looker`."""
    wanted = Permission.ADD_EVIDENCE if adds else Permission.VIEW_EVIDENCE
    match place.way:
        case Way.ORDER:
            return looker(place.id, official_id, wanted, now, locked=locked)
        case Way.PART:
            return _of_part(place, official_id, wanted, now, locked=locked)
    return _of_rated(place, official_id, now, locked=locked)


def _of_part(place: Place, official_id: UUID, wanted: Permission, now: datetime, *, locked: bool) -> Looker:
    """Of a part its own organisation, and the authority above that has the whole order before it."""
    who, reach = _who(official_id, local_day(now))
    part = OrderPart.objects.filter(pk=place.id).first()
    if part is None or part.organisation_id not in reach.scope(Permission.VIEW_EVIDENCE):
        raise _missing()
    acting = reach.acting(wanted, part.organisation_id)
    if acting is None:
        raise NotAllowed("no_right", _("您的岗位没有办理这一步的权限。"))
    part.order = order = _held(part.order_id, locked=locked)
    if locked:
        part.refresh_from_db(fields=["state"])
    rating = rating_of_order(order.subject_id)
    own = {post.organisation_id for post in who.posts} & _rated_side(order, rating)
    if not own and order.organisation_id not in reach.scope(Permission.VIEW_EVIDENCE):
        raise _missing()
    return Looker(
        order=order,
        rating=rating,
        who=acting,
        reach=reach,
        side=Side.RATED if own else Side.AUTHORITY,
        organisation_id=part.organisation_id
        if part.organisation_id in own
        else _for_whom(order, who, own, wanted),
        own_case=is_rated_in(rating, official_id=official_id),
        place=place,
        part=part,
    )


def _of_rated(place: Place, official_id: UUID, now: datetime, *, locked: bool) -> Looker:
    """Whoever speaks for the rated where another organisation handles the order, or the one who was rated for himself: for
    their objections alone."""
    reach = _who(official_id, local_day(now))[1]
    order = _held(place.id, locked=locked)
    rating = rating_of_order(order.subject_id)
    himself = place.way is Way.OWN
    permission = Permission.FILE_OWN_OBJECTIONS if himself else Permission.FILE_OBJECTIONS
    acting = reach.acting(permission, rating.organisation_id) if rating is not None else None
    own_case = is_rated_in(rating, official_id=official_id)
    if rating is None or acting is None or (himself and not own_case):
        raise _missing()
    return Looker(
        order=order,
        rating=rating,
        who=acting,
        reach=reach,
        side=Side.PERSON if himself else Side.RATED,
        organisation_id=rating.organisation_id,
        own_case=own_case,
        place=place,
    )


def _who(official_id: UUID, on: date) -> tuple[OfficialView, officials.Reach]:
    known = officials.official(official_id=official_id, on=on)
    if known is None:
        raise _missing()
    return known, officials.Reach(known, on)


def _held(order_id: UUID, *, locked: bool) -> WorkOrder:
    orders = WorkOrder.objects.select_for_update() if locked else WorkOrder.objects
    order = orders.filter(pk=order_id).first()
    if order is None:
        raise _missing()
    return order


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
    return rated | {order.organisation_id} | {part.organisation_id for part in parts_in(order.id)}


def _for_whom(order: WorkOrder, who: OfficialView, own: set[int], permission: Permission) -> int:
    if own:
        return order.organisation_id if order.organisation_id in own else min(own)
    return next(post.organisation_id for post in who.posts if scope_of_role(post.role, permission))
