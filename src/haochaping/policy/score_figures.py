"""What was counted, and the measures that follow from it: exact fractions, with the counts they were made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from haochaping.policy.exact import mean, rounded
from haochaping.policy.measures import Filter, Measured
from haochaping.policy.voice import HIGHEST_LEVEL, Level

_LEVELS: Final = range(1, HIGHEST_LEVEL + 1)
_NONE: Final[Mapping[str, Decimal]] = MappingProxyType({})
# Named rates: counts above and below the line, as in the vocabulary's meaning.
_RATES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "unrated_rate": ("unrated", "occasions"),
        "rectification_rate": ("rectified", "orders"),
        "rectified_in_time_rate": ("rectified_in_time", "orders_due"),
        "revisit_rate": ("revisited", "revisits_due"),
        "revisit_satisfaction": ("revisit_satisfied", "revisit_answered"),
    }
)


class NotCounted(LookupError):
    """A count that a rule asks for was not given: nothing may be guessed for it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Counts of ratings, occasions or orders that share these facts; "" and None: not known."""

    counts: Mapping[str, int]
    subject: str = ""
    channel: str = ""
    item_type: str = ""
    named: bool | None = None
    bad_class: str = ""

    def fits(self, only: Filter | None) -> bool:
        """Whether a filter selects these."""
        return only is None or (
            (not only.subjects or self.subject in only.subjects)
            and (not only.channels or self.channel in only.channels)
            and (not only.item_types or self.item_type in only.item_types)
            and (only.named is None or self.named is only.named)
            and (not only.classes or self.bad_class in only.classes)
        )


class Beneath(NamedTuple):
    """A score of one below (a window of a department): None where it has none; its number of ratings weighs it."""

    points: Fraction | None
    ratings: int


@dataclass(frozen=True)
class Figures:
    """All that a score can ask about one organisation, window, ... in one period.

    `points` and `levels`: as laid down. `default_counts_in`: None, or the only measures that defaults may enter.
    `default_worth`: what a default is worth in points, where that is not what its level is worth.
    `external`: entered values. `beneath`: (score, kind below) → their scores; `own`: this one's other scores.
    """

    cells: tuple[Cell, ...]
    points: Mapping[int, Decimal] | None = None
    levels: tuple[Level, ...] = ()
    default_level: int | None = None
    default_counts_in: tuple[str, ...] | None = None
    default_worth: Decimal | None = None
    external: Mapping[str, Decimal] = field(default_factory=lambda: _NONE)
    beneath: Mapping[tuple[str, str], Sequence[Beneath]] = field(default_factory=dict)
    own: Mapping[str, Fraction | None] = field(default_factory=dict)
    previous: "Figures | None" = None
    year_ago: "Figures | None" = None
    peers: tuple["Figures", ...] = ()

    def count(self, word: str, *filters: Filter | None) -> Fraction:
        """A count of the vocabulary over the cells that fit. Raises NotCounted where it was neither given nor follows."""
        chosen = [cell for cell in self.cells if all(cell.fits(only) for only in filters)]
        if any(word in cell.counts for cell in self.cells):
            return Fraction(sum(cell.counts.get(word, 0) for cell in chosen))
        if word in ("ratings", "good", "bad"):
            wanted = _LEVELS if word == "ratings" else self._levels_that_are(word)
            return Fraction(sum(cell.counts.get(f"level_{n}", 0) for cell in chosen for n in wanted))
        if word.startswith("level_") or word == "defaults":
            return Fraction(0)
        if word == "default_points":
            worth = self.default_worth
            each = self._points_of(self.default_level) if worth is None else Fraction(worth)
            return each * self.count("defaults", *filters)
        if word == "unrated":
            return (
                self.count("occasions", *filters)
                - self.count("ratings", *filters)
                - self.count("defaults", *filters)
            )
        raise NotCounted(word)

    def _levels_that_are(self, word: str) -> list[int]:
        if not self.levels:
            raise NotCounted(word)
        return [level.number for level in self.levels if (level.good if word == "good" else level.bad)]

    def _points_of(self, level: int | None) -> Fraction:
        if self.points is None or level is None or level not in self.points:
            raise NotCounted("points")
        return Fraction(self.points[level])

    def default_is(self, word: str) -> bool:
        """Whether what silence stands for is good (or bad)."""
        return self.default_level in self._levels_that_are(word)

    def level_points(self, *filters: Filter | None) -> Fraction:
        """The points of the citizens' own ratings added up."""
        given = ((n, self.count(f"level_{n}", *filters)) for n in _LEVELS)
        return sum((number * self._points_of(n) for n, number in given if number), Fraction(0))


class Reading(NamedTuple):
    """A measure's value (None: there is nothing to measure), and the figures it was made of, in order."""

    value: Fraction | None
    inputs: tuple[tuple[str, Fraction], ...]


def read(measured: Measured, figures: Figures) -> Reading:
    """The value of a measure. Raises NotCounted for what was not counted."""
    found = _plain(measured, figures)
    if measured.compared is not None and found.value is not None:
        other = _other(measured, figures)
        inputs = found.inputs if other is None else (*found.inputs, (measured.compared, other))
        found = Reading(None if other is None else found.value - other, inputs)
    if found.value is None:
        return found
    return found._replace(value=rounded(found.value, measured.measure_round))


