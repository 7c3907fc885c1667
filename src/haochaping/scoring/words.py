"""How scores are said to people."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.policy.exact import shown
from haochaping.policy.vocabulary import COUNTS, MEASURES
from haochaping.scoring.states import State

STATES: Final[Mapping[State, Promise]] = {
    State.PREVIEW: gettext_lazy("核对中"),
    State.SIGNED: gettext_lazy("已生效"),
    State.SUPERSEDED: gettext_lazy("已被替代"),
    State.WITHDRAWN: gettext_lazy("已撤回"),
}
KINDS: Final[Mapping[str, Promise]] = {
    "organisation": gettext_lazy("部门"),
    "region": gettext_lazy("地区"),
    "staff": gettext_lazy("人员"),
    "window": gettext_lazy("窗口"),
    "hall": gettext_lazy("大厅"),
    "item": gettext_lazy("事项"),
}
SHARES: Final[Mapping[str, Promise]] = {
    "good_active": gettext_lazy("好评率（只计主动评价）"),
    "good_inclusive": gettext_lazy("好评率（计入默认评价）"),
    "bad_active": gettext_lazy("差评率"),
    "participation": gettext_lazy("主动评价率"),
    "unrated_share": gettext_lazy("未评率"),
    "default_share": gettext_lazy("默认评价占比"),
    "rectified_in_time": gettext_lazy("按时整改率"),
    "revisit_satisfied": gettext_lazy("回访满意率"),
    "overturned": gettext_lazy("异议成立率"),
}
_FACTS: Final[Mapping[str, Promise]] = {
    "subjects": gettext_lazy("评价对象"),
    "channels": gettext_lazy("评价渠道"),
    "places": gettext_lazy("办理场所"),
    "item_types": gettext_lazy("事项类型"),
    "case_types": gettext_lazy("办件类型"),
    "forms": gettext_lazy("办件形式"),
    "stages": gettext_lazy("办理环节"),
    "raters": gettext_lazy("评价人类型"),
    "named": gettext_lazy("实名或者匿名"),
    "classes": gettext_lazy("差评分类"),
    "of": gettext_lazy("评分对象"),
    "counting": gettext_lazy("计入统计的规定"),
    "repetition": gettext_lazy("重复评价的规定"),
    "organisation": gettext_lazy("部门"),
    "department": gettext_lazy("条线"),
    "hall": gettext_lazy("大厅"),
    "item": gettext_lazy("事项"),
    "level": gettext_lazy("评价等次"),
    "bad_class": gettext_lazy("差评分类"),
    "finding": gettext_lazy("核实结论"),
}
VALUE_STATES: Final[Mapping[str, Promise]] = {
    "waiting": gettext_lazy("等待另一个人确认"),
    "counted": gettext_lazy("已计入"),
    "replaced": gettext_lazy("已被后来录入的代替"),
    "sent_back": gettext_lazy("已退回，不计入"),
}
_WHY: Final[Mapping[str, Promise]] = {
    "minimum": gettext_lazy("评价太少，不排名"),
    "unranked": gettext_lazy("按规则不排名"),
    "nothing_to_measure": gettext_lazy("没有可以计算的数据"),
}


def fact(name: str) -> str:
    """A fact by which nothing is counted, in words."""
    return str(_FACTS.get(name, name))


def why(code: str) -> str:
    """Why there is no score, or no rank."""
    if code.startswith("not_counted:"):
        return _("尚未统计：%(what)s") % {"what": word(code.partition(":")[2])}
    return str(_WHY.get(code, code))


def word(name: str) -> str:
    """A count or measure of the rules in words."""
    return COUNTS.get(name) or MEASURES.get(name) or name


def number(exact: str) -> str:
    """An exact fraction as people read it; "—" for none."""
    return shown(Fraction(exact)) if exact else "—"


def percent(exact: str | None) -> str:
    """A share in percent with two places, rounded towards the middle: only all is 100 %, only none is 0 %."""
    if not exact:
        return "—"
    share = Fraction(exact)
    hundredths = share * 10_000
    whole = hundredths.numerator // hundredths.denominator
    if share and not whole:
        whole = 1
    return f"{Decimal(whole) / 100:.2f}%"


def interval(ends: list[str] | None) -> str:
    """An interval of a share in percent."""
    if ends is None:
        return "—"
    low, high = (Decimal(end) * 100 for end in ends)
    return f"{low:.2f}%–{high:.2f}%"


def bounds(by: Mapping[str, str] | str) -> str:
    """The band that made the points: "≥ 9.5 → 7"."""
    if isinstance(by, str):
        return {"linear": _("折线"), "per": _("按步"), "times": _("乘以系数"), "points": _("固定")}.get(
            by, by
        )
    signs = {"from": "≥", "above": ">", "up_to": "≤", "under": "<"}
    said = ", ".join(f"{signs[name]} {value}" for name, value in by.items() if name in signs)
    return f"{said or _('其余')} → {by['points']}"


def made_of(part: Mapping[str, Any]) -> str:
    """What a part was made of: the counts in words."""
    return "，".join(f"{word(name)} {number(value)}" for name, value in part["inputs"])


def total_open(scores: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the rules name several measures of a run, none of them weighed: what they come to in all is 未规定."""
    return len(scores) > 1 and all(each.get("bare") for each in scores.values())
