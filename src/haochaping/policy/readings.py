"""The value of a measure: exact fractions, with the counts they were made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from haochaping.policy.bands import Bounds
from haochaping.policy.exact import mean, rounded, within
from haochaping.policy.measures import Condition, Filter, Measured
from haochaping.policy.score_figures import Beneath, Cell, Figures, NotCounted, Standing

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


class Reading(NamedTuple):
    """A measure's value (None: there is nothing to measure), and the figures it was made of, in order."""

    value: Fraction | None
    inputs: tuple[tuple[str, Fraction], ...]


def read(measured: Measured, figures: Figures) -> Reading:
    """The value of a measure. Raises NotCounted for what was not counted."""
    found = _plain(measured, figures)
    if measured.compared is not None and found.value is not None:
        found = _against(_other(measured, figures), found, measured)
    if found.value is None:
        return found
    found = found._replace(value=rounded(found.value, measured.measure_round))
    return found if measured.placed is None else _placed(measured, figures, found)


def holds(condition: Condition, figures: Figures) -> bool:
    """Whether a measure lies within the bounds; what has nothing to measure does not. Raises NotCounted."""
    return lies(read(condition, figures).value, condition)


def lies(value: Fraction | None, bounds: Bounds) -> bool:
    """Whether there is a value and it lies within the bounds."""
    return value is not None and within(value, bounds)


def _against(other: Fraction | None, found: Reading, measured: Measured) -> Reading:
    """The difference to another value, or its share of that."""
    if other is None or found.value is None or (measured.relative and not other):
        return Reading(None, found.inputs)
    difference = found.value - other
    inputs = (*found.inputs, (measured.compared or "", other))
    return Reading(difference / other if measured.relative else difference, inputs)


def _other(measured: Measured, figures: Figures) -> Fraction | None:
    plain = replace(measured, compared=None, placed=None, measure_round=None)
    if measured.compared == "average":
        values = (read(plain, peer).value for peer in figures.peers)
        return mean(value for value in values if value is not None)
    then = figures.previous if measured.compared == "previous" else figures.year_ago
    return None if then is None else read(plain, then).value


def _placed(measured: Measured, figures: Figures, found: Reading) -> Reading:
    """The place among all of the same kind: of a score as it is ranked, else by the value alone."""
    if ranks_as_the_score(measured):
        standing = figures.standings.get(measured.score or "")
    else:
        standing = _place(measured, figures, found.value or Fraction(0))
    if standing is None:
        return Reading(None, found.inputs)
    rank, ranked = standing
    inputs = (*found.inputs, ("rank", Fraction(rank)), ("ranked", Fraction(ranked)))
    if measured.placed == "rank":
        return Reading(Fraction(rank), inputs)
    return Reading(Fraction(rank if measured.placed == "share" else rank - 1, ranked), inputs)


def ranks_as_the_score(measured: Measured) -> bool:
    """Whether a measure is one's own score and no more, so that its place is the one in that score's ranking."""
    return measured.measure == "scores" and measured.below is measured.each is measured.compared is None


def _place(measured: Measured, figures: Figures, mine: Fraction) -> Standing:
    plain = replace(measured, placed=None)
    found = (read(plain, peer).value for peer in figures.peers)
    others = [value for value in found if value is not None]
    before = sum(value > mine if measured.better == "higher" else value < mine for value in others)
    return Standing(before + 1, len(others) + 1)


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
    if name == "listed":
        return Reading(_listings(measured.list or "", figures), ())
    if name in ("mean_points", "points_sum"):
        return _points(measured, figures)
    return _rate(name, measured, figures)


def _listings(key: str, figures: Figures) -> Fraction:
    if key not in figures.listings:
        raise NotCounted(f"lists:{key}")
    return Fraction(figures.listings[key])


def _rate(name: str, measured: Measured, figures: Figures) -> Reading:
    only = measured.only
    silent = figures.entering(name, only) if measured.counts_defaults else []
    defaults = _defaults(silent)
    ratings = figures.count("ratings", only)
    if name == "participation":
        part, whole, label = ratings + defaults, figures.count("occasions", only), "occasions"
        inputs: tuple[tuple[str, Fraction], ...] = (("ratings", ratings),)
    else:
        word = name.removesuffix("_rate")
        given = figures.count(word, only)
        counted = _defaults(cell for cell in silent if figures.worth_of(cell).default_is(word))
        part, whole, label = given + counted, ratings + defaults, "ratings"
        inputs = ((word, given),)
    if measured.counts_defaults:
        inputs = (*inputs, ("defaults", defaults))
    inputs = (*inputs, (label, whole - defaults if label == "ratings" else whole))
    return Reading(part / whole if whole else None, inputs)


def _defaults(cells: Iterable[Cell]) -> Fraction:
    return Fraction(sum(cell.counts["defaults"] for cell in cells))


def _points(measured: Measured, figures: Figures) -> Reading:
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
    silent = figures.entering(measured.measure or "", measured.only) if measured.counts_defaults else []
    for cell in silent:
        each = _default_weight(cell, weighed)
        total += each * figures.default_points((cell,))
        weight += each * cell.counts["defaults"]
    if silent:
        inputs += [("defaults", _defaults(silent)), ("default_points", figures.default_points(silent))]
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
    if measured.below is not None:
        return _together(measured, figures.beneath.get((score, measured.below), ()))
    if measured.each is not None:
        return _together(measured, figures.within.get((score, measured.each), ()))
    if score not in figures.own:
        raise NotCounted(f"scores:{score}")
    return Reading(figures.own[score], ())


def _together(measured: Measured, found: Sequence[Beneath]) -> Reading:
    """Scores of those below, or of shorter periods, put together; those that have none are left out."""
    scored = [(each.points, each.counts) for each in found if each.points is not None]
    points = [each for each, _ in scored]
    inputs = tuple((measured.score or "", each) for each in points)
    if not points:
        return Reading(None, ())
    if measured.how == "least":
        return Reading(min(points), inputs)
    if measured.how == "most":
        return Reading(max(points), inputs)
    if measured.how == "sum":
        return Reading(sum(points, Fraction(0)), inputs)
    if measured.how == "trimmed":
        return Reading(mean(sorted(points)[1:-1] if len(points) > 2 else points), inputs)
    if measured.how == "weighted":
        weighed = [(each, _weight(measured.weigh_by, counts)) for each, counts in scored]
        whole = sum((weight for _, weight in weighed), Fraction(0))
        total = sum((each * weight for each, weight in weighed), Fraction(0))
        return Reading(total / whole if whole else None, inputs)
    return Reading(mean(points), inputs)


def _weight(word: str, counts: Mapping[str, Fraction | int]) -> Fraction:
    if word not in counts:
        raise NotCounted(word)
    return Fraction(counts[word])
