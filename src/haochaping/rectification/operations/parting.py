"""What an organisation does of its part of a joint order, and what an officer decides about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations.barred import CHANGED
from haochaping.rectification.operations.checking import text_problems
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.operations.part_steps import part_step
from haochaping.rectification.operations.parts_told import tell_released
from haochaping.rectification.operations.reach import own_case_words
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.parts import (
    PART_FINDINGS,
    PART_TABLE,
    PartAct,
    PartBar,
    PartStands,
    PartState,
    part_way,
)
from haochaping.rectification.states import Finding, State

LEAST: Final = 2
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class PartSaid:
    """What is said with an act on a part, as it was typed. Of a report: what was found (`finding`, `text`) and set right
    (`measures`, which may be left out where nothing was true); of a release why nobody waits any longer (`text`)."""

    text: str = ""
    finding: str = ""
    measures: str = ""


_NOTHING: Final = PartSaid()


@transaction.atomic
@asking_steadily()
def act_on_part(
    *,
    part_id: UUID,
    act: PartAct,
    official_id: UUID,
    revision: int,
    now: datetime,
    said: PartSaid = _NOTHING,
) -> PartState:
    """Takes, reports or releases a part; its state then. `revision` is the one of the page that the official looked at.

    The order is held: nobody answers meanwhile. Raises NotFound out of reach, NotAllowed without the right, Conflict when
    somebody was faster, the order is answered, or the part's limit has not passed, Invalid.
    """
    part, who = _part_for(part_id, act, official_id, now)
    stands = PartStands(PartState(part.state), State(part.order.state), part.due_at, part.due_provisional)
    row = part_way(act, stands, now)
    if row is PartBar.IN_TIME:
        raise Conflict("in_time", _("这一部分的期限还没有到，应当等待。逾期后可以决定不再等待。"))
    if isinstance(row, PartBar) or part.revision != revision:
        raise Conflict("changed", str(CHANGED))
    given = _checked(act, said)
    # The organisation of a part may not know the rater: it must not learn from a refusal who it was.
    check_words(part.order, given.text + given.measures, knows_rater=act is PartAct.RELEASE)
    if act is PartAct.REPORT:
        part.finding, part.verified, part.rectified = given.finding, given.text, given.measures
        part.done_at = now
    note = "\n".join(filter(None, (given.text, given.measures)))
    part_step(part, act, row.target, who, now, note=note)
    if act is PartAct.RELEASE:
        tell_released(part, now)
    return row.target


def _part_for(
    part_id: UUID, act: PartAct, official_id: UUID, now: datetime
) -> tuple[OrderPart, officials.OfficialView]:
    """The part with its order, which is locked, and the official as he acts on it: its organisation's handler, or an officer
    who has the order before him."""
    today = local_day(now)
    permission = next(row.permission for row in PART_TABLE if row.act is act)
    seen = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    order_id = OrderPart.objects.filter(pk=part_id).values_list("order_id", flat=True).first()
    order = WorkOrder.objects.select_for_update().filter(pk=order_id).first() if order_id else None
    part = OrderPart.objects.filter(pk=part_id).first()
    if order is None or part is None or not {order.organisation_id, part.organisation_id} & seen:
        raise NotFound("part", _("没有这项联办任务，或者它不属于您负责的单位。"))
    part.order = order
    whose = order if permission is Permission.DISPATCH_ORDERS else part
    who = officials.acting(
        official_id=official_id, permission=permission, on=today, organisation_id=whose.organisation_id
    )
    if who is None:
        raise NotAllowed("not_handler", _refused(permission))
    if is_own_case(subject_id=order.subject_id, official_id=official_id):
        raise NotAllowed("own_case", own_case_words())
    return part, who


def _refused(permission: Permission) -> str:
    if permission is Permission.DISPATCH_ORDERS:
        return _("您可以查看这项联办任务，但只有主管部门可以决定不再等待。")
    return _("您可以查看这项联办任务，但只有联办单位的经办人可以办理。")


def _checked(act: PartAct, said: PartSaid) -> PartSaid:
    """What was given. Raises Invalid with all that is wrong."""
    text, measures = (each.replace("\r\n", "\n").strip() for each in (said.text, said.measures))
    if act is PartAct.TAKE:
        return _NOTHING
    problems = text_problems(text, LEAST, MOST)
    if act is PartAct.RELEASE:
        measures = finding = ""
    else:
        finding = said.finding
        if finding not in PART_FINDINGS:
            problems.append(Problem("finding", "required", _("请选择核实结论：属实、部分属实或不属实。")))
        least = 0 if finding == Finding.UNTRUE else LEAST
        of_measures = text_problems(measures, least, MOST)
        problems += [Problem("measures", each.code, each.message) for each in of_measures]
    if problems:
        raise Invalid(problems)
    return PartSaid(text, finding, measures)
