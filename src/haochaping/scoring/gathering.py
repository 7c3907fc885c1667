"""What was counted of everybody in a period: by tallies, of orders and of revisits, and the values that were entered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from haochaping.oversight.queries.score_counts import WORDS as REVISIT_WORDS
from haochaping.oversight.queries.score_counts import revisit_counts
from haochaping.policy.occasions import Occasion
from haochaping.policy.owed import Period
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.score_units import Unit
from haochaping.ratings.queries.held import CountedAs, counted_as
from haochaping.rectification.objection_queries.figures import held_back
from haochaping.rectification.score_counts import WORDS as ORDER_WORDS
from haochaping.rectification.score_counts import OrderCounts, order_counts
from haochaping.scoring.apart import ToldApart, told_apart
from haochaping.scoring.countable import Picking
from haochaping.scoring.places import THINGS, Places, places, unit_name
from haochaping.scoring.queries.entered import External, entered_values
from haochaping.scoring.record import CELL_FACTS, canonical, figures_by
from haochaping.scoring.things import things
from haochaping.scoring.worth import Judge, seen_from_above, written
from haochaping.tallies.queries import organisation_totals
from haochaping.tallies.rules import Counts

_NOTHING: Final = Counts()
_NONE: Final[Mapping[str, Picking]] = MappingProxyType({})


@dataclass(frozen=True)
class Gathered:
    """A period's figures by unit; what each is called, and by the rules of which division (code) it is judged. `ended`: the
    organisations that were no more on its last day."""

    figures: Mapping[Unit, Figures]
    names: Mapping[Unit, str]
    divisions: Mapping[Unit, str]
    ended: frozenset[Unit]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which division, which kinds of unit, by which rules, as things stand at which instant."""

    division_id: int
    kinds: frozenset[str]
    rulebook: Rulebook
    at: datetime


def gather(asked: Asked, kind: str, period: Period, picked: Mapping[str, Picking] = _NONE) -> Gathered:
    """Everybody who could be rated on the last day, and whoever was rated in the period. Days to come have no figures.
    `picked`: by what the ratings of a kind of unit are picked. Raises NotFilled."""
    by_id = _held_back(period)
    held = tuple(by_id.values())
    of_organisations = _without(organisation_totals(from_day=period.first, to_day=period.last), held)
    found = places(asked.division_id, counted=of_organisations.keys(), on=period.last)
    counted = _Counted(
        places=found,
        ratings=of_organisations,
        held=held,
        apart=told_apart(picked, period, organisations=found.divisions.keys(), held=by_id),
        orders=_orders(asked, period),
        entered=entered_values(kind, period.first, at=asked.at),
        rulebook=asked.rulebook,
        period=period,
    )
    units = [*counted.organisations()]
    units += counted.regions(units) if "region" in asked.kinds else ()
    for thing in THINGS:
        units += counted.things(thing) if thing in asked.kinds else ()
    return Gathered(
        figures={each.unit: each.figures for each in units},
        names={each.unit: each.name for each in units},
        divisions={each.unit: found.codes[each.division] for each in units},
        ended=frozenset(found.organisation(number) for number in found.ended),
    )


class _Found(NamedTuple):
    """A unit with its figures; `division`: by the rules of which it is judged."""

    unit: Unit
    name: str
    division: int
    figures: Figures


