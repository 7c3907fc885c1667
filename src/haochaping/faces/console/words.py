"""The words of the console for states, acts, findings and clocks; each table is total over its enum."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from haochaping.rectification.rules import Clock, ClockKind
from haochaping.rectification.states import Act, Finding, RaterAct, SetOff, State, Verdict

Words = str | Promise

# By what is to be done next: that is what the desk is for.
STATES: dict[State, Words] = {
    State.OPENED: gettext_lazy("待签收"),
    State.TAKEN: gettext_lazy("待核实"),
    State.VERIFIED: gettext_lazy("待整改"),
    State.RECTIFIED: gettext_lazy("待答复"),
    State.ANSWERED: gettext_lazy("待办结"),
    State.CLOSED: gettext_lazy("已办结"),
}
FINDINGS: dict[Finding, Words] = {
    Finding.TRUE: gettext_lazy("属实"),
    Finding.PARTLY: gettext_lazy("部分属实"),
    Finding.UNTRUE: gettext_lazy("不属实"),
}
RATER_ACTS: dict[RaterAct, Words] = {
    RaterAct.CORRECTED: gettext_lazy("评价人更正过评价。"),
    RaterAct.ADDED: gettext_lazy("评价人补充过意见。"),
    RaterAct.ANONYMOUS: gettext_lazy("评价人撤回了联系同意，此后按匿名评价办理，不得再与其联系。"),
    RaterAct.TAKEN_BACK: gettext_lazy("评价人撤回了评价。"),
    RaterAct.VERDICT: gettext_lazy("评价人对整改作过评价。"),
    RaterAct.SILENT: gettext_lazy("评价人在期限内没有评价整改，已按照规定推定。"),
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


@dataclass(frozen=True, slots=True)
class ActWords:
    """`name` in histories; `button`, `hint`, `label` and `help` of the form; `done` once it is done."""

    name: Words
    button: Words
    hint: Words
    done: Words
    label: Words = ""
    help: Words = ""


ACTS: dict[Act, ActWords] = {
    Act.TAKE: ActWords(
        name=gettext_lazy("签收"),
        button=gettext_lazy("签收工单"),
        hint=gettext_lazy("签收表示由您负责办理这张工单。签收后请先核实情况。"),
        done=gettext_lazy("已签收。下一步：核实情况。"),
    ),
    Act.VERIFY: ActWords(
        name=gettext_lazy("核实"),
        button=gettext_lazy("提交核实结论"),
        hint=gettext_lazy(
            "先核实评价反映的问题，再写明结论。结论为属实或部分属实的，从核实当日的次日起计算整改期限。"
        ),
        done=gettext_lazy("核实结论已保存。下一步：整改。"),
        label=gettext_lazy("核实情况"),
        help=gettext_lazy("写明向谁了解、看了什么、发现了什么，2至1000个字。"),
    ),
    Act.RECTIFY: ActWords(
        name=gettext_lazy("整改"),
        button=gettext_lazy("提交整改情况"),
        hint=gettext_lazy("整改完成后写明措施和结果。核实为不属实的，写明不需整改的理由。"),
        done=gettext_lazy("整改情况已保存。下一步：答复评价人。"),
        label=gettext_lazy("整改措施和结果"),
        help=gettext_lazy("评价人看不到这段文字。2至1000个字。"),
    ),
    Act.ANSWER: ActWords(
        name=gettext_lazy("答复"),
        button=gettext_lazy("提交答复"),
        hint=gettext_lazy(
            "评价人可以凭回执看到这段答复，提交后不能修改。请说明查明了什么、改了什么，不要写他人的个人信息。"
        ),
        done=gettext_lazy("答复已提交，评价人现在可以看到。下一步：办结。"),
        label=gettext_lazy("给评价人的答复"),
        help=gettext_lazy("10至2000个字。"),
    ),
    Act.CLOSE: ActWords(
        name=gettext_lazy("办结"),
        button=gettext_lazy("办结工单"),
        hint=gettext_lazy("办结后工单不能再修改。"),
        done=gettext_lazy("工单已办结。"),
    ),
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


def _time_left(clock: Clock) -> tuple[str, str]:
    match clock.kind:
        case ClockKind.BEFORE_VERIFICATION:
            return _("核实后起算"), "grey"
        case ClockKind.UNTRUE:
            return _("不属实，不计期限"), "grey"
        case ClockKind.EXCLUDED:
            return _("已撤销，不计期限"), "grey"
        case ClockKind.STANDS_STILL:
            return _("复核期间，期限中止"), "grey"
        case ClockKind.NOT_LAID_DOWN:
            return _("未规定"), "grey"
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