def _other(measured: Measured, figures: Figures) -> Fraction | None:
    plain = replace(measured, compared=None)
    if measured.compared == "average":
        values = (read(plain, peer).value for peer in figures.peers)
        return mean(value for value in values if value is not None)
    then = figures.previous if measured.compared == "previous" else figures.year_ago
    return None if then is None else read(plain, then).value


def _plain(measured: Measured, figures: Figures) -> Reading:
    name, only = measured.measure or "", measured.only
    if name in _RATES:
        part, whole = _RATES[name]
        return _share(figures, (part,), (), (whole,), (), only)
    if name == "ratio":
        return _share(figures, measured.of, measured.minus, measured.over, measured.over_minus, only)
    if name == "count":
        total, inputs = _sum(figures, measured.of, measured.minus, only)
        return Reading(total, inputs)
    if name == "external":
        value = figures.external.get(measured.external or "")
        return Reading(None if value is None else Fraction(value), ())
    if name == "scores":
        return _scores(measured, figures)
    enters = bool(measured.counts_defaults) and (
        figures.default_counts_in is None or name in figures.default_counts_in
    )
    if name in ("mean_points", "points_sum"):
        return _points(measured, figures, enters)
    return _rate(name, figures, only, enters)


def _rate(name: str, figures: Figures, only: Filter | None, enters: bool) -> Reading:
    defaults = figures.count("defaults", only) if enters else Fraction(0)
    ratings = figures.count("ratings", only)
    if name == "participation":
        part, whole, label = ratings + defaults, figures.count("occasions", only), "occasions"
        inputs: tuple[tuple[str, Fraction], ...] = (("ratings", ratings),)
    else:
        word = name.removesuffix("_rate")
        given = figures.count(word, only)
        counted = bool(defaults) and figures.default_is(word)
        part, whole, label = given + (defaults if counted else 0), ratings + defaults, "ratings"
        inputs = ((word, given),)
    if enters:
        inputs = (*inputs, ("defaults", defaults))
    inputs = (*inputs, (label, whole - defaults if label == "ratings" else whole))
    return Reading(part / whole if whole else None, inputs)


def _points(measured: Measured, figures: Figures, enters: bool) -> Reading:
    weighed: list[tuple[Filter | None, Fraction]]
    weighed = [(group.only, Fraction(group.weight)) for group in measured.groups] or [(None, Fraction(1))]
    total = weight = Fraction(0)
    inputs: list[tuple[str, Fraction]] = []
    for group, each in weighed:
        ratings = figures.count("ratings", measured.only, group)
        points = figures.level_points(measured.only, group)
        inputs += [("ratings", ratings), ("points_sum", points)]
        total += each * points
        weight += each * ratings
    if enters and figures.count("defaults", measured.only):
        for cell in figures.cells:
            if cell.fits(measured.only) and cell.counts.get("defaults"):
                only_this = replace(figures, cells=(cell,))
                each = _default_weight(cell, weighed)
                total += each * only_this.count("default_points")
                weight += each * only_this.count("defaults")
        inputs.append(("defaults", figures.count("defaults", measured.only)))
        inputs.append(("default_points", figures.count("default_points", measured.only)))
    if measured.measure == "points_sum":
        return Reading(total, tuple(inputs))
    return Reading(total / weight if weight else None, tuple(inputs))


def _default_weight(cell: Cell, weighed: Iterable[tuple[Filter | None, Fraction]]) -> Fraction:
    """Silence is neither 实名 nor 匿名: it weighs once where a group asks for that, else as its group does."""
    fitting = (each for only, each in weighed if (only is None or only.named is None) and cell.fits(only))
    return next(fitting, Fraction(1))


def _sum(
    figures: Figures, plus: Iterable[str], minus: Iterable[str], only: Filter | None
) -> tuple[Fraction, tuple[tuple[str, Fraction], ...]]:
    added = [(word, figures.count(word, only)) for word in plus]
    taken = [(word, -figures.count(word, only)) for word in minus]
    return sum((number for _, number in (*added, *taken)), Fraction(0)), (*added, *taken)


def _share(
    figures: Figures,
    of: Iterable[str],
    minus: Iterable[str],
    over: Iterable[str],
    over_minus: Iterable[str],
    only: Filter | None,
) -> Reading:
    part, above = _sum(figures, of, minus, only)
    whole, below = _sum(figures, over, over_minus, only)
    return Reading(part / whole if whole else None, (*above, *below))


def _scores(measured: Measured, figures: Figures) -> Reading:
    score = measured.score or ""
    if measured.below is None:
        if score not in figures.own:
            raise NotCounted(f"scores:{score}")
        return Reading(figures.own[score], ())
    found = [each for each in figures.beneath.get((score, measured.below), ()) if each.points is not None]
    points = [each.points for each in found if each.points is not None]
    if not points:
        return Reading(None, ())
    inputs = tuple((score, each) for each in points)
    if measured.how == "least":
        return Reading(min(points), inputs)
    if measured.how == "most":
        return Reading(max(points), inputs)
    if measured.how == "sum":
        return Reading(sum(points, Fraction(0)), inputs)
    if measured.how == "weighted":
        weight = sum(each.ratings for each in found)
        total = sum((each.points * each.ratings for each in found if each.points is not None), Fraction(0))
        return Reading(total / weight if weight else None, inputs)
    return Reading(mean(points), inputs)
