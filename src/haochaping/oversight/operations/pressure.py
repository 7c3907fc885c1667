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
from haochaping.foundation.ids import new_id
from haochaping.identity import operations as identity
from haochaping.identity.masks import names_numbers
from haochaping.identity.operations import Contact
from haochaping.oversight.models import PressureReport, PressureStep
from haochaping.oversight.queries.pressure import clause_for, reports_of
from haochaping.oversight.reporting import holds_controls
from haochaping.oversight.sealed import sealed_words
from haochaping.oversight.states import TRANSITIONS, Act, State, Transition, Verdict

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

    An `answer` is what the reporter reads with his receipt; everything else stays with the authority. The clause is that of
    the rules in the reported place for 打击报复 and 弄虚作假 (Kunming, article 11), where they have one. Raises NotFound for
    whoever is not the receiving authority, Conflict, Invalid.
    """
    transition = TRANSITIONS[act]
    report, who = _taken(report_id, official_id, now)
    if report.revision != revision or State(report.state) not in transition.sources:
        message = _("这份反映刚刚有了新的进展，您的操作没有保存。请核对下面的最新情况后再办理。")
        raise Conflict("changed", message)
    text = _checked(transition, text, verdict)
    clause = clause_for(report, local_day(now)) if act is Act.DECIDE else ""
    before = report.state
    _change(report, transition, text, verdict, now)
    step_id = new_id(now)
    PressureStep.objects.create(
        id=step_id,
        report=report,
        act=act.value,
        actor=who.label,
        at=now,
        note=sealed_words(text, row=step_id, column="note"),
        clause=clause,
        revision=report.revision,
    )
    audit.record(
        now=now,
        actor=who.actor,
        act=f"pressure.{act}",
        subject=f"pressure:{report.number}",
        clause=clause,
        detail={"from": before, "to": report.state, "verdict": report.verdict},
    )


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
    return identity.reveal(
        record_id=report.id, actor=who.actor, purpose=f"{report.number} {purpose}", now=now
    )


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
    if transition.verdict:
        report.verdict = verdict
    if transition.act is Act.ANSWER:
        report.answer = sealed_words(text, row=report.id, column="answer")
        report.answered_at = now
    report.save()
