"""What notices say, in the console, by mail and by text message: which order, what to do, by when; nothing of the rating."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.notices.states import (
    LOOK,
    PART,
    PART_RELEASED,
    PRESSURE,
    REVISIT,
    Channel,
    Kind,
    State,
    Withheld,
)

CHANNELS: Final[Mapping[Channel, Promise]] = {
    Channel.CONSOLE: gettext_lazy("工作台"),
    Channel.EMAIL: gettext_lazy("电子邮件"),
    Channel.SMS: gettext_lazy("短信"),
    Channel.ALARM: gettext_lazy("告警接口"),
    Channel.VIDEO: gettext_lazy("视频平台"),
}
KINDS: Final[Mapping[Kind, Promise]] = {
    Kind.NEARING: gettext_lazy("期限将满"),
    Kind.OVERDUE: gettext_lazy("逾期"),
    Kind.ESCALATED: gettext_lazy("上报、督办"),
    Kind.GIVEN: gettext_lazy("联办任务交办"),
    Kind.CONTESTABLE: gettext_lazy("可以提出异议"),
    Kind.LOOKED: gettext_lazy("查看身份信息"),
    Kind.ALARM: gettext_lazy("运行告警"),
    Kind.VIDEO: gettext_lazy("保存大厅录像"),
}
# What follows, as the rules have it (policy.redress.ACTIONS).
ACTIONS: Final[Mapping[str, Promise]] = {
    "reminder": gettext_lazy("催办"),
    "supervision": gettext_lazy("督办"),
    "talk": gettext_lazy("约谈"),
    "criticism": gettext_lazy("通报批评"),
    "correction": gettext_lazy("限期整改"),
    "accountability": gettext_lazy("问责"),
    "report": gettext_lazy("报告"),
    "discipline": gettext_lazy("移送纪检监察"),
}
# What has happened, as the rules have it (policy.redress.Escalation).
HAPPENED: Final[Mapping[str, Promise]] = {
    "nearing": gettext_lazy("期限将满"),
    "overdue": gettext_lazy("逾期"),
    "overdue_again": gettext_lazy("多次逾期"),
    "repeated_bad": gettext_lazy("反复差评"),
    "repeated_complaint": gettext_lazy("反复投诉"),
    "unsatisfied": gettext_lazy("对整改不满意"),
    "returned": gettext_lazy("退回"),
    "refused": gettext_lazy("拒不整改"),
    "retaliation": gettext_lazy("打击报复"),
    "fabrication": gettext_lazy("弄虚作假"),
}
# The steps whose limits end, as officials read of them.
STEPS: Final[Mapping[str, Promise]] = {
    "dispatch": gettext_lazy("转办"),
    "receipt": gettext_lazy("签收"),
    "contact": gettext_lazy("联系评价人"),
    "verification": gettext_lazy("核实"),
    "classification": gettext_lazy("分类"),
    "plan": gettext_lazy("整改方案"),
    "explanation": gettext_lazy("解释说明"),
    "extension": gettext_lazy("延期审批"),
    "rectification": gettext_lazy("整改"),
    "revisit": gettext_lazy("回访"),
    "rework": gettext_lazy("重新整改"),
    "approval": gettext_lazy("审核"),
    "answer": gettext_lazy("答复评价人"),
    "closure": gettext_lazy("办结"),
    "report": gettext_lazy("报送报告单"),
    "upload": gettext_lazy("上传上级平台"),
    "supervision": gettext_lazy("督办"),
    "decision": gettext_lazy("异议复核"),
    "appeal_decision": gettext_lazy("申诉复核"),
    "objection": gettext_lazy("提出异议"),
    PART: gettext_lazy("联办部分"),
    PRESSURE: gettext_lazy("直接办理"),
}
OWN_LIST: Final = "/console/notices/"
# Lists to which a notice leads, by its step: what it is about has no page, or one that is another's to open.
_LISTS: Final[Mapping[str, str]] = {
    REVISIT: "/console/revisits/",
    LOOK: "/console/audit/?act=identity.reveal",
}
# Where the page of what a notice is about lies, by its step; all others are orders.
_FOLDERS: Final[Mapping[str, str]] = {PART: "parts", PRESSURE: "pressure"}
STATES: Final[Mapping[State, Promise]] = {
    State.WAITING: gettext_lazy("等待发送"),
    State.SENT: gettext_lazy("已发送"),
    State.GIVEN_UP: gettext_lazy("多次失败，已停止发送"),
    State.WITHHELD: gettext_lazy("未外发"),
}
REASONS: Final[Mapping[str, Promise]] = {
    Withheld.DEMO: gettext_lazy("演示系统不向外发送"),
    Withheld.OFF: gettext_lazy("本系统没有开通这种通知方式"),
    Withheld.NO_ADDRESS: gettext_lazy("接收人没有留下地址，或者已经删除"),
}


class Told(Protocol):
    """As much of a notice as words are made of."""

    @property
    def kind(self) -> Kind: ...
    @property
    def action(self) -> str: ...
    @property
    def superior(self) -> bool: ...
    @property
    def subject(self) -> str: ...
    @property
    def reference(self) -> UUID | None: ...
    @property
    def step(self) -> str: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def clause(self) -> str: ...


def action_words(action: str) -> Promise | str:
    """What the rules have follow, in the words of the rules: 催办, 督办; a word of one's own stands for itself."""
    return ACTIONS.get(action) or action.removeprefix("named:")


