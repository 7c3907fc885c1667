"""From figures to a score, with every intermediate: exact, nothing guessed, what is missing is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, prod

from haochaping.policy.bands import Band, Bounds, Knot, PerStep
from haochaping.policy.exact import clipped, rounded, within
from haochaping.policy.readings import holds, read
from haochaping.policy.score_figures import Figures, NotCounted
from haochaping.policy.scores import Cap, Grade, Part, Score, Tie, best


@dataclass(frozen=True, slots=True)
class Computed:
    """One part. `value`: the measure, None where there is nothing to measure; `inputs`: what it was made of.

    `points`: before its weight; None: not scored. `left_out`: it does not enter. `by`: what turned it into points.
    """

    part: Part
    value: Fraction | None
    inputs: tuple[tuple[str, Fraction], ...]
    points: Fraction | None
    by: Band | str | None = None
    left_out: bool = False
    missing: str = ""
    beneath: tuple["Computed", ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A score. `points` None: not scored, `why` says for what reason. `ranked`: it takes part in the ranking."""

    points: Fraction | None
    parts: tuple[Computed, ...]
    ranked: bool
    before_caps: Fraction | None = None
    capped_by: tuple[Cap, ...] = ()
    grade: str = ""
    why: str = ""


def evaluate(score: Score, figures: Figures) -> Result:
    """The score of one organisation, window, ... by its figures."""
    parts = tuple(_part(part, figures) for part in score.parts)
    try:
        enough = score.minimum is None or figures.count(score.minimum.count) >= score.minimum.n
    except NotCounted as missing:
        return Result(None, parts, False, why=f"not_counted:{missing}")
    if not enough and score.minimum is not None and score.minimum.below == "unscored":
        return Result(None, parts, False, why="minimum")
    together = _together(parts, score.combine)
    if together is None:
        return Result(None, parts, False, why=_why(parts))
    before = clipped(together + Fraction(score.base), score.least, score.most)
    try:
        caps = tuple(cap for cap in score.caps if all(holds(each, figures) for each in (cap, *cap.when)))
        kept_out = any(holds(condition, figures) for condition in score.unranked)
    except NotCounted as missing:
        return Result(None, parts, False, before, why=f"not_counted:{missing}")
    points = before
    for cap in caps:
        points = clipped(points, cap.least, cap.most)
    points = rounded(points, score.round)
    grade = grade_of(score.grades, points)
    why = "minimum" if not enough else "unranked" if kept_out else ""
    return Result(points, parts, not why, before, caps, grade, why)


def _why(parts: Sequence[Computed]) -> str:
    for each in parts:
        if each.missing:
            return f"not_counted:{each.missing}"
        if each.points is None and not each.left_out:
            break
    return "nothing_to_measure"


def grade_of(grades: Sequence[Grade], points: Fraction) -> str:
    """The name of the range in which the points lie; "" where there is none."""
    return next((grade.label for grade in grades if _in_band(grade.from_, grade.above, points)), "")


def _in_band(from_: Decimal | None, above: Decimal | None, value: Fraction) -> bool:
    """Bands are written the highest first: whichever first begins at or below the value holds it."""
    return not ((from_ is not None and value < from_) or (above is not None and value <= above))


def _part(part: Part, figures: Figures) -> Computed:
    try:
        if not all(holds(condition, figures) for condition in part.when):
            return Computed(part, None, (), None, "when", left_out=True)
    except NotCounted as missing:
        return Computed(part, None, (), None, missing=str(missing))
    if part.parts:
        beneath = tuple(_part(each, figures) for each in part.parts)
        together = _together(beneath, part.combine)
        if together is None:
            return _empty(part, (), beneath)
        points, by = _made(part, together)
        made = None if points is None else _finished(part, points)
        return Computed(part, together if by else None, (), made, by, beneath=beneath)
    if part.points is not None:
        return Computed(part, None, (), _finished(part, Fraction(part.points)), "points")
    try:
        reading = read(part, figures)
    except NotCounted as missing:
        return Computed(part, None, (), None, missing=str(missing))
    if reading.value is None:
        return _empty(part, reading.inputs, ())
    points, by = _made(part, reading.value)
    finished = None if points is None else _finished(part, points)
    return Computed(part, reading.value, reading.inputs, finished, by)


def _empty(part: Part, inputs: tuple[tuple[str, Fraction], ...], beneath: tuple[Computed, ...]) -> Computed:
    points = None
    missing = next((each.missing for each in beneath if each.missing), "")
    if part.empty == "zero" and not missing:
        points = _finished(part, Fraction(0))
    elif part.empty == "full" and not missing:
        most = best(part)
        points = None if most is None else _finished(part, Fraction(most))
    left_out = part.empty == "left_out" and not missing
    return Computed(part, None, inputs, points, part.empty, left_out, missing, beneath)


def _finished(part: Part, points: Fraction) -> Fraction:
    return rounded(clipped(points, part.least, part.most), part.round)


def _made(part: Part, value: Fraction) -> tuple[Fraction | None, Band | str | None]:
    if part.bands:
        found = next((band for band in part.bands if _in_band(band.from_, band.above, value)), None)
        if found is None or not within(value, found if found is part.bands[0] else Bounds()):
            return None, None
        return Fraction(found.points), found
    if part.linear:
        return on_line(part.linear, value), "linear"
    if part.per is not None:
        return by_steps(part.per, value), "per"
    if part.times is not None:
        return value * Fraction(part.times), "times"
    return value, None


def on_line(knots: Sequence[Knot], value: Fraction) -> Fraction:
    """The points on a broken line, level beyond its ends."""
    if value <= knots[0].at:
        return Fraction(knots[0].points)
    for lower, upper in pairwise(knots):
        if value <= upper.at:
            share = (value - Fraction(lower.at)) / Fraction(upper.at - lower.at)
            return Fraction(lower.points) + share * Fraction(upper.points - lower.points)
    return Fraction(knots[-1].points)


def by_steps(per: PerStep, value: Fraction) -> Fraction:
    """The starting points, and so many for each step beyond."""
    beyond = value - Fraction(per.beyond) if per.side == "above" else Fraction(per.beyond) - value
    steps = max(beyond, Fraction(0)) / Fraction(per.step)
    if per.whole == "down":
        steps = Fraction(floor(steps))
    elif per.whole == "up":
        steps = Fraction(ceil(steps))
    return Fraction(per.start) + steps * Fraction(per.points)


def _together(parts: Sequence[Computed], combine: str) -> Fraction | None:
    """None where a part is not scored, or none is left."""
    entering = [each for each in parts if not each.left_out]
    scored = [(each.points, Fraction(each.part.weight)) for each in entering if each.points is not None]
    if not entering or len(scored) < len(entering):
        return None
    points = [each for each, _ in scored]
    if combine == "least":
        return min(points)
    if combine == "most":
        return max(points)
    if combine == "product":
        return prod(points, start=Fraction(1))
    total = sum((each * weight for each, weight in scored), Fraction(0))
    if combine == "sum":
        return total
    whole = sum((weight for _, weight in scored), Fraction(0))
    return total / whole if whole else None


def tie_values(ties: Sequence[Tie], figures: Figures) -> tuple[Fraction | None, ...]:
    """What decides between equal scores, the higher the better; None where there is nothing to measure."""
    values = ((tie, read(tie, figures).value) for tie in ties)
    return tuple(
        None if value is None else value if tie.better == "higher" else -value for tie, value in values
    )
