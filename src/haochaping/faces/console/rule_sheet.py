"""The rules of one occasion on one day as a sheet: by subject, each with its clause, what it overrides, what is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haochaping.faces.console.rule_values import Names, Shown, shown, together
from haochaping.policy.calendars import missing_year
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.explanation import NOT_TOLD, Explained, Source, explain
from haochaping.policy.jurisdictions import Jurisdiction
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import AsOf, Rulebook, Stack
from haochaping.policy.vocabulary import LAYERS, STEPS
from haochaping.policy.wording import for_whom

# All dimensions by subject, in the order of a regulation. A test holds that none is left out.
GROUPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (
        _("怎样评价"),
        (
            "levels",
            "ratable",
            "subjects",
            "frequency",
            "repetition",
            "channels",
            "questions",
            "naming",
            "bad_needs_reason",
            "reason_form",
            "window",
            "invitations",
            "default",
            "after_default",
            "correction",
            "withdrawal",
            "supplement",
            "follow_up",
            "counting",
        ),
    ),
    (
        _("差评怎样处理"),
        (
            "trigger",
            "steps",
            "responsibility",
            "classes",
            "rectification",
            "extensions",
            "send_back",
            "no_legal_basis",
            "verdict",
            "escalations",
            "objection",
            "review",
            "appeal",
            "appeal_review",
            "voiding",
            "revisits",
        ),
    ),
    (_("怎样计分和考评"), ("points", "scores", "lists", "surveys")),
    (_("公开、定期义务和保存"), ("publication", "duties", "keeping")),
    (_("日期与衔接"), ("local_days", "office_hours", "transition")),
)

# Dimensions whose keys are steps: they stand in the order in which the steps are taken.
_BY_STEP: Final = frozenset(name for name, dimension in DIMENSIONS.items() if dimension.keys)
_STEP_ORDER: Final = {step: place for place, step in enumerate(STEPS)}


@dataclass(frozen=True, slots=True)
class Overridden:
    """A value that does not apply because a layer in front says otherwise. `same`: it says the same."""

    layer: str
    shown: Shown
    citation: str
    same: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What one clause lays down in one dimension. `layer`: whose rule; `titles`: of which step, score, list."""

    titles: tuple[str, ...]
    shown: Shown
    source: Source
    layer: str
    overridden: tuple[Overridden, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One dimension that is laid down."""

    name: str
    word: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rules on one subject."""

    anchor: str
    word: str | Promise
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A dimension that is 未规定; `laid_down_for`: for which other occasions the layers do lay it down."""

    word: str
    laid_down_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One jurisdiction that applies, whoever goes first at the front, with the clause by which it does.

    `in_force`: it lays something down on the day, if only for other occasions.
    """

    name: str
    tier: str
    clause: str
    reading: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Runs of years whose holiday notices are in; `missing`: the year whose notice should be in by now."""

    runs: tuple[tuple[int, int], ...]
    missing: int | None
    this_year: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it."""

    name: str
    version: str
    layers: tuple[Layer, ...]
    groups: tuple[Group, ...]
    open: tuple[Open, ...]


def sheet(rulebook: Rulebook, occasion: Occasion, on: date, as_of: AsOf = NOT_TOLD) -> Sheet:
    """The rules for an occasion of this day. Raises ValueError and LookupError as `Rulebook.rules` does."""
    explained = explain(rulebook, occasion, on, as_of)
    layers = rulebook.layers(occasion, on)
    # All that ever apply: what holds by another day may rest on an adoption that does not hold on this one.
    names = {each.key: each.name for each in rulebook.layers(occasion)}
    maker = _Maker(rulebook.stack(occasion, on, **as_of._asdict()), names)
    return Sheet(
        explained.name,
        explained.version,
        tuple(_layer(each, on) for each in layers),
        tuple(maker.groups(explained.dimensions)),
        tuple(_open(layers, each, on) for each in explained.dimensions if each.effective is None),
    )


def calendar_state(rulebook: Rulebook, today: date) -> Calendar:
    """Which years are loaded, and which one is missed."""
    years = sorted(rulebook.calendar.years)
    runs = []
    for _gap, run in groupby(enumerate(years), key=lambda each: each[1] - each[0]):
        listed = [year for _place, year in run]
        runs.append((listed[0], listed[-1]))
    return Calendar(tuple(runs), missing_year(rulebook.calendar, today), today.year)


def _layer(found: Jurisdiction, on: date) -> Layer:
    in_force = any(value.holds(on) for values in found.values.values() for value in values)
    return Layer(found.name, gettext(LAYERS[found.layer]), found.scope, found.reading, in_force)


def _open(layers: Sequence[Jurisdiction], explained: Explained, on: date) -> Open:
    elsewhere = [
        for_whom(value)
        for layer in layers
        for value in layer.values[explained.name]
        if value.holds(on) and not value.absent
    ]
    return Open(gettext(explained.word), tuple(dict.fromkeys(words for words in elsewhere if words)))


class _Maker:
    """Sets out the values of one stack, which name each other."""

    def __init__(self, stack: Stack, layer_names: dict[str, str]) -> None:
        self._stack, self._layers = stack, layer_names
        levels = stack.get("levels")
        self._names = Names(
            levels={each.number: each.label for each in levels[0].value or ()} if levels else {},
            scores={
                name.partition(".")[2]: values[0].value.label or ""
                for name, values in stack.items()
                if name.startswith("scores.") and not values[0].absent
            },
        )

    def groups(self, explained: Sequence[Explained]) -> Iterator[Group]:
        for number, (word, names) in enumerate(GROUPS, start=1):
            rules = tuple(self._rules(names, explained))
            if rules:
                yield Group(f"part-{number}", word, rules)

    def _rules(self, names: Sequence[str], explained: Sequence[Explained]) -> Iterator[Rule]:
        for name in names:
            found = [each for each in explained if each.effective and each.name.partition(".")[0] == name]
            if name in _BY_STEP:
                # Steps of one's own, which no order knows, stand behind the others.
                found.sort(key=lambda each: _STEP_ORDER.get(each.name.partition(".")[2], len(_STEP_ORDER)))
            if found:
                yield Rule(name, gettext(DIMENSIONS[name].word), tuple(self._entries(found)))

    def _entries(self, found: Sequence[Explained]) -> Iterator[Entry]:
        """One for each clause: what stands beside each other in one sentence of the law is not said twice."""
        clauses: dict[Any, list[Explained]] = {}
        for each in found:
            alone = each.name if each.overrides or self._title(each) else ""
            clauses.setdefault((_clause(each.effective), alone), []).append(each)
        for same in clauses.values():
            source = same[0].effective
            if source is not None:
                values = [shown(each.name, self._stack[each.name][0], self._names) for each in same]
                titles = tuple(title for each in same if (title := self._title(each)))
                yield Entry(
                    titles,
                    together(values),
                    source,
                    self._layers[source.jurisdiction],
                    tuple(self._overridden(same[0])),
                )

    def _overridden(self, explained: Explained) -> Iterator[Overridden]:
        for value, source in zip(self._stack[explained.name][1:], explained.overrides, strict=True):
            yield Overridden(
                self._layers[source.jurisdiction],
                shown(explained.name, value, self._names),
                source.citation,
                explained.effective is not None and source.words == explained.effective.words,
            )

    def _title(self, explained: Explained) -> str:
        dimension, _, key = explained.name.partition(".")
        if dimension in _BY_STEP:
            own = self._stack.get(f"steps.{key}", ())
            return STEPS.get(key) or next((each.value.label for each in own if each.value), None) or key
        return getattr(self._stack[explained.name][0].value, "label", None) or ""


def _clause(source: Source | None) -> Any:
    if source is None:
        return None
    return (
        source.citation,
        source.jurisdiction,
        source.valid_from,
        source.valid_to,
        source.for_whom,
        source.reading,
        source.wording,
        source.checked_until,
    )
