"""What the form says of one order: no more than the page of the order shows to whoever makes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.policy import vocabulary
from haochaping.policy.objections import GROUNDS
from haochaping.policy.profile import Profile
from haochaping.policy.story import body_told
from haochaping.rectification.contests import Kind, Outcome
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.course.history import StepView
from haochaping.rectification.course.offers import LimitView
from haochaping.rectification.drawing import STATES
from haochaping.rectification.models import Objection, OrderPart
from haochaping.rectification.parts import PartState
from haochaping.rectification.queries import OrderView
from haochaping.rectification.report_form.fields import LISTS, TEXTS, TITLE
from haochaping.rectification.states import FINDINGS, Act, ClockMark, Exclusion, Verdict
from haochaping.registry import queries as registry

_EXCLUDED: Final[Mapping[str, str]] = {
    Exclusion.CORRECTED: "评价人更正了评价，工单撤销",
    Exclusion.VOIDED: "异议成立，评价不计入，工单撤销",
    Exclusion.TAKEN_BACK: "评价人撤回了评价，工单撤销",
}
_VERDICTS: Final[Mapping[str, str]] = {Verdict.SATISFIED: "满意", Verdict.UNSATISFIED: "不满意"}
_OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.UPHELD: "成立",
    Outcome.REFUSED: "不成立",
    Outcome.UNESTABLISHED: "无法认定",
}
_KINDS: Final[Mapping[str, str]] = {Kind.OBJECTION: "异议", Kind.APPEAL: "申诉"}
_ACTS: Final[Mapping[Act | ClockMark, str]] = {
    Act.ASK_EXTENSION: "说明理由和期限",
    Act.GRANT_EXTENSION: "批准延期",
    Act.REFUSE_EXTENSION: "不批准延期",
    Act.VERIFY: "核实",
    Act.CLASSIFY: "分类",
    Act.RECTIFY: "整改",
    Act.EXPLAIN: "解释说明",
    Act.ANSWER: "答复",
    Act.APPROVE: "审核",
    Act.REPORT: "报送",
}
_EXTENSIONS: Final = (Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)
NOT_WRITTEN: Final = "未写入本单"
_ANONYMOUS: Final = "匿名，不得查询"


@dataclass(frozen=True, slots=True)
class Told:
    """What a form tells of beside the page's view: `rules`, those for a step of today, are None where none apply."""

    objections: Sequence[Objection]
    parts: Sequence[OrderPart]
    rules: Profile | None
    today: date


def content(view: OrderView, beside: Told) -> dict[str, object]:
    """Every field but those of this making (`fields.BESIDE`)."""
    row = view.row
    unnamed = NOT_WRITTEN if row.named else _ANONYMOUS
    said: dict[str, object] = dict.fromkeys(TEXTS, "") | {name: [] for name in LISTS}
    said |= {
        "title": TITLE,
        "order": row.number,
        "organisation": row.organisation,
        "item": row.item,
        "item_code": row.item_code,
        "rated": _rated(view),
        "week": f"{told(row.week)}当周",
        "manner": "实名，同意联系" if row.named else "匿名",
        "rater": unnamed,
        "case_number": unnamed,
        "tags": "、".join(view.tags),
        "text": view.text,
        "additions": "\n".join(view.additions),
        "bad_class": view.bad_class,
        "answer": "\n".join(_answers(view)),
        "verdict": _VERDICTS.get(view.verdict or "", ""),
        "standing": _EXCLUDED.get(row.exclusion) or STATES[row.state],
        "contacts": list(_contacts(view.history)),
        "objections": [_objection(each, beside.today) for each in beside.objections],
        "parts": list(_parts(beside.parts, beside.today)),
        "clauses": list(_clauses(view)),
    }
    return said | _found(view) | _done(view) | _reported(view, beside.rules)