def step_words(step: str) -> Promise | str:
    """The step of a limit; "" is that of the rectification."""
    return STEPS.get(step or "rectification", step)


def title(told: Told) -> str:
    """One line: which order, and what about it. A rating of oneself has no number."""
    named = {"number": told.subject, "step": step_words(told.step)}
    match told.kind:
        case Kind.NEARING:
            return _("工单 %(number)s 的%(step)s期限将满") % named
        case Kind.OVERDUE:
            return _("工单 %(number)s 的%(step)s已逾期") % named
        case Kind.GIVEN if told.action == PART_RELEASED:
            return _("工单 %(number)s 的联办部分，不再等待您的单位办理") % named
        case Kind.GIVEN:
            return _("工单 %(number)s 有一部分交给您的单位办理") % named
        case Kind.CONTESTABLE:
            return _("有一条差评与您有关，您可以提出异议")
        case Kind.LOOKED:
            return _("有人查看了 %(number)s 的姓名和电话") % named
    if told.step == "revisit":
        return _("回访 %(number)s 的评价人不满意，已按规定上报") % named
    return _("工单 %(number)s 已按规定上报") % named


def what_to_do(told: Told) -> str:
    """One sentence or two for the one who has to act, others for who looks after him. `action` in the words of the rules; ""
    where no rule has anything follow."""
    named = {"action": action_words(told.action), "step": step_words(told.step)}
    match told.kind:
        case Kind.GIVEN if told.action == PART_RELEASED:
            return _("主管部门已经决定不再等待，这一部分不需要再办理。")
        case Kind.GIVEN:
            return _("请登录后签收、核实和整改，并报告结果。")
        case Kind.CONTESTABLE:
            return _("认为评价不实的，请登录后在期限以内以本人名义提出；没有异议的，不需要操作。")
        case Kind.LOOKED:
            return _("请在审计记录中核对是谁查看、什么用途。")
        case Kind.OVERDUE if not told.action:
            return _late_without_rule(told)
    if told.superior and told.step == "revisit":
        return _("按规定应当%(action)s。请登录后查看回访，依规定处理。") % named
    if told.superior:
        return _("按规定应当%(action)s。请登录后查看工单，依规定处理。") % named
    match told.kind:
        case Kind.NEARING:
            return _("请在最后一日之前完成%(step)s。") % named
        case Kind.OVERDUE:
            return _("请立即完成%(step)s。按规定将%(action)s。") % named
    return _("请立即办理。按规定将%(action)s。") % named


def _late_without_rule(told: Told) -> str:
    """What is late and no rule has anything follow of: a part of a joint order, the authority's own order."""
    if not told.superior:
        return _("请立即完成%(step)s。") % {"step": step_words(told.step)}
    if told.step == PART:
        return _("请登录后决定继续等待，还是不再等待这一部分。")
    return _("请督促承办人员尽快办理。")


def page_of(told: Told) -> str:
    """The page of the console that a notice is about: the list of notices where it is about none."""
    if told.step in _LISTS:
        return _LISTS[told.step]
    if told.reference is None:
        return OWN_LIST
    return f"/console/{_folder(told)}/{told.reference}/"


def _folder(told: Told) -> str:
    if told.kind == Kind.CONTESTABLE:
        return "own-ratings"
    return _FOLDERS.get(told.step, "orders")


def lines(told: Told) -> tuple[str, ...]:
    """All that a mail or a text message says below its title."""
    said = [what_to_do(told)]
    if told.last_day is not None:
        day = {"year": told.last_day.year, "month": told.last_day.month, "day": told.last_day.day}
        named = {"step": step_words(told.step), **day}
        said.append(_("%(step)s期限的最后一日：%(year)s年%(month)s月%(day)s日。") % named)
    if told.clause:
        said.append(_("依据：%(clause)s。") % {"clause": told.clause})
    return tuple(said)


def reason_words(reason: str) -> Promise | str:
    """Why a notice did not go out; a word that is none of ours stands for itself."""
    return REASONS.get(reason, reason)
