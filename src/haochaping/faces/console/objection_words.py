"""The words of the console for objections; each table is total over its enum."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.rectification.contests import Act, By, Kind, Outcome, State

Words = str | Promise

KINDS: dict[Kind, Words] = {Kind.OBJECTION: _("异议"), Kind.APPEAL: _("申诉")}
FILE: dict[Kind, Words] = {Kind.OBJECTION: _("提出异议（申请复核）"), Kind.APPEAL: _("对复核决定提出申诉")}
BY: dict[By, Words] = {By.ORGANISATION: _("被评价单位"), By.PERSON: _("被评价工作人员本人")}
STATES: dict[State, Words] = {
    State.FILED: _("待复核"),
    State.ACCEPTED: _("复核中"),
    State.PROPOSED: _("待第二人确认"),
    State.DECIDED: _("已决定"),
    State.VOIDING: _("待确认不计入"),
    State.RESTORING: _("待确认恢复计入"),
    State.WITHDRAWN: _("已撤回"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.UPHELD: _("成立"),
    Outcome.REFUSED: _("不成立"),
    Outcome.UNESTABLISHED: _("无法认定"),
}
# What an upheld ground did to the rating, as the rules say it.
EFFECTS: dict[str, Words] = {
    "not_counted": _("这条评价不计入任何统计，原评价保留"),
    "unrated": _("这次服务视为未评价，原评价保留"),
    "default": _("这次服务按默认等次计，原评价保留"),
}
# What holds while it is undecided, as the rules say it.
PENDING: dict[str, Words] = {
    "not_counted": _("决定前暂不计分"),
    "not_published": _("决定前暂不公开"),
    "rectification_stands_still": _("决定前整改期限中止"),
    "revisit_waits": _("决定前暂不回访"),
}


@dataclass(frozen=True, slots=True)
class ActWords:
    """`name` in histories; `button` and `hint` of the form; `done` once it is done."""

    name: Words
    button: Words = ""
    hint: Words = ""
    done: Words = ""


ACTS: dict[Act, ActWords] = {
    Act.FILE: ActWords(_("提出"), _("提交"), done=_("已提交。决定和答复会显示在工单页面。")),
    Act.WITHDRAW: ActWords(_("撤回"), _("撤回"), done=_("已撤回。评价照常计入，工单照常办理。")),
    Act.ACCEPT: ActWords(
        _("受理"),
        _("受理"),
        _("受理后进行复核。规则从受理起算期限的，期限从此起算。"),
        _("已受理。下一步：复核并作出决定。"),
    ),
    Act.DECIDE: ActWords(
        _("复核决定"),
        _("提交决定"),
        _("结论成立、并使评价不计入的，须由本单位另一人确认后才生效；在此之前评价照计。"),
        _("决定已保存。"),
    ),
    Act.VOID: ActWords(
        _("提议不计入"),
        _("提议这条评价不计入"),
        _("因逾期未决而成立。提议后由本单位另一人确认，确认前评价照计。"),
        _("提议已保存，等待另一人确认。"),
    ),
    Act.RESTORE: ActWords(
        _("提议恢复"),
        _("提议恢复计入"),
        _("发现不计入有误的，写明理由提议恢复，由本单位另一人确认后，这条评价重新计入，工单从原处继续办理。"),
        _("提议已保存，等待另一人确认。"),
    ),
    Act.CONFIRM: ActWords(
        _("确认"),
        _("确认，立即生效"),
        _("请独立核对经过和依据。确认后统计和工单随即变动，答复同时送达被评价单位。"),
        _("已确认，已经生效。"),
    ),
    Act.SEND_BACK: ActWords(
        _("退回"),
        _("不同意，退回"),
        _("不同意的，写明理由退回重新复核。"),
        _("已退回。"),
    ),
    Act.LAPSE: ActWords(_("逾期未决，按规定处理")),
    Act.ESCALATE: ActWords(_("逾期未决，转上一级")),
}
