"""One act on one order: right, state, content; then state, step and audit row in one transaction."""

import unicodedata
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit import operations as audit
from haochaping.foundation.errors import Conflict, Invalid, Problem
from haochaping.foundation.ids import new_id
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations import governing
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.operations.reach import order_for
from haochaping.rectification.operations.silence import wait_for_verdict
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import TRANSITIONS, Act, Finding, State, Transition

ALLOWED_CONTROLS = frozenset("\n\t")
# From these the limit of the rater's verdict may run.
_AWAITED = frozenset({Act.ANSWER, Act.CLOSE})


@transaction.atomic
def act(
    *,
    order_id: UUID,
    act: Act,
    official_id: UUID,
    revision: int,
    now: datetime,
    text: str = "",
    finding: str = "",
) -> None:
    """Leads the order on by one act. `revision` is the one of the page that the official looked at.

    Verification of what is true, wholly or partly, starts the profile's limit for rectification (Kunming,
    article 12: 15 working days). Raises NotFound out of reach, NotAllowed without the right, Conflict when
    somebody was faster or the state does not allow the act, Invalid for what is missing or too long.
    """
    transition = TRANSITIONS[act]
    order, who = order_for(order_id, official_id, transition.permission, now)
    _check_unchanged(order, revision, transition)
    text = _checked(transition, text, finding)
    check_words(order, text)
    if transition.finding:
        order.finding = finding  # by which rules may be chosen
    governed = governing.governed(order, at=now, rulebook=rulebook()) if transition.rule else None
    clause = (governed.rules.citation(transition.rule) or "") if governed else ""
    _change(order, transition, text, governed, now)
    OrderStep.objects.create(
        id=new_id(now),
        order=order,
        act=act.value,
        from_state=transition.source.value,
        to_state=transition.target.value,
        actor=who.label,
        at=now,
        note=text,
        clause=clause,
        revision=order.revision,
    )
    if transition.act in _AWAITED:
        wait_for_verdict(order)
    audit.record(
        now=now,
        actor=who.actor,
        act=f"order.{act}",
        subject=f"order:{order.number}",
        clause=clause,
        detail={"from": transition.source.value, "to": transition.target.value},
    )


def _check_unchanged(order: WorkOrder, revision: int, transition: Transition) -> None:
    if order.state == transition.target and order.revision == revision + 1 and not order.exclusion:
        raise Conflict("done", _("这一步已经办过了，没有重复办理。请核对下面的办理记录。"))
    if order.revision != revision or order.state != transition.source:
        raise Conflict(
            "changed", _("这张工单刚刚有了新的进展，您的操作没有保存。请核对下面的最新情况后再办理。")
        )


def _checked(transition: Transition, text: str, finding: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    problems = []
    if transition.finding and finding not in list(Finding):
        problems.append(Problem("finding", "required", _("请选择核实结论：属实、部分属实或不属实。")))
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in ALLOWED_CONTROLS for each in text):
        message = _("文字中有无法显示的控制字符，可能是从其他软件复制而来。请删除后重新输入。")
        problems.append(Problem("text", "characters", message))
    if transition.most and not transition.least <= len(text) <= transition.most:
        message = _("请填写{least}至{most}个字，现在是{length}个字。").format(
            least=transition.least, most=transition.most, length=len(text)
        )
        problems.append(Problem("text", "length", message))
    if problems:
        raise Invalid(problems)
    return text if transition.most else ""


def _change(
    order: WorkOrder,
    transition: Transition,
    text: str,
    governed: governing.Governed | None,
    now: datetime,
) -> None:
    order.state = transition.target
    order.revision += 1
    if transition.act is Act.VERIFY:
        _start_clock(order, governed)
    if transition.act is Act.ANSWER:
        order.answer = text
    if transition.target is State.CLOSED:
        order.closed_at = now
    order.save()


def _start_clock(order: WorkOrder, governed: governing.Governed | None) -> None:
    if governed is None or order.finding == Finding.UNTRUE:
        return
    deadline = governed.rectification_limit()
    order.stands_still = governed.stands_still()
    if deadline is not None:
        order.due_at = deadline.due_at
        order.due_provisional = deadline.provisional
    if deadline is not None or order.stands_still:
        order.due_clause = governed.rules.citation("rectification") or ""