@dataclass(frozen=True)
class _Counted:
    """All that was read of a period."""

    places: Places
    ratings: Mapping[int, Counts]
    held: Sequence[CountedAs]
    apart: ToldApart
    orders: Sequence[OrderCounts]
    entered: External
    rulebook: Rulebook
    period: Period

    def organisations(self) -> Iterator[_Found]:
        """Each organisation, by its id."""
        orders: dict[int, list[OrderCounts]] = {}
        for each in self.orders:
            orders.setdefault(each.about.organisation_id, []).append(each)
        for number, division in sorted(self.places.divisions.items()):
            cells = [
                *self._cells(number, self._judge(self.places.ruled[number])),
                *_order_cells(orders.get(number, ())),
            ]
            unit, name = self.places.organisation(number), self.places.names["organisation", number]
            yield self._found(unit, name, division, cells)

    def _cells(self, number: int, judge: Judge) -> Iterator[Cell]:
        """Services and ratings of an organisation."""
        counts = self.ratings.get(number, _NOTHING)
        yield from self.apart.cells("organisation", number, counts, judge)

    def regions(self, organisations: Sequence[_Found]) -> Iterator[_Found]:
        """Each division with all that was counted in it and below it."""
        inside: dict[int, list[Cell]] = {}
        for each in organisations:
            own = self._judge(Occasion(self.places.codes[each.division])).base()
            for region in self.places.above(each.division):
                above = self._judge(Occasion(self.places.codes[region])).base()
                cells = (seen_from_above(cell, own, above) for cell in each.figures.cells)
                inside.setdefault(region, []).extend(cells)
        for number in sorted(self.places.parents):
            name = self.places.names["region", number]
            yield self._found(self.places.region(number), name, number, _together(inside.get(number, ())))

    def things(self, kind: str) -> Iterator[_Found]:
        """Windows, halls, items or members of staff of these organisations that were counted in the months of the period."""
        orders: dict[int | None, list[OrderCounts]] = {}
        for each in self.orders:
            orders.setdefault(getattr(each.about, f"{kind}_id"), []).append(each)
        for thing in things(kind, self.period, self.places, self.held):
            judge = self._judge(self.places.of(thing.of))
            cells = [
                *self.apart.cells(kind, thing.number, thing.counts, judge),
                *_order_cells(orders.get(thing.number, ())),
            ]
            unit = Unit(unit_name(kind, thing.number), kind, thing.of)
            yield self._found(unit, thing.name, thing.division, cells)

    def _found(self, unit: Unit, name: str, division: int, cells: Sequence[Cell]) -> _Found:
        base = self._judge(Occasion(self.places.codes[division])).base()
        return _Found(unit, name, division, figures_by(base, cells, self.entered.get(unit.name, {})))

    def _judge(self, where: Occasion) -> Judge:
        """By the rules of the last day of the period."""
        return Judge(self.rulebook, where, self.period.last)


def _without(totals: Mapping[int, Counts], held: Iterable[CountedAs]) -> dict[int, Counts]:
    """Without the ratings of which an undecided objection has that effect by the rules."""
    found = dict(totals)
    for each in held:
        for number in each.organisations:
            less = Counts(**{f"n{each.level}": each.weight})
            found[number] = found.get(number, _NOTHING) - less
    return found


def _held_back(period: Period) -> dict[UUID, CountedAs]:
    return {
        rating: each
        for rating, each in counted_as(held_back("not_counted")).items()
        if period.first <= each.day <= period.last
    }


def _orders(asked: Asked, period: Period) -> tuple[OrderCounts, ...]:
    """With what revisits made of them."""
    found = order_counts(first=period.first, last=period.last, at=asked.at)
    revisited = revisit_counts([each.id for each in found])
    return tuple(replace(each, counts={**each.counts, **revisited.get(each.id, {})}) for each in found)


def _order_cells(orders: Iterable[OrderCounts]) -> Iterator[Cell]:
    """Counts of orders by whether they were 实名 and by their class; nought where there is none."""
    yield Cell(dict.fromkeys((*ORDER_WORDS, *REVISIT_WORDS), 0))
    groups: dict[tuple[bool, str], dict[str, int]] = {}
    for each in orders:
        counts = groups.setdefault((each.named, each.bad_class), {})
        for word, number in each.counts.items():
            counts[word] = counts.get(word, 0) + number
    for (named, bad_class), counts in sorted(groups.items()):
        yield Cell(counts, named=named, bad_class=bad_class)


def _together(cells: Iterable[Cell]) -> list[Cell]:
    """Cells of the same facts added up."""
    first: dict[tuple[object, ...], Cell] = {}
    sums: dict[tuple[object, ...], dict[str, int]] = {}
    for cell in cells:
        worth = (cell.worth.default_level, canonical(written(cell.worth))) if cell.worth else None
        facts = tuple(getattr(cell, name) for name in CELL_FACTS)
        key = (*facts, cell.named, cell.aside, worth, "orders" in cell.counts)
        first.setdefault(key, cell)
        counts = sums.setdefault(key, {})
        for word, number in cell.counts.items():
            counts[word] = counts.get(word, 0) + number
    return [replace(cell, counts=sums[key]) for key, cell in first.items()]
