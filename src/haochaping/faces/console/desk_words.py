"""The words of the lists: tabs, filters and what there is to choose in them, why an order cannot be dispatched."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from haochaping.faces.console.desk_query import UNCLASSIFIED
from haochaping.faces.console.reporting_words import CODES
from haochaping.faces.console.words import STATES, Words
from haochaping.rectification.listing import Carrier, DeskFilter, Due, Hindrance, Outcome, Show
from haochaping.rectification.listing.choices import Choices
from haochaping.rectification.states import State

SHOWS: Final[Mapping[Show, Words]] = {
    Show.MINE: _("待我办理"),
    Show.OPEN: _("办理中"),
    Show.CLOSED: _("已办结"),
}
LIMITS: Final[Mapping[Due, Words]] = {
    Due.OVERDUE: _("已逾期"),
    Due.TODAY: _("今天到期"),
    Due.SOON: _("3个工作日内到期"),
    Due.LATER: _("3个工作日以后"),
    Due.NONE: _("没有期限在走"),
}
CARRIERS: Final[Mapping[Carrier, Words]] = {
    Carrier.ONLINE: _("网上、手机"),
    Carrier.CODE: _("二维码"),
    Carrier.DEVICE: _("窗口、大厅设备"),
    Carrier.OTHER: _("其他渠道"),
}
OUTCOMES: Final[Mapping[Outcome, Words]] = {
    Outcome.PLAN: _("已列整改方案"),
    Outcome.WAITS: _("延期待批准"),
    Outcome.GRANTED: _("期限已延长"),
    Outcome.REFUSED: _("延期未批准"),
}
HINDRANCES: Final[Mapping[Hindrance, Words]] = {
    Hindrance.STATE: _("已经签收或者办结，不能再转办。"),
    Hindrance.RIGHT: _("您的岗位不能转办这个单位的工单。"),
    Hindrance.OWN_CASE: _("评价的是您本人，请由其他人员转办。"),
    Hindrance.THERE: _("已经由这个单位承办。"),
}
_YES_NO: Final = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True, slots=True)
class Field:
    """One choice of the form: its name in the address, its words, what there is to choose, what is chosen."""

    name: str
    label: Words
    options: tuple[tuple[str, Words], ...]
    chosen: str


def filter_fields(asked: DeskFilter, choices: Choices) -> tuple[Field, ...]:
    """What the desk can be narrowed by, for who looks, beside its lists, limits and the week."""
    return tuple(_fields(asked, choices))


def _fields(asked: DeskFilter, choices: Choices) -> Iterator[Field]:
    if asked.show is not Show.CLOSED:
        states = [(state, words) for state, words in STATES.items() if state is not State.CLOSED]
        yield Field("state", _("状态"), _values(states), asked.state or "")
    if choices.organisations:
        units = tuple((str(number), name) for number, name in choices.organisations)
        yield Field("unit", _("承办单位"), units, str(asked.organisation or ""))
    yield Field("type", _("事项类型"), tuple(CODES["taskType"].items()), asked.item_type)
    if choices.classes:
        classes = [*_values(choices.classes), (UNCLASSIFIED, _("尚未分类"))]
        chosen = UNCLASSIFIED if asked.bad_class == "" else asked.bad_class or ""
        yield Field("class", _("差评分类"), _values(classes), chosen)
    if choices.carriers:
        yield Field("channel", _("评价渠道"), _values(CARRIERS.items()), asked.carrier or "")
    yield _yes_no("named", _("评价方式"), (_("实名"), _("匿名")), asked.named)
    yield _yes_no("joint", _("联办"), (_("有联办单位"), _("没有联办单位")), asked.joint)
    yield _yes_no("contested", _("异议"), (_("正在复核"), _("没有在复核的")), asked.contested)


def _values(pairs: Iterable[tuple[str, Words]]) -> tuple[tuple[str, Words], ...]:
    return tuple((str(value), words) for value, words in pairs)


def _yes_no(name: str, label: Words, words: tuple[Words, Words], chosen: bool | None) -> Field:
    return Field(name, label, (("yes", words[0]), ("no", words[1])), _YES_NO[chosen])
