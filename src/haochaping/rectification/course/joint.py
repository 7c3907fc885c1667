"""To whom a part of an order can be given: the same for the page that offers it and for the act that checks it."""

from datetime import date
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.rectification.course.steps import parts_in
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.parts import OPEN


def whom_to_give(order: WorkOrder, official_id: UUID, today: date) -> frozenset[int]:
    """The organisations (registry ids) to which an officer can give a part: within his reach, not the one that leads, and
    none whose part is still open."""
    reach = officials.scope(official_id=official_id, permission=Permission.DISPATCH_ORDERS, on=today)
    busy = [part.organisation_id for part in parts_in(order.id) if part.state in OPEN]
    return reach - {order.organisation_id, *busy}
