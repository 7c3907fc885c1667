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
    State.DECIDED: _("待答复"),
    State.ANSWERED: _("已答复"),
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
    Act.TAKE: ActWords(_("受理"), _("受理"), _("已受理。下一步：查核后作出处理。")),
    Act.NOTE: ActWords(
        _("记录"),
        _("保存记录"),
        _("记录已保存。"),
        _("查核记录"),
        _("只有受理部门看得到，加密保存。2至2000个字。"),
    ),
    Act.DECIDE: ActWords(
        _("作出处理"),
        _("作出处理"),
        _("处理结果已保存。下一步：答复反映人。"),
        _("查核情况和依据"),
        _("只有受理部门看得到。10至2000个字。"),
    ),
    Act.ANSWER: ActWords(
        _("答复"),
        _("提交答复"),
        _("答复已提交，反映人凭回执可以看到。"),
        _("给反映人的答复"),
        _("反映人凭回执可以看到，提交后不能修改。10至2000个字，不要写个人信息。"),
    ),
}
