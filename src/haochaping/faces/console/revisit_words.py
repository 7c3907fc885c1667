"""The words of the console for revisits; each table is total over its enum. Bodies and means are in the rules' words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.oversight.queries.revisit_rates import Share
from haochaping.oversight.revisiting import Extent, Outcome, State
from haochaping.policy.story import body_told
from haochaping.policy.vocabulary import MEANS

Words = str | Promise

STATES: dict[State, Words] = {
    State.DUE: _("待回访"),
    State.ANSWERED: _("已回访"),
    State.REFUSED: _("拒绝回访"),
    State.UNREACHED: _("未能联系上"),
    State.ANONYMOUS: _("匿名，无法联系"),
    State.LAPSED: _("评价已更正或者不计入，不再回访"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.ANSWERED: _("联系上，已作答"),
    Outcome.NOT_REACHED: _("没有联系上"),
    Outcome.REFUSED: _("联系上，不愿意回答"),
}
EXTENTS: dict[Extent, Words] = {
    Extent.WHOLE: _("全部回访"),
    Extent.SAMPLED: _("抽样回访"),
    Extent.OPEN: _("回访多少未规定"),
}
FOLLOWS: dict[str, Words] = {
    "reopen": _("评价人不满意的：重新整改"),
    "supervise": _("评价人不满意的：督办"),
    "escalate": _("评价人不满意的：报上级"),
}
# What followed of a rating without an order: there is nothing to set right anew.
SET_OFF: dict[str, Words] = {
    "reopen": _("已报请主管部门处理"),
    "supervise": _("已报请督办"),
    "escalate": _("已报上级"),
}
# Of what the rules ask, where it is no order.
POPULATIONS: dict[str, Words] = {"all": _("全部评价"), "default": _("默认评价"), "good": _("好评")}
PERIODS: dict[str, Words] = {"month": _("月"), "quarter": _("季度"), "year": _("年")}
PURPOSES: tuple[Words, ...] = (_("电话回访"), _("核对回访结果"))


def body(word: str) -> str | Promise:
    """Whom the rules name."""
    return body_told(word) if word else _("未规定由谁回访")


def means(word: str) -> str:
    """By which means."""
    return MEANS.get(word, word)


def share(counted: Share) -> str:
    """5/6（83.3%）; of nothing the two numbers alone."""
    tenths = counted.tenths
    plain = f"{counted.number}/{counted.of}"
    return plain if tenths is None else f"{plain}（{tenths // 10}.{tenths % 10}%）"
