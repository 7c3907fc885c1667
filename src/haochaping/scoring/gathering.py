"""What was counted of everybody in a period: by tallies, of orders and of revisits, and the values that were entered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from haochaping.cases.facts import CHANNELS
from haochaping.oversight.queries.score_counts import WORDS as REVISIT_WORDS
from haochaping.oversight.queries.score_counts import revisit_counts
from haochaping.policy.owed import Period
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures, Worth
from haochaping.policy.score_units import Unit, worth_by
from haochaping.ratings.queries.held import CountedAs, counted_as
from haochaping.rectification.objection_queries.figures import held_back
from haochaping.rectification.score_counts import WORDS as ORDER_WORDS
from haochaping.rectification.score_counts import OrderCounts, order_counts
from haochaping.scoring.places import THINGS, Places, places, unit_name
from haochaping.scoring.queries.entered import External, entered_values
from haochaping.scoring.record import figures_by
from haochaping.scoring.things import things
from haochaping.tallies.declared import CHANNEL_MONTH
from haochaping.tallies.queries import organisation_totals, totals_of
from haochaping.tallies.rules import Counts

_NOTHING: Final = Counts()
_ONE_DAY: Final = timedelta(days=1)


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


def whole_months(period: Period) -> bool:
    """Whether a period begins and ends with a month."""
    return period.first.day == (period.last + _ONE_DAY).day == 1


def gather(asked: Asked, kind: str, period: Period, *, apart: bool = False) -> Gathered:
    """Everybody who could be rated on the last day, and whoever was rated in the period. Days to come have no figures.
    `apart`: the ratings of organisations by channel and by 实名 or not, of whole months. Raises NotFilled."""
    held = tuple(_held_back(period))
    of_organisations = _without(organisation_totals(from_day=period.first, to_day=period.last), held)
    found = places(asked.division_id, counted=of_organisations.keys(), on=period.last)
    counted = _Counted(
        places=found,
        ratings=of_organisations,
        held=held,
        apart=_apart(period, held) if apart and whole_months(period) else None,
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
    apart: Mapping[int, Mapping[tuple[str, bool], Counts]] | None
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
                *self._cells(number, self._worth(division)),
                *_order_cells(orders.get(number, ())),
            ]
            unit, name = self.places.organisation(number), self.places.names["organisation", number]
            yield self._found(unit, name, division, cells)

    def _cells(self, number: int, worth: Worth) -> Iterator[Cell]:
        """Services and ratings of an organisation; nobody was 实名 who said nothing."""
        counts = self.ratings.get(number, _NOTHING)
        if self.apart is None:
            yield from _rating_cells(counts, worth, "item")
            return
        yield Cell({"occasions": counts.occasions}, subject="item")
        for (channel, named), said in sorted(self.apart.get(number, {}).items()):
            yield Cell(_levels(said), subject="item", channel=channel, named=named)
        for cell in _default_cells(counts, worth, "item"):
            yield replace(cell, named=False)

    def regions(self, organisations: Sequence[_Found]) -> Iterator[_Found]:
        """Each division with all that was counted in it and below it."""
        inside: dict[int, list[Cell]] = {}
        for each in organisations:
            for region in self.places.above(each.division):
                inside.setdefault(region, []).extend(each.figures.cells)
        for number in sorted(self.places.parents):
            name = self.places.names["region", number]
            yield self._found(self.places.region(number), name, number, _together(inside.get(number, ())))

    def things(self, kind: str) -> Iterator[_Found]:
        """Windows, halls, items or members of staff of these organisations that were counted in the months of the period."""
        orders: dict[int | None, list[OrderCounts]] = {}
        for each in self.orders:
            orders.setdefault(getattr(each.about, f"{kind}_id"), []).append(each)
        subject = "staff" if kind == "staff" else "item"
        for thing in things(kind, self.period, self.places, self.held):
            cells = [
                *_rating_cells(thing.counts, self._worth(thing.division), subject),
                *_order_cells(orders.get(thing.number, ())),
            ]
            unit = Unit(unit_name(kind, thing.number), kind, thing.of)
            yield self._found(unit, thing.name, thing.division, cells)

    def _found(self, unit: Unit, name: str, division: int, cells: Sequence[Cell]) -> _Found:
        figures = figures_by(self._worth(division), cells, self.entered.get(unit.name, {}))
        return _Found(unit, name, division, figures)

    def _worth(self, division: int) -> Worth:
        """What the rules of a place make of levels and silence on the last day of the period."""
        return worth_by(self.rulebook.profile(self.places.codes[division], self.period.last))


def _without(totals: Mapping[int, Counts], held: Iterable[CountedAs]) -> dict[int, Counts]:
    """Without the ratings of which an undecided objection has that effect by the rules."""
    found = dict(totals)
    for each in held:
        for number in each.organisations:
            less = Counts(**{f"n{each.level}": each.weight})
            found[number] = found.get(number, _NOTHING) - less
    return found


def _apart(period: Period, held: Iterable[CountedAs]) -> dict[int, dict[tuple[str, bool], Counts]]:
    """Organisation id → ratings by channel (a word of the rules, "" for none of them) and by 实名 or not."""
    found: dict[int, dict[tuple[str, bool], Counts]] = {}

    def add(whose: int, channel: int, named: bool, counts: Counts) -> None:
        mine, key = found.setdefault(whose, {}), (CHANNELS.get(channel, ""), named)
        mine[key] = mine.get(key, _NOTHING) + counts

    for (whose, channel, named), counts in totals_of(CHANNEL_MONTH, period.first, period.last).items():
        add(whose, channel, bool(named), counts)
    for each in held:
        for whose in each.organisations:
            add(whose, each.channel, each.named, _NOTHING - Counts(**{f"n{each.level}": each.weight}))
    return found


def _held_back(period: Period) -> Iterator[CountedAs]:
    for each in counted_as(held_back("not_counted")).values():
        if period.first <= each.day <= period.last:
            yield each


def _rating_cells(counts: Counts, worth: Worth, subject: str) -> Iterator[Cell]:
    """Services and ratings by level; then defaults, by the level for which silence counted."""
    yield Cell({"occasions": counts.occasions, **_levels(counts)}, subject=subject)
    yield from _default_cells(counts, worth, subject)


def _levels(counts: Counts) -> dict[str, int]:
    return {f"level_{level}": getattr(counts, f"n{level}") for level in range(1, 6)}


def _default_cells(counts: Counts, worth: Worth, subject: str) -> Iterator[Cell]:
    for level in range(1, 6):
        if number := getattr(counts, f"d{level}"):
            yield Cell({"defaults": number}, subject=subject, worth=replace(worth, default_level=level))


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
        level = cell.worth.default_level if cell.worth else None
        key = (cell.subject, cell.channel, cell.named, cell.bad_class, level, "orders" in cell.counts)
        first.setdefault(key, cell)
        counts = sums.setdefault(key, {})
        for word, number in cell.counts.items():
            counts[word] = counts.get(word, 0) + number
    return [replace(cell, counts=sums[key]) for key, cell in first.items()]
