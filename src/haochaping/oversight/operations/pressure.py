"""What the authority does about a report of pressure: one act, one step, one audit row."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Problem
from haochaping.identity import operations as identity
from haochaping.identity.masks import names_numbers
from haochaping.identity.operations import Contact
from haochaping.notices.operations.looked import tell_auditors
from haochaping.oversight.models import PressureReport
from haochaping.oversight.operations.pressure_steps import follow, new_order_number, step
from haochaping.oversight.queries.pressure import clause_for, reports_of
from haochaping.oversight.reporting import holds_controls
from haochaping.oversight.sealed import sealed_words
from haochaping.oversight.states import TRANSITIONS, Act, State, Transition, Verdict, allowed
from haochaping.registry import queries as registry

_LONGEST_PURPOSE = 100


@transaction.atomic
def act(
    *,
    report_id: UUID,
    act: Act,
    official_id: UUID,
    revision: int,
    now: datetime,
    text: str = "",
    verdict: str = "",
) -> None:
    """Leads a report on, or adds a note. `revision` is the one of the page that the official looked at.

    Who takes it opens the authority's own work order for it, which nobody else sees. An `answer` is what the reporter reads
    with his receipt; everything else stays with the authority. The clause is that of the rules in the reported place for
    打击报复 and 弄虚作假 (Kunming, article 11), where they have one; what they set off when it is found to be so goes into
    the history by itself. Raises NotFound for whoever is not the receiving authority, Conflict, Invalid.
    """
    report, who = _taken(report_id, official_id, now)
    if report.revision != revision or not allowed(act, State(report.state), report.verdict):
        message = _("这份反映刚刚有了新的进展，您的操作没有保存。请核对下面的最新情况后再办理。")
        raise Conflict("changed", message)
    transition = TRANSITIONS[act]
    text = _checked(transition, text, verdict)
    clause = clause_for(report, local_day(now)) if act in (Act.DECIDE, Act.MEASURE) else ""
    above = _above(report, now) if act is Act.HAND_UP else None
    before = report.state
    _change(report, transition, text, verdict, now)
    if above is not None:
        # Whoever takes it there decides anew, and is told anew that it is late.
        report.authority_id, report.verdict, report.late_for = above, "", None
    step(report, act, who, text, clause, now)
    audit.record(
        now=now,
        actor=who.actor,
        act=f"pressure.{act}",
        subject=f"pressure:{report.number}",
        clause=clause,
        detail={"from": before, "to": report.state, "verdict": report.verdict},
    )
    follow(report, act, now)
    report.save()


def _above(report: PressureReport, now: datetime) -> int:
    found = registry.authority_above(report.authority_id, local_day(now))
    if found is None:
        message = _(
            "这里没有上一级主管部门可以受理，您的操作没有保存。需要移送的，请在认定时选择移送纪检监察。"
        )
        raise Conflict("nobody_above", message)
    return found.id


@transaction.atomic
def see_contact(*, report_id: UUID, official_id: UUID, purpose: str, now: datetime) -> Contact:
    """Whom to call about a report, for a purpose that goes into the audit trail with the report's number.

    Raises NotFound for whoever is not the receiving authority and where nobody agreed to be called, Invalid without a
    purpose.
    """
    report, who = _taken(report_id, official_id, now)
    purpose = purpose.strip()
    if not 2 <= len(purpose) <= _LONGEST_PURPOSE or not purpose.isprintable():
        message = _("请选择查看联系方式的用途。")
        raise Invalid([Problem("purpose", "length", message)])
    if not report.may_contact:
        raise NotFound("no_contact", _("反映人没有留下联系方式。"))
    said = f"{report.number} {purpose}"
    contact = identity.reveal(record_id=report.id, actor=who.actor, purpose=said, now=now)
    tell_auditors(actor=who.actor, number=report.number, now=now)
    return contact


def _taken(
    report_id: UUID, official_id: UUID, now: datetime
) -> tuple[PressureReport, officials.OfficialView]:
    today = local_day(now)
    mine = reports_of(official_id=official_id, on=today)
    report = mine.select_for_update(of=("self",)).filter(pk=report_id).first()
    # Who does not hold the permission for that authority has no report.
    who = officials.acting(official_id=official_id, permission=Permission.HANDLE_PRESSURE, on=today)
    if who is None or report is None:
        raise NotFound("pressure", "")
    return report, who


def _checked(transition: Transition, text: str, verdict: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    problems = []
    if transition.verdict and verdict not in list(Verdict):
        problems.append(Problem("verdict", "required", _("请选择处理结果：属实、不属实或移送纪检监察。")))
    if transition.most and not transition.least <= len(text) <= transition.most:
        words = _("请填写%(least)d至%(most)d个字，现在是%(length)d个字。")
        lengths = {"least": transition.least, "most": transition.most, "length": len(text)}
        problems.append(Problem("text", "length", words % lengths))
    if holds_controls(text):
        problems.append(Problem("text", "characters", _("文字中有无法显示的控制字符，请删除后重新输入。")))
    if names_numbers(text):
        message = _("文字中有手机号码、证件号码或信用代码，请删去后再提交。")
        problems.append(Problem("text", "personal", message))
    if problems:
        raise Invalid(problems)
    return text if transition.most else ""


def _change(report: PressureReport, transition: Transition, text: str, verdict: str, now: datetime) -> None:
    report.revision += 1
    if transition.target is not None:
        report.state = transition.target
    if report.state != State.RECEIVED:
        report.order_number = report.order_number or new_order_number()
    if transition.verdict:
        report.verdict = verdict
    if transition.act is Act.ANSWER:
        report.answer = sealed_words(text, row=report.id, column="answer")
        report.answered_at = now