def told(day: date) -> str:
    """A day as forms write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _day(at: datetime) -> str:
    return told(local_day(at))


def _rated(view: OrderView) -> str:
    if view.row.rated is not None:
        return f"{vocabulary.SUBJECTS.get(view.row.rated.subject, '')}：{view.row.rated.name}"
    return "工作人员的服务" if view.about_staff else "事项办理"


def _last(history: Sequence[StepView], *acts: Act) -> StepView | None:
    return next((step for step in reversed(history) if step.act in acts), None)


def _who(step: StepView) -> str:
    return "系统按规定" if step.by_rule else step.actor


def _found(view: OrderView) -> dict[str, object]:
    said: dict[str, object] = {"finding": vocabulary.FINDINGS.get(FINDINGS.get(view.finding, ""), "")}
    if view.reasonable is not None:
        said["reasonable"] = "合理" if view.reasonable else "不合理"
    if step := _last(view.history, Act.VERIFY):
        said |= {"verification": step.note, "verified_by": _who(step), "verified_on": _day(step.at)}
    return said


def _answers(view: OrderView) -> Iterator[str]:
    """What the rater was told: the answer that he has, before it the explanation that what he asks has no legal basis."""
    step = _last(view.history, Act.EXPLAIN)
    if step is not None and step.note != view.answer:
        yield f"解释说明：{step.note}"
    if view.answer:
        yield view.answer


def _done(view: OrderView) -> dict[str, object]:
    history = view.history
    said: dict[str, object] = {}
    if step := _last(history, Act.PLAN):
        said["plan"] = _until(step)
    said["extension"] = "\n".join(
        f"{_ACTS[step.act]}{_of_step(step)}，{_day(step.at)}：{_until(step)}".rstrip("：")
        for step in history
        if step.act in _EXTENSIONS
    )
    if step := _last(history, Act.RECTIFY):
        said |= {"measures": step.note, "rectified_by": _who(step), "rectified_on": _day(step.at)}
    # What waits for a second person is no answer yet.
    if view.answer and (step := _last(history, Act.ANSWER, Act.EXPLAIN)):
        said |= {"answered_by": _who(step), "answered_on": _day(step.at)}
    if step := _last(history, Act.APPROVE):
        said |= {"approved_by": _who(step), "approved_on": _day(step.at)}
    return said


def _of_step(step: StepView) -> str:
    """Of which step's limit, where it is another one than the rectification's."""
    name = step.said.get("step", "rectification")
    return f"（{vocabulary.STEPS[name]}）" if name in vocabulary.STEPS and name != "rectification" else ""


def _until(step: StepView) -> str:
    until = step.said.get("until")
    return f"{step.note}（到{told(date.fromisoformat(until))}）" if until else step.note


def _contacts(history: Sequence[StepView]) -> Iterator[str]:
    """Each attempt to reach the rater, and what came of it."""
    for step in history:
        if step.act is not Act.CONTACT:
            continue
        means = vocabulary.MEANS.get(step.said.get("means", ""), "")
        reached = "已联系上" if step.said.get("reached") == "yes" else "没有联系上"
        words = "，".join(filter(None, (_day(step.at), means, reached)))
        yield f"{words}。{step.note}"


def _parts(parts: Sequence[OrderPart], today: date) -> Iterator[str]:
    """What each other organisation of a joint case found and set right."""
    names = registry.organisation_names({each.organisation_id for each in parts}, today) if parts else {}
    for each in parts:
        name = names.get(each.organisation_id, "")
        if each.state == PartState.DONE and each.done_at is not None:
            finding = vocabulary.FINDINGS.get(FINDINGS.get(each.finding, ""), "")
            words = "".join(filter(None, (each.verified, each.rectified)))
            yield f"{name}：{finding}。{words}（{_day(each.done_at)}提交）"
        else:
            yield f"{name}：{'不再等待' if each.state == PartState.RELEASED else '尚未提交'}"


def _objection(objection: Objection, today: date) -> str:
    """As the rated read it: what the body only considers is not told."""
    names = registry.organisation_names({objection.body_id}, today)
    ground = GROUNDS.get(objection.ground, objection.ground.removeprefix("named:"))
    opened = f"{_KINDS[objection.kind]}（{ground}），{_day(objection.filed_at)}提出"
    body = f"{names.get(objection.body_id, '')}复核" if objection.body_id in names else "复核"
    if objection.state == ObjectionState.WITHDRAWN:
        return f"{opened}，已撤回。"
    if objection.decided_at is None:
        return f"{opened}，由{body}，尚未决定。" if objection.body_id in names else f"{opened}，尚未决定。"
    outcome = _OUTCOMES.get(objection.outcome, "未作决定")
    return f"{opened}，{body}：{outcome}，{_day(objection.decided_at)}。{objection.reply}"


def _clauses(view: OrderView) -> Iterator[str]:
    """By which clause each thing was done, each once."""
    seen = set()
    for step in view.history:
        words = _ACTS.get(step.act)
        if words and step.clause and (words, step.clause) not in seen:
            seen.add((words, step.clause))
            yield f"{words}：{step.clause}"


def _reported(view: OrderView, rules: Profile | None) -> dict[str, object]:
    """To whom the form goes, until when, and when it went."""
    said: dict[str, object] = {}
    value = rules.steps.get("report") if rules is not None else None
    if value is not None and value.value.to is not None:
        said["report_to"] = f"报送{body_told(value.value.to)}（{value.citation}）"
    limit = next((each for each in view.limits if each.step == "report"), None)
    if limit is not None:
        said["report_due"] = _due(limit)
    if step := _last(view.history, Act.REPORT):
        said["reported_on"] = _day(step.at)
    return said


def _due(limit: LimitView) -> str:
    if limit.clock is None or limit.clock.last_day is None:
        return "期限中止"
    return f"{told(limit.clock.last_day)}{'（推定）' if limit.clock.provisional else ''}"
