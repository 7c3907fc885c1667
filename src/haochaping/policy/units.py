"""What is rated as one: which occasions share one rating, which are not rated at all, and how often a rating counts."""

from enum import StrEnum
from typing import NamedTuple

from haochaping.policy.profile import Profile
from haochaping.policy.values import Value
from haochaping.policy.voice import Frequency

_BY_THE_DAY = (
    "有办件的评价尚不识别同一评价人、同一窗口，每次服务各可评价一次；扫静态码的评价已执行，每台设备每日一次，"
    "设备按网络地址和浏览器识别，同一网络地址下两部相同的手机视为一台"
)
_SEVERAL_A_DAY = (
    "有办件的评价尚不识别同一评价人、同一窗口，每次服务各可评价一次；扫静态码的评价不支持约定的每日多次，"
    "不限次数"
)
_TOGETHER = frozenset({"batch", "joint", "theme"})
_KNOWN = frozenset({"occasion", "case", "stage", "part"})
# Of these the system keeps the day for static codes alone, which are rated without a case (intake.static_ratings).
BY_THE_DAY = frozenset({"rater_and_day", "window_and_day"})


class Unratable(StrEnum):
    """Why the rules give an occasion no rating of its own kind at all."""

    NOT_RATABLE = "not_ratable"
    STAGE_NOT_RATED = "stage_not_rated"
    RATED_BY_PARTS = "rated_by_parts"


class Unit(NamedTuple):
    """Occasions that share one rating: of the case, or of the group of cases that is handled as one (`grouped`); of these
    the ones of `part`: a stage, or the occasion of a batch by its number; "" all."""

    grouped: bool
    part: str = ""


class Kind(NamedTuple):
    """What is told of an occasion and its case, in the words of the rules, "" where nothing is. `grouped`: it is known by
    which group it is handled. `whole`: it stands for the whole group and not for a part. `number`: which of its case."""

    form: str = ""
    stage: str = ""
    grouped: bool = False
    whole: bool = False
    number: int = 1


def unit_of(profile: Profile, kind: Kind) -> Unit | Unratable | None:
    """The unit by which an occasion is rated, or why it is not; None: it is rated by itself.

    A group counts as one only where the rule is written for its form: 一事一评 alone does not say that a batch is one
    errand. What nobody told (the stage) is not guessed: such an occasion is rated by itself.
    """
    if profile.ratable is not None and not profile.ratable.value:
        return Unratable.NOT_RATABLE
    value = profile.frequency
    if value is None or gap(value.value) is not None:
        return None
    rule = value.value
    together = kind.grouped and kind.form in _TOGETHER and _written_for(value, kind.form)
    match rule.per:
        case "occasion":
            return Unit(grouped=True, part=str(kind.number)) if together and kind.form == "batch" else None
        case "case":
            return Unit(grouped=together)
        case "stage":
            return _stage(rule, kind.stage)
    if not (together and kind.whole):
        return Unit(grouped=False)
    return Unit(grouped=True) if rule.overall else Unratable.RATED_BY_PARTS


def weight_of(rule: Frequency | None, size: int) -> int:
    """How often one rating for so many cases counts."""
    if rule is None:
        return 1
    if rule.counted == "each":
        return size
    return 1 if rule.counted_per is None else -(-size // rule.counted_per)


def counts_for_all(rule: Frequency | None) -> bool:
    """Whether a rating of a unit counts for every organisation that takes part."""
    return rule is not None and rule.counted_for == "all"


def gap(rule: Frequency) -> str | None:
    """What of a rule the running system does not carry out, for people; None where it does. Such a rule changes nothing:
    each occasion is rated by itself."""
    if rule.per in BY_THE_DAY:
        return _BY_THE_DAY if rule.most == 1 else _SEVERAL_A_DAY
    if rule.per not in _KNOWN:
        return "本系统尚不识别同一评价人的重复评价，每次服务各可评价一次"
    if rule.most > 1:
        return "本系统对每次服务、每件办件、每个环节只收一次评价，不支持约定的多次，暂按每次服务各评价一次"
    return None


def shortfall(rule: Frequency) -> str | None:
    """As `gap`, with what is carried out in part only."""
    if gap(rule) is None and rule.per == "part" and rule.overall and rule.counted_for == "all":
        return "本系统将总体评价计入牵头部门，尚不计入所有参与部门"
    return gap(rule)


def _stage(rule: Frequency, stage: str) -> Unit | Unratable | None:
    if not stage:
        return None
    rated = not rule.stages or stage in rule.stages or (rule.overall and stage == "whole")
    return Unit(grouped=False, part=stage) if rated else Unratable.STAGE_NOT_RATED


def _written_for(value: Value[Frequency], form: str) -> bool:
    return any(form in each.forms for each in value.only)
