"""All rules, loaded once: ask it for the rules of an occasion on a day."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.adoption import Adopted
from haochaping.policy.calendars import load_calendar
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.jurisdictions import Jurisdiction, collect_jurisdictions
from haochaping.policy.objections import Transition
from haochaping.policy.occasions import Occasion, Selector, facts_asked, facts_of
from haochaping.policy.profile import Profile
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.sources import RulesError
from haochaping.policy.values import Value
from haochaping.policy.versions import version_of

__all__ = ["AsOf", "Occasion", "Profile", "Rulebook", "RulesError"]

# Some 3,000 counties for three weeks of days; what is not asked for again falls out.
_LOOKUPS_KEPT = 65_536

# Of a dimension (or `dimension.key`) all values in force for an occasion, the effective one first.
Stack = Mapping[str, tuple[Value[Any], ...]]


class AsOf(NamedTuple):
    """The days other than that of the service: of the step, of the rating, of the acceptance. None: not told."""

    step: date | None = None
    rated: date | None = None
    accepted: date | None = None


class Rulebook:
    """Jurisdictions and calendar, immutable; safe to share between threads. Load one and keep it."""

    def __init__(self, jurisdictions: tuple[Jurisdiction, ...], calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.jurisdictions = jurisdictions
        self._by_key = {each.key: each for each in jurisdictions}
        self._profiles: dict[tuple[tuple[str, ...], tuple[object, ...]], Profile] = {}
        self._calendars: dict[tuple[frozenset[date], frozenset[date]], WorkCalendar] = {}
        self._asked = facts_asked(_selectors(jurisdictions))
        self._days_named = _days_named(jurisdictions)
        self._changes = sorted({date.min}.union(*(each.changes() for each in jurisdictions)))
        self._lookup = lru_cache(maxsize=_LOOKUPS_KEPT)(self._find_asked)
        self._found = lru_cache(maxsize=_LOOKUPS_KEPT)(self._find)
        self._plain = lru_cache(maxsize=_LOOKUPS_KEPT)(self._find_plain)

    @classmethod
    def load(cls, rules_dir: Path | None = None) -> "Rulebook":
        """Reads everything or nothing: the product's own `rules/` with the operator's directory
        (HAOCHAPING_RULES_DIR) on top, or another directory of the same form alone.

        Raises RulesError naming every file, line, key and what is wrong.
        """
        return cls.of(RuleDirs((rules_dir,), (rules_dir,)) if rules_dir else RuleDirs.of_environment())

    @classmethod
    def of(cls, dirs: RuleDirs) -> "Rulebook":
        """Reads these directories, everything or nothing. Raises RulesError as `load` does."""
        jurisdictions, mistakes = collect_jurisdictions(dirs.profiles)
        try:
            calendar = load_calendar(*dirs.calendars)
        except RulesError as error:
            raise RulesError.of((*mistakes, *error.mistakes)) from error
        if mistakes:
            raise RulesError.of(mistakes)
        return cls(jurisdictions, calendar)

    def profile(self, division_code: str, on: date) -> Profile:
        """The rules in force in a division (6 or 12 digits) on a day, e.g. the day of the service.

        What is laid down for some occasions only is left aside: ask `rules` for those. Asked again, it costs well
        under 2 µs. Raises ValueError for what is no division code, LookupError when no jurisdiction applies to it.
        """
        return self._plain(division_code, on)

    def rules(
        self,
        occasion: Occasion,
        on: date,
        *,
        step: date | None = None,
        rated: date | None = None,
        accepted: date | None = None,
    ) -> Profile:
        """The rules in force for an occasion of the day `on`, each value that of whoever goes first.

        `step`: the day of an act of procedure, `rated`: that of the rating, `accepted`: that on which the case was
        accepted (left out: that of the service). What a rating means is judged by the day
        of the occasion, how it is handled by that of the step, unless the profile's `transition` says otherwise.
        Asked again, it costs under 2 µs. Raises ValueError and LookupError as `profile` does.
        """
        return self._lookup(occasion, on, step, rated, accepted)

    def layers(self, occasion: Occasion, on: date | None = None) -> tuple[Jurisdiction, ...]:
        """The jurisdictions that apply, whoever goes first at the front, adopted ones behind who adopts them.

        `on`: adopted ones as far as the adoption is in force; left out: all that ever are.
        """
        layers = (each for each in self._layers(occasion) if on is None or each.holds(on))
        return tuple(dict.fromkeys(each.of for each in layers))

    def adopted(self, occasion: Occasion, on: date) -> tuple[tuple[Jurisdiction, Adopted], ...]:
        """The jurisdictions whose values hold because another one adopts them, with that adoption."""
        found = (each for each in self._layers(occasion) if each.through and each.holds(on))
        return tuple((each.of, each.through[-1]) for each in found)

    def stack(
        self,
        occasion: Occasion,
        on: date,
        *,
        step: date | None = None,
        rated: date | None = None,
        accepted: date | None = None,
    ) -> Stack:
        """Every value in force for an occasion, by dimension (`name.key` where many stand side by side); the days as in
        `rules`.

        The first one is effective (unless it says `absent`), the others it overrides.
        """
        return self._judged(self._layers(occasion), occasion, _days(on, step, rated, accepted))[0]

    def hanging_on(self, division_code: str, on: date, dimensions: Collection[str]) -> frozenset[str]:
        """The facts of an occasion, besides its division, by which values of these dimensions may differ on a day in a
        division or below it. Raises ValueError for what is no division code."""
        found: list[Selector] = []
        for each in self._in_or_below(division_code):
            values = [value for dimension in dimensions for value in self._holding(each, on, dimension)]
            found += (*each.only, *each.excepted) if values else ()
            found += (selector for value in values for selector in (*value.only, *value.excepted))
        return facts_asked(found)

    def holding(self, division_code: str, on: date, dimension: str) -> tuple[Value[Any], ...]:
        """Its values in force on a day in a division or below it, for whatever occasions. Raises ValueError for what is no
        division code."""
        there = self._in_or_below(division_code)
        return tuple(value for each in there for value in self._holding(each, on, dimension))

    def _in_or_below(self, division_code: str) -> Iterator[Jurisdiction]:
        within = str(facts_of(Occasion(division_code))["divisions"])
        for each in self.jurisdictions:
            if each.covers(within) or any(stem.startswith(within) for stem in each.stems):
                yield each

    def _holding(self, jurisdiction: Jurisdiction, on: date, dimension: str) -> Iterator[Value[Any]]:
        """What it lays down itself, and what it adopts."""
        for layer in self._with_adopted(jurisdiction):
            yield from layer.holding(dimension, on)

    def _layers(self, occasion: Occasion) -> list["_Layer"]:
        facts = facts_of(occasion)
        applying = (each for each in self.jurisdictions if each.applies(facts))
        return [layer for each in applying for layer in self._with_adopted(each)]

    def _with_adopted(
        self, jurisdiction: Jurisdiction, through: tuple[Adopted, ...] = ()
    ) -> Iterable["_Layer"]:
        yield _Layer(jurisdiction, through)
        for each in jurisdiction.adopts:
            yield from self._with_adopted(self._by_key[each.adoption.name], (*through, each))

    def _find_plain(self, division_code: str, on: date) -> Profile:
        return self._lookup(Occasion(division_code), on, None, None, None)

    def _find_asked(
        self, occasion: Occasion, on: date, step: date | None, rated: date | None, accepted: date | None
    ) -> Profile:
        """Occasions that differ only in what no rule looks at share one look-up, and so do days that none names, and days
        between which nothing changed."""
        known = {fact: said for fact, said in occasion._asdict().items() if fact in self._asked}
        if "acceptance_day" not in self._days_named:
            accepted = None
        if "rating_day" not in self._days_named:
            rated = None
        since = (None if day is None else self.since(day) for day in (on, step, rated, accepted))
        return self._found(Occasion(occasion.division, **known), *since)

    def since(self, day: date) -> date:
        """The day from which on all rules have been as they are on this one."""
        return self._changes[bisect_right(self._changes, day) - 1]

    def _find(
        self, occasion: Occasion, on: date, step: date | None, rated: date | None, accepted: date | None
    ) -> Profile:
        layers = self._layers(occasion)
        if not layers:
            raise LookupError(f"no jurisdiction applies to the division {occasion.division}")
        stack, looked_at = self._judged(layers, occasion, _days(on, step, rated, accepted))
        there = (each.of for each in layers if any(map(each.holds, looked_at)))
        effective = {name: _effective(stack, name) for name in DIMENSIONS}
        return self._profile(tuple(dict.fromkeys(there)), effective)

    def _judged(
        self, layers: Sequence["_Layer"], occasion: Occasion, days: Mapping[str, date]
    ) -> tuple[Stack, frozenset[date]]:
        """Of each dimension the values of the day by which it is judged, and the days that were looked at."""
        facts = facts_of(occasion)
        stacks = {day: _stack(layers, day, facts) for day in set(days.values())}
        transition = _transition(stacks[days["step_day"]])
        stack = {
            full: values
            for day, of_day in stacks.items()
            for full, values in of_day.items()
            if days[_judged_by(full.partition(".")[0], transition)] == day
        }
        return stack, frozenset(stacks)

    def _profile(self, layers: Sequence[Jurisdiction], values: dict[str, Any]) -> Profile:
        names = tuple(each.key for each in layers)
        # Days and occasions for which nothing differs share one profile; values live as long as the rulebook.
        chosen = tuple(
            tuple(map(id, value.values())) if isinstance(value, dict) else id(value)
            for value in values.values()
        )
        if (names, chosen) not in self._profiles:
            self._profiles[names, chosen] = Profile(
                key=names[0],
                name=layers[0].name,
                layers=names,
                version=version_of(values),
                calendar=self._calendar(names, values["local_days"].values()),
                **values,
            )
        return self._profiles[names, chosen]

    def _calendar(self, layers: Sequence[str], local: Iterable[Value[Any]]) -> WorkCalendar:
        """The country's calendar with the local days. Of a day that two layers lay down, the first one decides."""
        worked: dict[date, bool] = {}
        for each in sorted(local, key=lambda value: layers.index(value.jurisdiction), reverse=True):
            worked |= dict.fromkeys(each.value.off, False) | dict.fromkeys(each.value.works, True)
        if not worked:
            return self.calendar
        off = frozenset(day for day, works in worked.items() if not works)
        works = frozenset(worked) - off
        if (off, works) not in self._calendars:
            self._calendars[off, works] = self.calendar.with_local(off, works)
        return self._calendars[off, works]


