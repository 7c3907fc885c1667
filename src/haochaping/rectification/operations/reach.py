"""Which order an official may act on, locked for the act."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.own_case import is_own_case


def order_for(
    order_id: UUID, official_id: UUID, permission: Permission, now: datetime
) -> tuple[WorkOrder, officials.OfficialView]:
    """The order, locked, and the official as he acts on it: with a post of his own, or as a named deputy.

    Who may not see it learns nothing of it; who may only see it learns why, and so does who is the one that was rated.
    Raises NotFound, NotAllowed.
    """
    today = local_day(now)
    seen = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    order = WorkOrder.objects.select_for_update().filter(id=order_id, organisation_id__in=seen).first()
    if order is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    who = officials.acting(
        official_id=official_id, permission=permission, on=today, organisation_id=order.organisation_id
    )
    if who is None:
        raise NotAllowed("not_handler", _refused(permission))
    if is_own_case(subject_id=order.subject_id, official_id=official_id):
        raise NotAllowed("own_case", own_case_words())
    return order, who


def own_case_words() -> str:
    """Why the rated himself is refused, and what he can do."""
    return _(
        "这张工单评价的是您本人，不能由您办理、审核或者决定。请交由本单位其他人员办理；对评价有异议的，可以申请复核。"
    )


def _refused(permission: Permission) -> str:
    match permission:
        case Permission.DISPATCH_ORDERS:
            return _("您可以查看这张工单，但只有主管部门可以转办。")
        case Permission.GRANT_EXTENSIONS:
            return _("您可以查看这张工单，但只有主管部门可以批准延期。")
        case Permission.SUPERVISE_ORDERS:
            return _("您可以查看这张工单，但只有主管部门可以督办、复查。")
        case Permission.APPROVE_ANSWERS:
            return _("您可以查看这张工单，但只有承办单位可以审核答复。")
        case Permission.UPLOAD_RESULTS:
            return _("您可以查看这张工单，但只有主管部门可以登记上传。")
    return _("您可以查看这张工单，但只有承办单位的经办人可以办理。")
