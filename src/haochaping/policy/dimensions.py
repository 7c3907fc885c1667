"""What a regulation can lay down: the closed list of dimensions, their shapes, their nature.

A dimension that a regulation does not mention is absent (未规定), and what depends on it is off.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from haochaping.policy.limits import Limit
from haochaping.policy.listed import ListRule
from haochaping.policy.objections import Objection, Revisit, Transition, Voiding
from haochaping.policy.publicity import DatedDuty, Keeping, LocalDays, OfficeHours, Publication
from haochaping.policy.redress import (
    OWN,
    BadClass,
    Duty,
    Escalation,
    Extension,
    NoLegalBasis,
    SendBack,
    Step,
    Trigger,
    Verdict,
)
from haochaping.policy.scores import Score
from haochaping.policy.vocabulary import STEPS
from haochaping.policy.voice import (
    AfterDefault,
    Channels,
    Correction,
    Counting,
    Default,
    Frequency,
    Invitation,
    Level,
    LevelEntry,
    Naming,
    Points,
    Question,
    ReasonForm,
    Repetition,
    Subject,
    Supplement,
    Survey,
    Withdrawal,
)

Nature = Literal["substance", "procedure"]


def _levels(entries: tuple[LevelEntry, ...]) -> tuple[Level, ...]:
    levels = [
        Level(each.level, each.label, each.bad, not each.bad if each.good is None else each.good)
        for each in entries
    ]
    return tuple(sorted(levels, key=lambda level: -level.number))


def _points(entries: tuple[Points, ...]) -> Mapping[int, Decimal]:
    return MappingProxyType({each.level: each.points for each in entries})


def _twice(entries: tuple[Any, ...], attribute: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for index, each in enumerate(entries):
        said = getattr(each, attribute)
        if said in seen:
            yield f"[{index}].{attribute}", f"{said} is given twice"
        seen.add(said)


def _level_twice(entries: tuple[LevelEntry | Points, ...]) -> Iterator[tuple[str, str]]:
    yield from _twice(entries, "level")


def _levels_contradict(entries: tuple[LevelEntry, ...]) -> Iterator[tuple[str, str]]:
    yield from _level_twice(entries)
    for index, each in enumerate(entries):
        if each.bad and each.good:
            yield f"[{index}].good", "a level is not 好评 and 差评 at once"


def _subject_twice(entries: tuple[Subject, ...]) -> Iterator[tuple[str, str]]:
    yield from _twice(entries, "subject")


def _hours_overlap(entries: tuple[OfficeHours, ...]) -> Iterator[tuple[str, str]]:
    for index in range(1, len(entries)):
        if entries[index].from_ < entries[index - 1].to:
            yield f"[{index}].from", f"is before {entries[index - 1].to}, when the hours before it end"


def _nothing(_: Any) -> Iterator[tuple[str, str]]:
    return iter(())


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Dimension:
    """`hint`: the shape of `value`. `keyed`: many side by side, each under its own `key`.

    `nature`: judged by the rules of the occasion's day (substance) or the step's (procedure). `keys`: the keys
    that a keyed one can have, empty: any; `own`: how others, of one's own, begin. `checks` names mistakes beneath
    `value`; `made` is what Python gets.
    """

    word: str
    nature: Nature
    hint: Any
    keyed: bool = False
    keys: tuple[str, ...] = ()
    own: str = ""
    checks: Callable[[Any], Iterator[tuple[str, str]]] = _nothing
    made: Callable[[Any], object] = _same


_STEP_KEYS = tuple(STEPS)

DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        # Giving a rating
        "levels": Dimension(
            "评价等次", "substance", tuple[LevelEntry, ...], checks=_levels_contradict, made=_levels
        ),
        "ratable": Dimension("是否可评价", "substance", bool),
        "subjects": Dimension("评价对象", "substance", tuple[Subject, ...], checks=_subject_twice),
        "frequency": Dimension("评价次数", "substance", Frequency),
        "repetition": Dimension("重复评价", "substance", Repetition),
        "channels": Dimension("评价渠道", "substance", Channels),
        "questions": Dimension("细化问题", "substance", Question, keyed=True),
        "naming": Dimension("实名评价", "substance", Naming),
        "bad_needs_reason": Dimension("差评须说明原因", "substance", bool),
        "reason_form": Dimension("差评原因的形式", "substance", ReasonForm),
        "window": Dimension("评价期限", "substance", Limit),
        "invitations": Dimension("邀请评价", "procedure", Invitation, keyed=True),
        "default": Dimension("默认评价", "substance", Default),
        "after_default": Dimension("默认后的评价", "substance", AfterDefault),
        "correction": Dimension("修改评价", "substance", Correction),
        "withdrawal": Dimension("撤回评价", "substance", Withdrawal),
        "supplement": Dimension("补充评价", "substance", Supplement),
        "follow_up": Dimension("整改后追评", "substance", Supplement),
        "counting": Dimension("计入统计", "substance", Counting),
        # After a bad rating
        "trigger": Dimension("差评处置的启动", "substance", Trigger),
        "steps": Dimension("办理环节", "procedure", Step, keyed=True, keys=_STEP_KEYS, own=OWN),
        "responsibility": Dimension("责任主体", "procedure", Duty, keyed=True, keys=_STEP_KEYS, own=OWN),
        "classes": Dimension("差评分类", "procedure", BadClass, keyed=True),
        "rectification": Dimension("整改期限", "procedure", Limit),
        "extensions": Dimension("延期", "procedure", Extension, keyed=True, keys=_STEP_KEYS, own=OWN),
        "send_back": Dimension("退回", "procedure", SendBack),
        "no_legal_basis": Dimension("缺乏法定依据", "procedure", NoLegalBasis),
        "verdict": Dimension("对整改的评价", "procedure", Verdict),
        "escalations": Dimension("督办问责", "procedure", Escalation, keyed=True),
        "objection": Dimension("异议", "procedure", Objection),
        "review": Dimension("复核期限", "procedure", Limit),
        "appeal": Dimension("申诉", "procedure", Objection),
        "appeal_review": Dimension("申诉办理期限", "procedure", Limit),
        "voiding": Dimension("不予采纳", "procedure", Voiding),
        "revisits": Dimension("回访", "procedure", Revisit, keyed=True),
        # Figures
        "points": Dimension("评价分值", "substance", tuple[Points, ...], checks=_level_twice, made=_points),
        "scores": Dimension("得分", "substance", Score, keyed=True),
        "lists": Dimension("名单与结果应用", "substance", ListRule, keyed=True),
        "surveys": Dimension("调查与考评", "procedure", Survey, keyed=True),
        # What is told, owed and kept
        "publication": Dimension("公开", "procedure", Publication, keyed=True),
        "duties": Dimension("定期义务", "procedure", DatedDuty, keyed=True),
        "keeping": Dimension("保存期限", "procedure", Keeping, keyed=True),
        # Days
        "local_days": Dimension("地方节假日", "procedure", LocalDays, keyed=True),
        "office_hours": Dimension("办公时间", "procedure", tuple[OfficeHours, ...], checks=_hours_overlap),
        "transition": Dimension("新旧规则衔接", "procedure", Transition),
    }
)
