"""What a revisit is about: an order, or a rating that was drawn without one. One place for what differs between them."""

from datetime import datetime
from uuid import UUID

from haochaping.foundation.errors import NotFound
from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import DEFAULTS, WAITS
from haochaping.ratings.queries.frames import occasion_to_ask
from haochaping.rectification.objection_queries import is_held_back
from haochaping.rectification.operations.answered import order_of_rating, rated_himself
from haochaping.rectification.operations.contact import RaterContact, contact_for_revisit, reveal_rater
from haochaping.rectification.operations.revisited import hold_order
from haochaping.rectification.own_case import is_own_case


def order_of(revisit: Revisit) -> UUID | None:
    """The order that it is about, or that the drawn rating opened; None where it opened none."""
    if revisit.order_id is not None:
        return revisit.order_id
    return order_of_rating(revisit.rating_id) if revisit.rating_id is not None else None


def hold(revisit: Revisit) -> None:
    """Locks its order, where there is one, before the revisit is locked: as everybody does who locks both."""
    order_id = order_of(revisit)
    if order_id is not None:
        hold_order(order_id)


def waits(revisit: Revisit) -> bool:
    """Whether an objection to the rating is undecided, and by the rules nobody asks meanwhile."""
    order_id = order_of(revisit)
    return order_id is not None and is_held_back(order_id, WAITS)


def is_about(revisit: Revisit, *, official_id: UUID) -> bool:
    """Whether it is the official himself who was rated."""
    if revisit.order_id is not None:
        return rated_himself(revisit.order_id, official_id=official_id)
    return revisit.rating_id is not None and is_own_case(
        subject_id=revisit.rating_id, official_id=official_id
    )


def contact(revisit: Revisit, *, actor: str, purpose: str, now: datetime) -> RaterContact:
    """Whom to call, in the caller's transaction. Raises NotFound where nobody may be asked, Invalid without a purpose."""
    if revisit.order_id is not None:
        return contact_for_revisit(order_id=revisit.order_id, actor=actor, purpose=purpose, now=now)
    if revisit.rating_id is None:
        raise NotFound("revisit", "")
    occasion_id = occasion_to_ask(revisit.rating_id, defaults=revisit.of == DEFAULTS)
    return reveal_rater(occasion_id, number=revisit.number, actor=actor, purpose=purpose, now=now)
