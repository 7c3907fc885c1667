"""Doing a revisit: each attempt is one step and one audit row; whom to call is looked up for a purpose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.identity.masks import names_numbers
from haochaping.oversight.answers import sealed_answers
from haochaping.oversight.asked_about import contact, hold, is_about, order_of, waits
from haochaping.oversight.models import Revisit, RevisitAnswer, RevisitStep
from haochaping.oversight.operations.not_satisfied import set_off_without_order
from haochaping.oversight.operations.revisit_clocks import keep_clock
from haochaping.oversight.queries.revisits import reach_of, revisits_of
from haochaping.oversight.reporting import holds_controls
from haochaping.oversight.revisiting import (
    LONGEST_ANSWER,
    Outcome,
    State,
    Terms,
    asks_of,
    attempts_of,
    ended_by,
    means_of,
    terms_kept,
)
from haochaping.policy.counting import Course
from haochaping.policy.vocabulary import MEANS
from haochaping.rectification.escalations import REVISIT
from haochaping.rectification.operations.answered import answered_order
from haochaping.rectification.operations.contact import RaterContact
from haochaping.rectification.operations.revisited import Unsatisfied, unsatisfied_on_revisit
from haochaping.rectification.rulebook import rulebook

LONGEST: Final = LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed of one attempt, unchecked. `satisfied` is "yes", "no" or ""; `answers` by question."""

    outcome: str = ""
    means: str = ""
    satisfied: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def attempt(*, revisit_id: UUID, official_id: UUID, revision: int, typed: Attempt, now: datetime) -> State:
    """Notes one attempt; the state after it. `revision` is the one of the page that the official looked at.

    What the rules make follow from a rater who is not satisfied follows in the same transaction. Raises NotFound out of
    reach, NotAllowed where the rules give it to another body, Conflict when it has ended or somebody was faster, Invalid
    for what is missing.
    """
    revisit, who = _mine(revisit_id, official_id, now)
    if revisit.state != State.DUE or revisit.revision != revision:
        message = _("这次回访刚刚有了新的进展，您的记录没有保存。请核对下面的最新情况后再填写。")
        raise Conflict("changed", message)
    terms = tuple(map(terms_kept, revisit.terms))
    checked = _checked(typed, means_of(terms) or tuple(MEANS), asks_of(terms))
    if checked.outcome == Outcome.NOT_REACHED:
        _check_between(revisit, now)
    return keep_attempt(revisit, terms, checked, By(who.label, who.actor), now)


@dataclass(frozen=True, slots=True)
class By:
    """Whose attempt it was: `label` in the history, `actor` in the trail."""

    label: str
    actor: str


def keep_attempt(
    revisit: Revisit,
    terms: tuple[Terms, ...],
    checked: Attempt,
    by: By,
    now: datetime,
    *,
    noted_at: datetime | None = None,
) -> State:
    """Writes an attempt down, in the caller's transaction, with order and revisit locked, and sets off what follows. Its
    history says `noted_at` where that is another instant."""
    outcome = Outcome(checked.outcome)
    tried = revisit.steps.count() + 1
    revisit.state = ended_by(outcome, tried=tried, attempts=attempts_of(terms))
    revisit.revision += 1
    if revisit.state != State.DUE:
        revisit.ended_at = noted_at or now
    if outcome is Outcome.ANSWERED:
        revisit.satisfied = checked.satisfied == "yes"
    revisit.save(update_fields=["state", "revision", "ended_at", "satisfied"])
    step_id = new_id(now)
    RevisitStep.objects.create(
        id=step_id,
        revisit=revisit,
        outcome=outcome,
        means=checked.means,
        actor=by.label,
        at=noted_at or now,
        answers=sealed_answers({**checked.answers, "": checked.note}, step=step_id),
        revision=revisit.revision,
    )
    audit.record(
        now=now,
        actor=by.actor,
        act="revisit.attempt",
        subject=f"revisit:{revisit.id}",
        clause=terms[0].clause[:200],
        detail={"outcome": outcome, "means": checked.means, "state": revisit.state},
    )
    if revisit.order_id is not None:
        keep_clock(revisit.order_id)
    if revisit.satisfied is False:
        _set_off(revisit, terms, now)
    return State(revisit.state)


def _check_between(revisit: Revisit, now: datetime) -> None:
    """An attempt in vain too soon after the last one is none (`steps.revisit`, `between`). Raises Conflict."""
    last = revisit.steps.order_by("-revision").values_list("at", flat=True).first()
    order = answered_order(revisit.order_id, rulebook=rulebook()) if revisit.order_id is not None else None
    step = order.rules.steps.get(REVISIT) if order is not None and order.rules is not None else None
    if last is None or step is None or order is None or order.rules is None:
        return
    due = order.rules.due(step.value.between, Course({REVISIT: last}))
    if due is not None and now < due.due_at:
        words = _(
            "按规定，没有联系上的要间隔一段时间再联系，%(at)s以前再次联系不上的不算一次。这次没有记录。"
        )
        at = due.due_at.astimezone(CN).strftime("%Y-%m-%d %H:%M")
        raise Conflict("too_early", words % {"at": at})


