"""The rated object to a rating, in writing, and may take that back before it is decided."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import random_id
from haochaping.rectification.contests import Act, Barrier, By, Filing, Kind, State, filers, grounds_of
from haochaping.rectification.course.steps import AS_FILED
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.operations.contesting import Terms, count_review, reviewed, terms_for
from haochaping.rectification.operations.objection_acts import (
    Written,
    check_state,
    checked,
    locked,
    may_take_back,
    note,
    speaker,
)
from haochaping.rectification.operations.standing import count_clock
from haochaping.rectification.own_case import is_rated_in
from haochaping.rectification.rulebook import rulebook


def barrier_words(barrier: Barrier) -> str:
    """Why nothing can be filed, for whoever would."""
    return {
        Barrier.NOT_LAID_DOWN: _("适用的规则没有规定对评价提出异议或者申诉，不能提出。"),
        Barrier.NO_BODY: _("规则没有写明由哪个单位决定，或者登记表中没有这个单位，不能在本系统提出。"),
        Barrier.NOTHING_DECIDED: _("没有对被评价单位不利的复核决定，不能提出申诉。"),
        Barrier.PENDING: _("已经提出过，正在等待决定。决定前不能再次提出。"),
        Barrier.SETTLED: _("这条评价已经不计入，或者评价人已经更正，不需要再提出异议。"),
        Barrier.TIMES: _("规则规定的次数已经用完，不能再次提出。"),
        Barrier.LATE: _("规定的期限已过，不能再提出。"),
    }[barrier]


@transaction.atomic
@asking_steadily()
def file(*, order_id: UUID, kind: Kind, official_id: UUID, filing: Filing, now: datetime) -> UUID:
    """Files an objection or an appeal; its id. Within the limit, the forms, the grounds and the times of the rules alone.

    Until it is decided, what the rules say of that holds: the limit for rectification may stand still. Raises NotFound out
    of reach, NotAllowed for who does not speak for the rated, Conflict with the barrier's code, Invalid.
    """
    order = WorkOrder.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    by = speaker(order, official_id, now)
    rules, before = rulebook(), list(order.objections.order_by(*AS_FILED))
    terms = terms_for(order, kind, rating=by.rating, before=before, now=now, rulebook=rules)
    barrier = terms.barrier(now) if terms else Barrier.NOT_LAID_DOWN
    if barrier is not None or terms is None or terms.body is None:
        barrier = barrier or Barrier.NO_BODY
        raise Conflict(barrier.value, barrier_words(barrier))
    himself = is_rated_in(by.rating, official_id=official_id)
    texts = _checked(order, terms, filing, by.names, knows_rater=not himself)
    objection = Objection(
        id=random_id(),
        order=order,
        ordinal=len(before) + 1,
        kind=kind.value,
        by=filing.by,
        ground=filing.ground,
        reasons=texts["reasons"],
        evidence=texts["evidence"],
        organisation_id=terms.rating.organisation_id,
        body_id=terms.body.id,
        filed_by=official_id,
        filed_at=now,
        state=State.FILED,
    )
    count_review(objection, reviewed(objection, rulebook=rules))
    note(objection, Act.FILE, label=by.who.label, actor=by.who.actor, now=now, clause=terms.citation)
    count_clock(order, rules, now=now)
    return objection.id


def _checked(
    order: WorkOrder, terms: Terms, filing: Filing, names: tuple[By, ...], *, knows_rater: bool
) -> dict[str, str]:
    rule = terms.rule.value if terms.rule else None
    problems = []
    if rule is None or filing.by not in filers(rule) or filing.by not in names:
        problems.append(Problem("by", "required", _("请选择以谁的名义提出：被评价单位或者被评价人员。")))
    elif filing.by == By.PERSON and terms.rating.staff_id is None:
        message = _("这条评价没有指明工作人员，只能以被评价单位的名义提出。")
        problems.append(Problem("by", "nobody", message))
    if rule is None or filing.ground not in grounds_of(rule):
        problems.append(Problem("ground", "required", _("请选择一项规则允许的理由。")))
    written = (
        Written("reasons", filing.reasons, least=10),
        Written("evidence", filing.evidence, needed=rule is not None and rule.evidence),
    )
    return checked(order, written, problems, knows_rater=knows_rater)


@transaction.atomic
@asking_steadily()
def withdraw(*, objection_id: UUID, official_id: UUID, now: datetime) -> None:
    """Takes an undecided objection back: nothing is decided of the rating. A proposal inside the body, which nobody else
    sees, does not stand in the way. Raises NotFound, NotAllowed, Conflict."""
    objection = locked(objection_id)
    by = speaker(objection.order, official_id, now)
    if not may_take_back(objection, official_id, by.names):
        message = _("这份异议不是以您的名义提出的：工作人员本人提出的由本人撤回，单位提出的由单位撤回。")
        raise NotAllowed("not_filed", message)
    check_state(objection, Act.WITHDRAW, objection.revision)
    before = objection.state
    objection.state, objection.proposed_by = State.WITHDRAWN, None
    objection.outcome = objection.found = objection.findings = objection.reply = objection.heard = ""
    note(objection, Act.WITHDRAW, label=by.who.label, actor=by.who.actor, now=now, before=before)
    count_clock(objection.order, rulebook(), now=now)
