"""Looking up whom to call about an order that was given under 实名."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.rules import Permission
from haochaping.cases.queries import occasion_facts
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.identity import operations as identity
from haochaping.notices.operations.looked import tell_auditors
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.reach import order_for

_LONGEST_PURPOSE = 100


@dataclass(frozen=True, slots=True)
class RaterContact:
    """The rater of a named order; what the sender did not report is empty."""

    project_no: str
    name: str
    phone: str


@transaction.atomic
def see_contact(*, order_id: UUID, official_id: UUID, purpose: str, now: datetime) -> RaterContact:
    """Name, phone and case number, for a purpose that goes into the audit trail with the order's number.

    Raises NotFound out of reach, for an anonymous rating and where nothing was reported; NotAllowed without
    the right; Invalid without a purpose.
    """
    order, who = order_for(order_id, official_id, Permission.SEE_CONTACT, now)
    return _revealed(order, who.actor, purpose, now)


@transaction.atomic
def contact_for_revisit(*, order_id: UUID, actor: str, purpose: str, now: datetime) -> RaterContact:
    """The same for whoever revisits: that he may is checked by the room of revisits, which calls this in its transaction.

    Raises NotFound and Invalid as `see_contact` does.
    """
    order = WorkOrder.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NotFound("order", "")
    return _revealed(order, actor, purpose, now)


def _revealed(order: WorkOrder, actor: str, purpose: str, now: datetime) -> RaterContact:
    rating = next(iter(rating_for_order([order.subject_id])), None) if order.named else None
    # Asked of the rating itself: consent that was withdrawn a moment ago is withdrawn.
    agreed = rating is not None and rating.contactable
    occasion_id = rating.occasion_id if rating is not None and agreed else None
    return reveal_rater(occasion_id, number=order.number, actor=actor, purpose=purpose, now=now)


def reveal_rater(
    occasion_id: UUID | None, *, number: str, actor: str, purpose: str, now: datetime
) -> RaterContact:
    """Whose occasion it was, in the caller's transaction, for whoever has checked that he may be asked; None: nobody may.
    `number` stands before the purpose in the audit trail. Raises NotFound and Invalid as `see_contact` does."""
    purpose = purpose.strip()
    if not 2 <= len(purpose) <= _LONGEST_PURPOSE or not purpose.isprintable():
        message = _("请用2至{most}个字写明查看联系方式的用途，例如“核实情况”。").format(most=_LONGEST_PURPOSE)
        raise Invalid([Problem("purpose", "length", message)])
    if occasion_id is None:
        raise NotFound("no_contact", _("评价人选择了匿名，或者没有留下联系方式，不能查看。"))
    facts = occasion_facts(occasion_id=occasion_id)
    contact = identity.reveal(record_id=facts.version_id, actor=actor, purpose=f"{number} {purpose}", now=now)
    tell_auditors(actor=actor, number=number, now=now)
    return RaterContact(facts.project_no, contact.name, contact.phone)
