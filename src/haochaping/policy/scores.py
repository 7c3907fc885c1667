"""What a regulation can say about scores: a closed vocabulary of measures, and what turns them into points."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from haochaping.policy.bands import Band, Bounds, Knot, PerStep, band_mistakes
from haochaping.policy.limits import Word
from haochaping.policy.measures import Condition, Count, Measured, Rounding
from haochaping.policy.shapes import Loose, OneOf, Range
from haochaping.policy.vocabulary import PERIODS, SCORED


@dataclass(frozen=True)
class Part(Measured):
    """A measure turned into points, or parts put together."""

    label: Annotated[str | None, "its words"] = None
    when: Annotated[
        tuple[Condition, ...], Loose(), "only where all of these hold; elsewhere it is left out"
    ] = ()
    bands: Annotated[tuple[Band, ...], "points by bands, the highest first"] = ()
    linear: Annotated[tuple[Knot, ...], "points on a broken line, level beyond its ends; lowest first"] = ()
    per: Annotated[PerStep | None, "points by steps"] = None
    times: Annotated[Decimal | None, "points = measure x this"] = None
    points: Annotated[Decimal | None, "so many points, whatever is measured (no `measure`)"] = None
    parts: Annotated[
        tuple["Part", ...],
        "parts put together; what they make can be turned into points like a measure",
    ] = ()
    combine: Annotated[
        str,
        OneOf(
            {
                "sum": "相加",
                "weighted_mean": "加权平均",
                "least": "取最低",
                "most": "取最高",
                "product": "相乘",
            }
        ),
        "how parts are put together",
    ] = "sum"
    weight: Annotated[Decimal, "in the sum or mean above"] = Decimal(1)
    least: Annotated[Decimal | None, "its points are never below"] = None
    most: Annotated[Decimal | None, "its points are never above"] = None
    round: Annotated[Rounding | None, "its points are rounded"] = None
    empty: Annotated[
        str,
        OneOf({"unscored": "不评分", "left_out": "该项不计", "zero": "记零分", "full": "记满分"}),
        "when there is nothing to measure (over nought)",
    ] = "unscored"

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Measured.mistakes(self)
        sources = [name for name in ("measure", "points", "parts") if getattr(self, name) not in (None, ())]
        if len(sources) != 1:
            yield "measure", f"give one of `measure`, `points`, `parts`; found {', '.join(sources) or 'none'}"
        makers = [
            name for name in ("bands", "linear", "per", "times") if getattr(self, name) not in (None, ())
        ]
        if len(makers) > 1:
            yield makers[1], f"give one of {', '.join(makers)}"
        if makers and self.points is not None:
            yield makers[0], "turns a measure into points, and `points` are given as they are"
        yield from band_mistakes(self.bands)
        for index in range(1, len(self.linear)):
            if self.linear[index].at <= self.linear[index - 1].at:
                yield (
                    f"linear[{index}].at",
                    f"{self.linear[index].at} is not above {self.linear[index - 1].at}",
                )
        if self.per is not None and self.per.step == 0:
            yield "per.step", "0 is not above 0"
        if self.least is not None and self.most is not None and self.least > self.most:
            yield "least", f"{self.least} is above `most` ({self.most})"
        if self.empty == "full" and best(self) is None:
            yield "empty", "'full' needs a highest number of points: give `most`"


def best(part: Part) -> Decimal | None:
    """The most points a part can give, before its weight; None where there is no bound."""
    found: Decimal | None = None
    if part.bands:
        found = max(band.points for band in part.bands)
    elif part.linear:
        found = max(knot.points for knot in part.linear)
    elif part.per is not None and part.per.points <= 0:
        found = part.per.start
    elif part.points is not None:
        found = part.points
    elif part.parts and part.combine == "sum":
        found = best_of(part.parts)
    if part.most is not None:
        found = part.most if found is None else min(found, part.most)
    return found


def best_of(parts: tuple[Part, ...]) -> Decimal | None:
    """The most that parts can add up to; None where one has no bound."""
    total = Decimal(0)
    for part in parts:
        highest = best(part)
        if highest is None or part.weight < 0:
            return None
        total += highest * part.weight
    return total


def is_bare(score: "Score") -> bool:
    """Whether it is one measure as it stands: nothing turns it into points, and nothing is put together in it."""
    part = score.parts[0]
    makers = (part.bands, part.linear, part.per, part.times, part.points, part.parts)
    return len(score.parts) == 1 and all(maker in (None, ()) for maker in makers)


@dataclass(frozen=True, slots=True)
class Minimum:
    """Below so many, there is no score."""

    count: Annotated[Count, "of what"]
    n: Annotated[int, Range(1, None), "at least so many"]
    below: Annotated[
        str, OneOf({"unscored": "不评分", "unranked": "评分不排名"}), "what happens to those with fewer"
    ] = "unscored"


@dataclass(frozen=True)
class Cap(Condition):
    """Where a measure lies within the bounds, the score is at most (or at least) this: 一票否决."""

    when: Annotated[tuple[Condition, ...], Loose(), "only where all of these hold as well"] = ()
    most: Annotated[Decimal | None, "the score is at most this"] = None
    least: Annotated[Decimal | None, "the score is at least this"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Condition.mistakes(self)
        if self.most is None and self.least is None:
            yield "most", "is missing: expected `most` or `least`"


@dataclass(frozen=True)
class Tie(Measured):
    """What decides between equal scores: the one with the better value goes before."""

    def _places_nothing(self) -> bool:
        return False


@dataclass(frozen=True)
class Grade(Bounds):
    """A name for a range of scores. Written the highest first."""

    label: Annotated[str, "its words"] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Score:
    """The parts put together, within the bounds."""

    parts: Annotated[tuple[Part, ...], "what it is made of"]
    label: Annotated[str | None, "its words"] = None
    of: Annotated[tuple[Annotated[str, OneOf(SCORED)], ...], "who is scored"] = ("organisation",)
    period: Annotated[str | None, OneOf(PERIODS), "over which period; left out: any that is asked"] = None
    rolling: Annotated[int | None, Range(1, 60), "over so many of these periods, ending with this one"] = None
    total: Annotated[Decimal | None, "the highest score; checked against the parts"] = None
    base: Annotated[Decimal, "to begin with"] = Decimal(0)
    combine: Annotated[
        str,
        OneOf(
            {
                "sum": "相加",
                "weighted_mean": "加权平均",
                "least": "取最低",
                "most": "取最高",
                "product": "相乘",
            }
        ),
        "how the parts are put together",
    ] = "sum"
    least: Annotated[Decimal | None, "never below"] = None
    most: Annotated[Decimal | None, "never above"] = None
    caps: Annotated[tuple[Cap, ...], "bounds that depend on a measure"] = ()
    round: Annotated[Rounding | None, "rounded at the end; left out: exact"] = None
    minimum: Annotated[Minimum | None, "below so many there is no score"] = None
    unranked: Annotated[tuple[Condition, ...], Loose(), "who meets one of these has a score and no rank"] = ()
    ties: Annotated[tuple[Tie, ...], "what decides between equal scores, in this order"] = ()
    tied_rank: Annotated[
        str,
        OneOf({"shared": "并列，其后空位", "dense": "并列，其后不空位"}),
        "ranks of those that stay equal",
    ] = "shared"
    grades: Annotated[tuple[Grade, ...], "names for ranges, the highest first"] = ()
    variant_of: Annotated[Word | None, "another reading of this score, shown beside it"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from band_mistakes(self.grades, "grades")
        if self.rolling is not None and self.period is None:
            yield "rolling", "counts periods: give `period` as well"
        highest = best_of(self.parts) if self.combine == "sum" else None
        if highest is not None:
            highest += self.base
            highest = highest if self.most is None else min(highest, self.most)
            if self.total is not None and highest != self.total:
                yield "total", f"is {self.total}, but the best bands add up to {highest}"