def _days(on: date, step: date | None, rated: date | None, accepted: date | None) -> Mapping[str, date]:
    """The four days that a transition can name. Before there is a rating, the day of looking stands for its day."""
    return {
        "occasion_day": on,
        "acceptance_day": accepted or on,
        "rating_day": rated or step or on,
        "step_day": step or on,
    }


def _days_named(jurisdictions: Iterable[Jurisdiction]) -> frozenset[str]:
    """The days by which any jurisdiction's transition wants anything judged."""
    said = (value.value for each in jurisdictions for value in each.values["transition"] if not value.absent)
    return frozenset(day for each in said for day in (each.substance, each.procedure))


def _selectors(jurisdictions: Iterable[Jurisdiction]) -> Iterator[Selector]:
    for jurisdiction in jurisdictions:
        yield from (*jurisdiction.only, *jurisdiction.excepted)
        for values in jurisdiction.values.values():
            for value in values:
                yield from (*value.only, *value.excepted)


class _Layer(NamedTuple):
    """A jurisdiction whose values hold: where it applies itself, or `through` one adoption after the other."""

    of: Jurisdiction
    through: tuple[Adopted, ...]

    def holds(self, on: date) -> bool:
        """Whether each adoption that leads to it is in force."""
        return all(each.adoption.holds(on) for each in self.through)

    def fitting(self, dimension: str, on: date, facts: Mapping[str, object]) -> Iterable[Value[Any]]:
        """Its values in force for such an occasion, the one that is chosen first, of each key."""
        return self.of.fitting(dimension, on, facts) if self._takes(dimension, on) else ()

    def holding(self, dimension: str, on: date) -> Iterable[Value[Any]]:
        """Its values in force, for whatever occasions."""
        return (
            (each for each in self.of.values[dimension] if each.holds(on))
            if self._takes(dimension, on)
            else ()
        )

    def _takes(self, dimension: str, on: date) -> bool:
        return self.holds(on) and all(each.adoption.takes(dimension) for each in self.through)


