"""The table of transitions as a page: docs/loop.md is made of this, and a test fails when it is stale."""

from collections.abc import Mapping
from typing import Final

from haochaping.rectification.parts import PART_TABLE, PartAct, PartGuard, PartState, PartWay
from haochaping.rectification.states import EVENTS, TABLE, Act, Guard, State, Transition

STATES: Final[Mapping[State, str]] = {
    State.OPENED: "待签收",
    State.RETURNED: "待转办",
    State.TAKEN: "待核实",
    State.VERIFIED: "待整改",
    State.EXPLAINED: "已解释",
    State.RECTIFIED: "待答复",
    State.DRAFTED: "待审核",
    State.ANSWERED: "待办结",
    State.CLOSED: "已办结",
}
_ACTS: Final[Mapping[Act, str]] = {
    Act.DISPATCH: "转办",
    Act.SEND_BACK: "退回",
    Act.TAKE: "签收",
    Act.CONTACT: "联系评价人",
    Act.CLASSIFY: "分类",
    Act.VERIFY: "核实",
    Act.PLAN: "整改方案",
    Act.ASK_EXTENSION: "说明理由和期限",
    Act.GRANT_EXTENSION: "批准延期",
    Act.REFUSE_EXTENSION: "不批准延期",
    Act.EXPLAIN: "解释说明",
    Act.RECTIFY: "整改",
    Act.ANSWER: "答复",
    Act.APPROVE: "审核通过",
    Act.RETURN_ANSWER: "退改答复",
    Act.CLOSE: "办结",
    Act.REPORT: "报送报告单",
    Act.UPLOAD: "上传上级平台",
    Act.SUPERVISE: "督办、复查",
    Act.REOPEN: "责成重新整改",
}
_GUARDS: Final[Mapping[Guard, str]] = {
    Guard.NONE: "",
    Guard.MAY_SEND_BACK: "`send_back` allows it: so often, until then, for these grounds",
    Guard.CONTACTABLE: "the rater is 实名 and has not withdrawn consent",
    Guard.CLASSED: "the rules have `classes`",
    Guard.PLANNED: "the rules have the step `plan`",
    Guard.MAY_ASK: "`extensions` of a step: so often, asked for by then, its limit runs",
    Guard.ASKED: "more time was asked for; of the body that grants it",
    Guard.TO_SET_RIGHT: "the finding is not 缺乏法定依据",
    Guard.BASELESS_ENDS: "the finding is 缺乏法定依据, and `no_legal_basis.ends`",
    Guard.BASELESS_GOES_ON: "the finding is 缺乏法定依据, and the order goes on",
    Guard.ALONE: "`steps.approval` asks for no second person",
    Guard.SECOND_PERSON: "`steps.approval.second_person`",
    Guard.NOT_THE_WRITER: "another person than the one who wrote the answer",
    Guard.TO_REPORT: "the rules have the step `report`; once since it was opened, or opened again",
    Guard.TO_UPLOAD: "the rules have the step `upload`; once since it was opened, or opened again",
    Guard.DISSATISFIED: "the last `verdict` set off `supervise`, `escalate` or `review`; of the body that does it",
    Guard.BY_RULE: "by rule: attempts in vain, or a limit that has passed (`if_failed`)",
}

_PART_STATES: Final[Mapping[PartState | None, str]] = {
    None: "",
    PartState.WAITING: "待签收",
    PartState.TAKEN: "办理中",
    PartState.DONE: "已提交",
    PartState.RELEASED: "不再等待",
}
_PART_ACTS: Final[Mapping[PartAct, str]] = {
    PartAct.GIVE: "交办",
    PartAct.TAKE: "签收",
    PartAct.REPORT: "提交办理情况",
    PartAct.RELEASE: "不再等待",
    PartAct.RESUME: "重新办理",
}
_PART_GUARDS: Final[Mapping[PartGuard, str]] = {
    PartGuard.NONE: "",
    PartGuard.LATE: "its limit has passed, or none is laid down",
    PartGuard.BY_RULE: "by rule: the order goes back to 待签收, or its organisation leads it from now on",
}

_HEAD: Final = """# What follows a bad rating

Made by `haochaping.rectification.drawing` from the table in `haochaping.rectification.states`; do not edit:
`HAOCHAPING_ACCEPT=1 pytest tests/golden` makes it anew.

A bad rating opens an order, which is thereby dispatched to the organisation of the rating. What is not in the rules of the
place is not there: without `send_back` nothing is sent back, without `extensions` no limit is extended. Thick lines are the
usual way on. Beside these acts: a rater who corrects a rating to a good one ends the order, one who is not satisfied, or
rates badly again, leads it back to 待签收; what was done before stays in its history.
"""
_TABLE: Final = """
| from | act | to | who | guard | limit that it ends | clause | event |
|---|---|---|---|---|---|---|---|
"""
_PARTS: Final = """
## Joint orders

Where several organisations took part in a joint or theme case (联办件, 主题式办件) that was rated as one, each besides the
one that leads has a part of its own from the opening on; an officer of the authority may give parts of any order. Its
own organisation leads, and its rater gets one answer: what is marked below waits until no part is 待签收 or 办理中. A part
is due when the order is to be set right, or on the day that the officer set if that is earlier; without both 未规定. Parts
are given and done until the answer is written. At its opening the case itself gives them.

| from | act | to | who | guard |
|---|---|---|---|---|
"""
_WAIT: Final = """
These wait for the parts: {acts}.
"""


def page() -> str:
    """docs/loop.md: the diagram, then the table row by row, then that of the parts of joint orders."""
    acts = dict.fromkeys(f"{_ACTS[row.act]} (to {STATES[row.target]})" for row in TABLE if row.parts_in)
    waiting = _WAIT.format(acts=", ".join(acts))
    parts = f"{_PARTS}{''.join(_part_row(row) for row in PART_TABLE)}{waiting}"
    return f"{_HEAD}\n{_diagram()}{_TABLE}{''.join(_row(row) for row in TABLE)}{parts}"


def _diagram() -> str:
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'    {state}["{STATES[state]}"]' for state in State]
    acts: dict[tuple[State, State, bool], list[str]] = {}
    for row in TABLE:
        acts.setdefault((row.source, row.target, row.usual), []).append(_label(row))
    for (source, target, usual), labels in acts.items():
        arrow = "==>" if usual else "-->"
        lines.append(f'    {source} {arrow}|"{"、".join(dict.fromkeys(labels))}"| {target}')
    return "\n".join([*lines, "```", ""])


def _label(row: Transition) -> str:
    return f"{_ACTS[row.act]}（系统）" if row.guard is Guard.BY_RULE else _ACTS[row.act]


def _row(row: Transition) -> str:
    who = "the system" if row.guard is Guard.BY_RULE else f"`{row.permission}`"
    cells = (
        STATES[row.source],
        _ACTS[row.act],
        STATES[row.target],
        who,
        _GUARDS[row.guard],
        f"`{row.step}`" if row.step else "",
        f"`{row.rule}`" if row.rule else "",
        f"`{EVENTS[row.act]}`" if EVENTS[row.act] else "",
    )
    return f"| {' | '.join(cells)} |\n"


def _part_row(row: PartWay) -> str:
    who = "the system" if row.guard is PartGuard.BY_RULE else f"`{row.permission}`"
    cells = (
        _PART_STATES[row.source],
        _PART_ACTS[row.act],
        _PART_STATES[row.target],
        who,
        _PART_GUARDS[row.guard],
    )
    return f"| {' | '.join(cells)} |\n"
