"""For which occasions of an organisation the rules are asked: what can be chosen, and what the registry adds to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import AsOf
from haochaping.policy.vocabulary import CASE_TYPES, CHANNELS, FORMS, ITEM_TYPES, PLACES, RATERS, STAGES
from haochaping.registry import queries as registry

ANY: Final = ("", _("不限"))
_DAY: Final = "%Y-%m-%d"
_LEVELS: Final = (("5", _("5（最好）")), ("4", "4"), ("3", "3"), ("2", "2"), ("1", _("1（最差）")))
_NAMED: Final = (("yes", _("实名")), ("no", _("匿名")))
_CODES: Final = ("division", "hall", "item")
# What the page tells of an occasion besides its organisation, in this order.
_FACTS: Final[Mapping[str, Any]] = {
    "division": _("区划"),
    "department": _("所属条线"),
    "hall": _("大厅"),
    "place": _("办理场所"),
    "item": _("事项"),
    "item_type": _("事项类型"),
    "case_type": _("办件类型"),
    "form": _("办件形式"),
    "stage": _("服务环节"),
    "channel": _("渠道"),
    "rater": _("评价人"),
    "level": _("等次"),
    "named": _("实名或匿名"),
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "place": PLACES,
    "item_type": ITEM_TYPES,
    "case_type": CASE_TYPES,
    "form": FORMS,
    "stage": STAGES,
    "channel": CHANNELS,
    "rater": RATERS,
}


def _chosen(name: str, words: Iterable[tuple[str, str | Promise]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_FACTS[name], required=False, choices=[ANY, *words])


def _translated(words: Mapping[str, str]) -> list[tuple[str, Promise]]:
    return [(key, _(word)) for key, word in words.items()]


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        input_formats=[_DAY],
        widget=forms.DateInput(format=_DAY, attrs={"type": "date"}),
        error_messages={
            "required": _("请填写日期，例如2026-11-23。"),
            "invalid": _("没有这一天。请按2026-11-23这样的格式填写。"),
        },
    )


class RulesForm(forms.Form):
    """For which occasions of the organisation, and for which day. What is left open is asked for none of them."""

    organisation = forms.ChoiceField(label=_("单位"))
    on = _day(_("日期"), required=True)
    accepted = _day(_("受理日期"))
    rated = _day(_("评价日期"))
    step = _day(_("办理日期"))
    hall = forms.ChoiceField(label=_FACTS["hall"], required=False)
    place = _chosen("place", _translated(PLACES))
    item = forms.ChoiceField(label=_FACTS["item"], required=False)
    case_type = _chosen("case_type", _translated(CASE_TYPES))
    form = _chosen("form", _translated(FORMS))
    stage = _chosen("stage", _translated(STAGES))
    channel = _chosen("channel", _translated(CHANNELS))
    rater = _chosen("rater", _translated(RATERS))
    level = _chosen("level", _LEVELS)
    named = _chosen("named", _NAMED)

    def offer(
        self,
        organisations: Iterable[registry.OrganisationView],
        halls: Iterable[registry.HallView],
        items: Iterable[registry.ItemView],
    ) -> None:
        """Fills what can be chosen."""
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [(each.credit_code, each.name) for each in organisations]
        fields["hall"].choices = [ANY, *((each.code, each.name) for each in halls)]
        fields["item"].choices = [ANY, *((each.code, each.name) for each in items)]

    def narrowing(self) -> Iterator[forms.BoundField]:
        """The fields that look at some occasions only."""
        return (self[name] for name in NARROWING)

    def other_days(self) -> Iterator[forms.BoundField]:
        """The days other than that of the service."""
        return (self[name] for name in OTHER_DAYS)

    def narrowed(self) -> bool:
        """Whether one of them was chosen, or was chosen wrongly."""
        return any(self[name].data or self[name].errors for name in (*NARROWING, *OTHER_DAYS))

    def as_of(self) -> AsOf:
        """The other days that were told; of a valid form."""
        return AsOf(**{name: self.cleaned_data[name] for name in OTHER_DAYS})


# The days other than that of the service, for rules whose transition names one of them.
OTHER_DAYS: Final = ("accepted", "rated", "step")
NARROWING: Final = tuple(
    name for name in RulesForm.base_fields if name not in ("organisation", "on", *OTHER_DAYS)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact by which rules are chosen. `said` may be Chinese in any language; `chosen`: on this page, else registered."""

    label: str
    said: str
    code: str
    chosen: bool


def asked(
    found: registry.Described, chosen: Mapping[str, Any]
) -> tuple[Occasion, tuple[Fact, ...], tuple[str, ...]]:
    """The occasion, its facts with where they come from, and which of them are unknown. What was chosen goes first."""
    typed = {name: chosen[name] for name in NARROWING if chosen[name]}
    case_types = {word: key for key, word in CASE_TYPES.items()}
    known = found.situation._asdict() | {"case_type": case_types.get(found.project_type, "")}
    said = {name: value for name, value in known.items() if value} | typed
    facts, unknown = [], []
    for name, label in _FACTS.items():
        if name in said:
            facts.append(Fact(str(label), *_shown(name, said[name], found.names), chosen=name in typed))
        else:
            unknown.append(str(label))
    facts += [
        Fact(str(RulesForm.base_fields[name].label), f"{chosen[name]}", "", chosen=True)
        for name in OTHER_DAYS
        if chosen[name]
    ]
    if "level" in said:
        said["level"] = int(said["level"])
    if "named" in said:
        said["named"] = said["named"] == "yes"
    return Occasion(**said), tuple(facts), tuple(unknown)


def _shown(name: str, said: str, names: Mapping[str, str]) -> tuple[str, str]:
    """A fact in words, with its code where it has one."""
    if name in _CODES:
        return names[name], said
    if name == "named":
        return str(dict(_NAMED)[said]), ""
    words = _WORDS.get(name, {})
    return (gettext(words[said]) if said in words else said), ""
