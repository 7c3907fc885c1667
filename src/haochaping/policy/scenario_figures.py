"""From what happened in a scenario, and the figures it gives as such, to the figures of each unit in each period."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from haochaping.foundation.clock import local_day
from haochaping.policy.objections import Revisit
from haochaping.policy.owed import Period, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario_counted import Counted
from haochaping.policy.scenario_file import Scenario
from haochaping.policy.score_figures import Beneath, Cell, Figures
from haochaping.policy.score_units import Chapter, Unit, worth_at, worth_by
from haochaping.policy.spells import KINDS, Spell, longest_within, spell_of, spells_of
from haochaping.policy.story import Story
from haochaping.policy.vocabulary import COUNTS

# What a scenario counts by itself: nought where nothing of the kind happened, as levels and defaults are anyway.
_PLAYED: Final = (
    "occasions",
    "orders",
    "orders_due",
    "rectified",
    "rectified_in_time",
    "overdue",
    "verified",
    "bad_named",
    "bad_verified",
    "named",
    "voided",
    "objections",
    "objections_upheld",
    "revisits_due",
    "revisited",
    "revisit_answered",
    "revisit_satisfied",
)
# What every part of an occasion has in common, and what a bad rating adds beside its level.
_SHARED_FACTS: Final = ("channel", "place", "item_type", "case_type", "form", "stage", "rater", "bad_class")
_BAD: Final = ("bad_named", "bad_verified")
# What follows from the others, and so is never nought by itself.
_DERIVED: Final = frozenset({"ratings", "good", "bad", "unrated", "default_points"})
_ALL: Final = tuple(word for word in COUNTS if word not in _DERIVED)


class Book:
    """All figures of a scenario, period by period."""

    def __init__(self, scenario: Scenario, stories: Sequence[Story], rulebook: Rulebook) -> None:
        self._scenario, self._stories, self._rulebook = scenario, stories, rulebook
        self._where = scenario.where if scenario.where.division else scenario.cases[0].occasion
        self._given = {each.period: spell_of(each.period) for each in scenario.figures}
        self.profile = rulebook.rules(self._where, local_day(scenario.now))

    def kinds(self) -> list[str]:
        """The lengths of period that can be looked at, the shortest first; "" for periods that are only named."""
        given = [each.kind for each in self._given.values()]
        if not any(given):
            return [""]
        asked = {each.value.period for each in self.profile.scores.values()}
        asked |= {each.value.period for each in self.profile.lists.values()}
        asked |= {sampled_by(each.value) for each in self.profile.revisits.values()}
        shortest = min(map(KINDS.index, given))
        return [each for each in KINDS[shortest:] if each in given or each in asked]

    def chapters(self, kind: str) -> Iterator[Chapter]:
        """The periods of one length, in order, none left out between the first and the last that has figures."""
        if not kind:
            spells: list[Spell] = list(self._given.values()) or [Spell("")]
            yield from (self._chapter(each, last=each is spells[-1]) for each in spells)
            return
        spans = [each.period for each in self._given.values() if each.period is not None]
        spans += [period_of("day", local_day(story.began)) for story in self._stories]
        for spell in spells_of(kind, spans):
            yield self._chapter(spell)

    def _chapter(self, spell: Spell, *, last: bool = False) -> Chapter:
        profile = self.profile
        if spell.period is not None:
            profile = self._rulebook.rules(self._where, min(spell.period.last, local_day(self._scenario.now)))
        given = [
            each for each in self._scenario.figures if each.period == spell.name or self._is(each, spell)
        ]
        within = longest_within(spell, self._given)
        shorter = [each for each in self._scenario.figures if each.period in within]
        played = [story for story in self._stories if last or _falls(story, spell.period)]
        units = self._units((*given, *shorter), played)
        return Chapter(
            spell, profile, {unit: self._figures(unit, given, shorter, played, profile) for unit in units}
        )

    def _is(self, counted: Counted, spell: Spell) -> bool:
        """Whether figures are given for just this period, however that is written."""
        return spell.period is not None and self._given[counted.period][1:] == spell[1:]

    def _units(self, given: Iterable[Counted], played: Sequence[Story]) -> list[Unit]:
        known: dict[str, Unit] = {}
        for each in self._scenario.figures:
            # What one period says of a unit need not be said again for the others.
            before = known.get(each.unit, Unit(each.unit))
            known[each.unit] = Unit(each.unit, each.kind or before.kind, each.of or before.of)
        names = [*(each.unit for each in given), *(owner for story in played for owner, _ in story.cells)]
        return [known.get(name, Unit(name)) for name in dict.fromkeys(names)]

    def _figures(
        self,
        unit: Unit,
        given: Sequence[Counted],
        shorter: Sequence[Counted],
        played: Sequence[Story],
        profile: Profile,
    ) -> Figures:
        mine = [each for each in given if each.unit == unit.name]
        counted = [each for each in mine if each.cells or each.complete]
        counted = counted or [each for each in shorter if each.unit == unit.name]
        day = _day_of(self._scenario, self._given, counted)
        cells = [self._cell(cell, day) for each in counted for cell in each.cells]
        if any(each.complete for each in counted):
            cells.append(Cell(dict.fromkeys(_ALL, 0)))
        stories = [story for story in played if any(owner == unit.name for owner, _ in story.cells)]
        if stories:
            cells.append(Cell(dict.fromkeys(_PLAYED, 0)))
        cells += [cell for story in stories for cell in _played_cells(story, unit.name)]
        worth = worth_by(profile)
        return Figures(
            cells=tuple(cells),
            points=worth.points,
            levels=worth.levels,
            default_level=worth.default_level,
            default_counts_in=worth.default_counts_in,
            default_worth=worth.default_worth,
            external={name: value for each in mine for name, value in each.external.items()},
            beneath=_beneath(mine),
        )

    def _cell(self, given: Mapping[str, Any], day: date) -> Cell:
        """Counts with what the rules for just such occasions make of them."""
        cell = Cell(**given)
        facts = {name: said for name, said in given.items() if name != "counts" and said not in (None, "")}
        if not facts:
            return cell
        return replace(cell, worth=worth_at(self._rulebook, self._where._replace(**facts), day))


def _day_of(scenario: Scenario, spells: Mapping[str, Spell], counted: Sequence[Counted]) -> date:
    """The day by whose rules counted ratings are judged: the last one of their period, as far as it has come."""
    now = local_day(scenario.now)
    ends = [spell.period.last for each in counted if (spell := spells[each.period]).period is not None]
    return min([now, *ends])


def _played_cells(story: Story, unit: str) -> Iterator[Cell]:
    """What an occasion adds to the figures of a unit, with its facts and what its own rules make of it."""
    occasion, worth = story.occasion, worth_by(story.rules())
    facts = {name: getattr(occasion, name) for name in _SHARED_FACTS}
    # A bad rating that was set aside is none of those that were verified or named.
    out = _BAD if "effect" in story.facts else ()
    for owner, cell in story.cells:
        if owner == unit:
            known = {name: getattr(cell, name) or said for name, said in facts.items()}
            counts = {word: number for word, number in cell.counts.items() if word not in out}
            yield replace(cell, counts=counts, worth=worth, **known)


def sampled_by(revisit: Revisit) -> str | None:
    """The length of the periods of which the share is drawn; None where none is laid down."""
    return next((each for each in revisit.per if each in KINDS), None)


def _falls(story: Story, period: Period | None) -> bool:
    return period is not None and period.first <= local_day(story.began) <= period.last


def _beneath(mine: Sequence[Counted]) -> dict[tuple[str, str], list[Beneath]]:
    found: dict[tuple[str, str], list[Beneath]] = {}
    for below in (each for one in mine for each in one.below):
        points = below["points"]
        entry = Beneath(None if points is None else Fraction(points), below["counts"])
        found.setdefault((below["score"], below["of"]), []).append(entry)
    return found