def _stack(layers: Sequence[_Layer], on: date, facts: Mapping[str, object]) -> Stack:
    stack: dict[str, list[Value[Any]]] = {}
    for name, dimension in DIMENSIONS.items():
        for layer in layers:
            for value in layer.fitting(name, on, facts):
                values = stack.setdefault(f"{name}.{value.key}" if dimension.keyed else name, [])
                # Adopted here and applying here as well, it is still one rule.
                if all(each is not value for each in values):
                    values.append(value)
    return {name: tuple(values) for name, values in stack.items()}


def _effective(stack: Stack, name: str) -> Any:
    if not DIMENSIONS[name].keyed:
        values = stack.get(name)
        return values[0] if values and not values[0].absent else None
    return {
        full.partition(".")[2]: values[0]
        for full, values in sorted(stack.items())
        if full.startswith(f"{name}.") and not values[0].absent
    }


def _transition(stack: Stack) -> Transition:
    found = _effective(stack, "transition")
    return found.value if found is not None else Transition()


def _judged_by(name: str, transition: Transition) -> str:
    if name == "transition":
        return "step_day"  # whoever acts looks there first
    nature = DIMENSIONS[name].nature
    if name in transition.as_substance:
        nature = "substance"
    elif name in transition.as_procedure:
        nature = "procedure"
    return transition.substance if nature == "substance" else transition.procedure
