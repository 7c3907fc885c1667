"""What a value lays down and scenarios carry out, and the running system does not: said wherever rules are shown, so that
no rule is without effect unseen. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from haochaping.policy import units
from haochaping.policy.redress import Escalation, Trigger
from haochaping.policy.values import Value
from haochaping.policy.voice import Channels, Counting, Frequency, ReasonForm

_BY_PEOPLE: Final = frozenset({"refused", "retaliation", "fabrication", "repeated_complaint"})
_ALWAYS: Final[Mapping[str, str]] = {
    "repetition": "本系统不识别同一评价人的重复评价，各次评价分别计入",
    "questions": "评价页面不列出这些问题，评价人可以写在文字评价里",
    "invitations": "本系统不向办事人发送评价邀请",
    "surveys": "本系统不组织调查和检查，其结果可以作为外部数据录入",
    "keeping": "保存期限按本系统的保存期限表执行，不随本规定改变",
}


def shortfall(name: str, value: Value[Any]) -> str:
    """In words, of a value of the dimension `name`; "" where all of it is carried out."""
    if value.absent:
        return ""
    judge = _JUDGED.get(name)
    return judge(value.value) if judge else _ALWAYS.get(name, "")


# By these figures are another thing than what anybody counts.
COUNTED_BY: Final = ("counting", "repetition")


def _frequency(rule: Frequency) -> str:
    return units.shortfall(rule) or ""


def _channels(rule: Channels) -> str:
    if rule.allowed:
        return "经其他渠道提交的评价，本系统同样收下"
    return "本系统不按本规定逐项核对评价渠道，哪些渠道收到过评价见“覆盖情况”"


def _reason_form(rule: ReasonForm) -> str:
    as_taken = set(rule.accepts) == {"tag", "text"} and not rule.all and not rule.least_characters
    return "" if as_taken else "本系统把选了标签或者写了文字都视为说明了原因"


def _counting(rule: Counting) -> str:
    if rule.bad_from != "rating":
        return "差评自提交时起计入，不等到规定的环节"
    if rule.rectified_satisfied != "stays":
        return "整改后评价人表示满意的，原评价仍按原等次计入"
    return "未评价的另行统计，不从办件数中减去" if rule.unrated == "left_out" else ""


def _trigger(rule: Trigger) -> str:
    if rule.reason or rule.named or rule.reachable or not rule.at_once:
        return "凡差评都立即转为工单，不看规定的条件"
    return ""


def _escalation(rule: Escalation) -> str:
    if rule.on in _BY_PEOPLE:
        return "发生这种情形，本系统不能自动识别，由工作人员掌握"
    if rule.same in ("case", "rater") or rule.in_a_row:
        return "同一办件、同一评价人或者连续发生的次数，本系统不统计，由工作人员掌握"
    return ""


_JUDGED: Final[Mapping[str, Callable[[Any], str]]] = {
    "frequency": _frequency,
    "channels": _channels,
    "reason_form": _reason_form,
    "counting": _counting,
    "trigger": _trigger,
    "escalations": _escalation,
}
