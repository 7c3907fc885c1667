"""The words of the console for reports of pressure; each table is total over its enum."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.oversight.states import Act, Matter, Source, State, Verdict

Words = str | Promise

MATTERS: dict[Matter, Words] = {
    Matter.PRESSED: _("强迫、诱导或者代替评价"),
    Matter.CHANGE: _("要求修改、撤回评价"),
    Matter.OBSTRUCTION: _("故意刁难"),
    Matter.RETALIATION: _("打击报复"),
    Matter.FABRICATION: _("弄虚作假"),
}
SOURCES: dict[Source, Words] = {
    Source.LINK: _("凭评价链接反映，链接由窗口发放，不能证明是办事人本人"),
    Source.RECEIPT: _("凭评价回执反映，是评价人本人"),
    Source.PORTAL: _("直接反映，没有指明哪一次服务"),
}
STATES: dict[State, Words] = {
    State.RECEIVED: _("待受理"),
    State.TAKEN: _("查核中"),
    State.VERIFIED: _("已查核，待认定"),
    State.DECIDED: _("已认定，待处理或者答复"),
    State.MEASURED: _("待答复"),
    State.ANSWERED: _("已答复"),
    State.CLOSED: _("已结案"),
}
VERDICTS: dict[Verdict, Words] = {
    Verdict.FOUNDED: _("属实"),
    Verdict.UNFOUNDED: _("不属实"),
    Verdict.DISCIPLINE: _("移送纪检监察"),
}


@dataclass(frozen=True, slots=True)
class ActWords:
    """`name` in histories; `button`, `label` and `help` of the form; `done` once it is done."""

    name: Words
    button: Words
    done: Words
    label: Words = ""
    help: Words = ""


ACTS: dict[Act, ActWords] = {
    Act.TAKE: ActWords(
        _("受理"), _("受理，开具直办工单"), _("已受理，已开具直办工单，由本部门直接办理。下一步：查核。")
    ),
    Act.VERIFY: ActWords(
        _("查核"),
        _("提交查核情况"),
        _("查核情况已保存。下一步：认定。"),
        _("查核情况"),
        _("写明向谁了解、调取了什么、发现了什么。只有受理部门看得到。10至2000个字。"),
    ),
    Act.NOTE: ActWords(
        _("记录"),
        _("保存记录"),
        _("记录已保存。"),
        _("查核记录"),
        _("只有受理部门看得到，加密保存。2至2000个字。"),
    ),
    Act.DECIDE: ActWords(
        _("认定"),
        _("作出认定"),
        _("认定结果已保存。认定属实或者移送的，先处理；不属实的，可以答复。"),
        _("认定的理由和依据"),
        _("只有受理部门看得到。10至2000个字。"),
    ),
    Act.MEASURE: ActWords(
        _("处理"),
        _("提交处理情况"),
        _("处理情况已保存。下一步：答复反映人。"),
        _("对责任单位和人员的处理"),
        _("写明责令改正、追责、移送等处理和结果。只有受理部门看得到。10至2000个字。"),
    ),
    Act.ANSWER: ActWords(
        _("答复"),
        _("提交答复"),
        _("答复已提交，反映人凭回执可以看到。"),
        _("给反映人的答复"),
        _("反映人凭回执可以看到，提交后不能修改。10至2000个字，不要写个人信息。"),
    ),
    Act.CLOSE: ActWords(
        _("结案"),
        _("结案"),
        _("已结案。"),
        _("结案意见"),
        _("只有受理部门看得到。2至500个字。"),
    ),
    Act.HAND_UP: ActWords(
        _("报上一级"),
        _("报上一级主管部门办理"),
        _("已报上一级主管部门，由其受理。本部门不再看到这份反映。"),
        _("报上一级的理由"),
        _("本部门不便查核的，可以报上一级。上一级看得到全部记录。10至2000个字。"),
    ),
    Act.ESCALATE: ActWords(_("按规定追责"), "", ""),
}
