"""The words of the console for states, findings, steps and clocks; each table is total over its enum. Those of acts are in
`act_words`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from haochaping.cases.static_places import WhyNot
from haochaping.ratings.states import Settled
from haochaping.rectification.rules import Clock, ClockKind
from haochaping.rectification.states import Finding, RaterAct, SetOff, State, Verdict

Words = str | Promise

# By what is to be done next: that is what the desk is for.
STATES: dict[State, Words] = {
    State.OPENED: gettext_lazy("待签收"),
    State.RETURNED: gettext_lazy("已退回，待转办"),
    State.TAKEN: gettext_lazy("待核实"),
    State.VERIFIED: gettext_lazy("待整改"),
    State.EXPLAINED: gettext_lazy("已解释，待整改"),
    State.RECTIFIED: gettext_lazy("待答复"),
    State.DRAFTED: gettext_lazy("答复待审核"),
    State.ANSWERED: gettext_lazy("待办结"),
    State.CLOSED: gettext_lazy("已办结"),
}
FINDINGS: dict[Finding, Words] = {
    Finding.TRUE: gettext_lazy("属实"),
    Finding.PARTLY: gettext_lazy("部分属实"),
    Finding.UNTRUE: gettext_lazy("不属实"),
    Finding.NO_BASIS: gettext_lazy("缺乏法定依据"),
}
# Whom an order waits for, told to those who can do nothing on it now.
WAITING: dict[State, Words] = {
    State.RETURNED: gettext_lazy("由主管部门转办，您可以查看。"),
    State.DRAFTED: gettext_lazy("由承办单位的另一位人员审核，您可以查看。"),
}
WAITING_FOR_HANDLER = gettext_lazy("由承办单位的经办人办理，您可以查看。")
RATER_ACTS: dict[RaterAct, Words] = {
    RaterAct.CORRECTED: gettext_lazy("评价人更正过评价。"),
    RaterAct.ADDED: gettext_lazy("评价人补充过意见。"),
    RaterAct.ANONYMOUS: gettext_lazy("评价人撤回了联系同意，此后按匿名评价办理，不得再与其联系。"),
    RaterAct.TAKEN_BACK: gettext_lazy("评价人撤回了评价。"),
    RaterAct.VERDICT: gettext_lazy("评价人对整改作过评价。"),
    RaterAct.SILENT: gettext_lazy("评价人在期限内没有评价整改，已按照规定推定。"),
    RaterAct.REVISITED: gettext_lazy("评价人在回访中表示对整改不满意。"),
}
VERDICTS: dict[Verdict, Words] = {
    Verdict.SATISFIED: gettext_lazy("评价过的最近一次答复：满意。"),
    Verdict.UNSATISFIED: gettext_lazy("评价过的最近一次答复：不满意。"),
}
SETS_OFF: dict[SetOff, Words] = {
    SetOff.REOPEN: gettext_lazy("按照规定重新整改。"),
    SetOff.SUPERVISE: gettext_lazy("按照规定转为督办。"),
    SetOff.ESCALATE: gettext_lazy("按照规定报上级处理。"),
    SetOff.REVIEW: gettext_lazy("按照规定转为复查。"),
}
EXCLUDED = gettext_lazy("已撤销")
# What static codes are of (`cases.static_code.SUBJECTS`).
SUBJECTS: dict[str, Words] = {
    "window": gettext_lazy("窗口"),
    "hall": gettext_lazy("大厅"),
    "platform": gettext_lazy("服务平台"),
    "guide": gettext_lazy("办事指南"),
}
WHY_NOT: dict[WhyNot, Words] = {
    WhyNot.NOBODY: gettext_lazy("没有负责的单位，差评没有去处。"),
    WhyNot.NO_RULES: gettext_lazy("这里没有适用的规则。"),
    WhyNot.NOT_NAMED: gettext_lazy("现行规则没有把它列为评价对象。"),
    WhyNot.NEEDS_CASE: gettext_lazy("现行规则要求有办件才能评价。"),
}
SETTLED: dict[Settled, Words] = {
    Settled.MATCHED: gettext_lazy("已计入所办的事"),
    Settled.SEVERAL: gettext_lazy("不能确定是谁的哪件事"),
    Settled.TAKEN: gettext_lazy("那件事已另有评价"),
    Settled.UNFIT: gettext_lazy("那件事的评价须实名或说明原因"),
    Settled.VOIDED: gettext_lazy("这条评价已决定不予采纳"),
    Settled.WITHDRAWN: gettext_lazy("评价人已撤回这条评价"),
    Settled.UNMATCHED: gettext_lazy("没有对应的办件"),
}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`tone` is the badge's colour: red for overdue alone."""

    text: str
    tone: str


NEAR = 3


def time_left(clock: Clock) -> TimeLeft:
    """The clock in words, e.g. 还剩 3 个工作日, 逾期 2 个工作日, 未规定; a provisional one is marked 推定."""
    text, tone = _time_left(clock)
    return TimeLeft(_("{text}（推定）").format(text=text) if clock.provisional else text, tone)


def step_left(clock: Clock) -> str:
    """Likewise of a step that is not the rectification."""
    match clock.kind:
        case ClockKind.MET:
            return _("已按时完成")
        case ClockKind.MET_LATE:
            return _("逾期完成")
    return time_left(clock).text


def _time_left(clock: Clock) -> tuple[str, str]:
    match clock.kind:
        case ClockKind.BEFORE_VERIFICATION:
            return _("核实后起算"), "grey"
        case ClockKind.UNTRUE:
            return _("不属实，不计期限"), "grey"
        case ClockKind.NO_BASIS:
            return _("缺乏法定依据，不计期限"), "grey"
        case ClockKind.EXCLUDED:
            return _("已撤销，不计期限"), "grey"
        case ClockKind.STANDS_STILL:
            return _("复核期间，期限中止"), "grey"
        case ClockKind.NOT_LAID_DOWN:
            return _("未规定"), "grey"
        case ClockKind.RUNNING if clock.days == 0:
            return _("不到 1 个工作日"), "amber"
        case ClockKind.RUNNING:
            tone = "amber" if clock.days <= NEAR else "blue"
            return ngettext("还剩 {n} 个工作日", "还剩 {n} 个工作日", clock.days).format(n=clock.days), tone
        case ClockKind.LAST_DAY:
            return _("今天到期"), "amber"
        case ClockKind.OVERDUE if clock.days == 0:
            return _("已逾期"), "red"
        case ClockKind.OVERDUE:
            return ngettext("逾期 {n} 个工作日", "逾期 {n} 个工作日", clock.days).format(n=clock.days), "red"
        case ClockKind.PROVISIONAL_OVER:
            return _("期限已过，待节假日安排公布后确认"), "amber"
        case ClockKind.MET:
            return _("已按期整改"), "green"
        case ClockKind.MET_LATE:
            return _("逾期整改"), "red"
