"""Which order an official may act on, locked for the act."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.rectification.models import WorkOrder


def order_for(
    order_id: UUID, official_id: UUID, permission: Permission, now: datetime
) -> tuple[WorkOrder, officials.OfficialView]:
    """The order, locked. Who may not see it learns nothing of it; who may only see it learns why. Raises
    NotFound, NotAllowed."""
    today = local_day(now)
    who = officials.official(official_id=official_id, on=today)
    seen = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    order = WorkOrder.objects.select_for_update().filter(id=order_id, organisation_id__in=seen).first()
    if who is None or order is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    if order.organisation_id not in officials.scope(official_id=official_id, permission=permission, on=today):
        raise NotAllowed("not_handler", _("您可以查看这张工单，但只有承办单位的经办人可以办理。"))
    return order, who