def _set_off(revisit: Revisit, terms: Iterable[Terms], now: datetime) -> None:
    """What the rules make follow from a rater who is not satisfied: for the order, where there is one."""
    order_id = order_of(revisit)
    if order_id is None:
        set_off_without_order(revisit, terms, now)
        return
    said = [Unsatisfied(each.rule, each.unsatisfied, each.clause) for each in terms if each.unsatisfied]
    unsatisfied_on_revisit(order_id=order_id, said=said, now=now)


@transaction.atomic
def see_contact(*, revisit_id: UUID, official_id: UUID, purpose: str, now: datetime) -> RaterContact:
    """Whom to call, while it is due, for a purpose that goes into the audit trail with the order's number.

    Raises NotFound out of reach and for an anonymous rater, NotAllowed, Conflict when it has ended, Invalid without a
    purpose.
    """
    revisit, who = _mine(revisit_id, official_id, now)
    if revisit.state != State.DUE:
        raise Conflict("ended", _("这次回访已经结束，不能再查看联系方式。"))
    return contact(revisit, actor=who.actor, purpose=purpose, now=now)


def _mine(revisit_id: UUID, official_id: UUID, now: datetime) -> tuple[Revisit, officials.OfficialView]:
    """The revisit, locked, and the official as he acts on it: by a post of his own, or as a deputy and named as one."""
    today = local_day(now)
    reach = reach_of(official_id, today)
    about = Revisit.objects.filter(pk=revisit_id).first()
    if about is not None:
        hold(about)
    revisit = revisits_of(reach).select_for_update(of=("self",)).filter(pk=revisit_id).first()
    if revisit is None:
        raise NotFound("revisit", "")
    whose, permission = reach.conducts_for(revisit), Permission.CONDUCT_REVISITS
    who = whose and officials.acting(
        official_id=official_id, permission=permission, on=today, organisation_id=whose
    )
    if not who:
        raise NotAllowed("not_reviser", _("您可以查看这次回访，但按规定由其他单位进行。"))
    if waits(revisit):
        raise Conflict("waits", _("对这条评价的异议正在复核，按规定复核期间暂不回访。决定以后再进行。"))
    if RevisitAnswer.objects.filter(revisit=revisit, taken_at__isnull=True).exists():
        words = _("评价人刚刚凭回执在网上作了回答，不需要再联系。请过一分钟查看结果。")
        raise Conflict("answered_online", words)
    if is_about(revisit, official_id=official_id):
        raise NotAllowed("own_case", _("这件差评评价的是您本人，不能由您回访。请交由其他人员进行。"))
    return revisit, who


def _checked(typed: Attempt, means: tuple[str, ...], asks: tuple[str, ...]) -> Attempt:
    problems = []
    answered = typed.outcome == Outcome.ANSWERED
    if typed.outcome not in list(Outcome):
        problems.append(Problem("outcome", "required", _("请选择联系结果。")))
    if typed.means not in means:
        problems.append(Problem("means", "required", _("请选择回访方式。")))
    if answered and typed.satisfied not in ("yes", "no"):
        problems.append(Problem("satisfied", "required", _("请选择评价人是否满意。")))
    note = typed.note.replace("\r\n", "\n").strip()
    given = (
        {ask: typed.answers.get(ask, "").replace("\r\n", "\n").strip() for ask in asks} if answered else {}
    )
    for index, (ask, answer) in enumerate(given.items()):
        if not answer:
            words = _("请填写评价人对“%(ask)s”的回答；没有回答的，请写明。") % {"ask": ask}
            problems.append(Problem(f"answer-{index}", "required", words))
    for name, text in (("note", note), *((f"answer-{n}", each) for n, each in enumerate(given.values()))):
        problems += _about(name, text)
    if problems:
        raise Invalid(problems)
    return Attempt(typed.outcome, typed.means, typed.satisfied if answered else "", given, note)


def _about(name: str, text: str) -> list[Problem]:
    if len(text) > LONGEST:
        words = _("最多%(most)d个字，现在是%(length)d个字。") % {"most": LONGEST, "length": len(text)}
        return [Problem(name, "length", words)]
    if holds_controls(text):
        return [Problem(name, "characters", _("文字中有无法显示的控制字符，请删除后重新输入。"))]
    if names_numbers(text):
        return [Problem(name, "personal", _("文字中有手机号码、证件号码或信用代码，请删去后再提交。"))]
    return []
