"""What a regulation can say about scores: a closed vocabulary of measures, and what turns them into points."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final

from haochaping.policy.limits import Body, Limit, Word
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import CHANNELS, COUNTS, ITEM_TYPES, MEASURES, PERIODS, SCORED, SUBJECTS

Count = Annotated[str, OneOf(COUNTS)]
# Measures into which a default can enter: each use says whether it does.
WITH_DEFAULTS: Final = frozenset({"participation", "mean_points", "good_rate", "bad_rate", "points_sum"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Only these ratings, occasions or orders are counted. Conditions add up."""

    subjects: Annotated[tuple[Annotated[str, OneOf(SUBJECTS)], ...], "of these subjects"] = ()
    channels: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "through these channels"] = ()
    item_types: Annotated[tuple[Annotated[str, OneOf(ITEM_TYPES)], ...], "about items of these types"] = ()
    named: Annotated[bool | None, "实名 only, or 匿名 only"] = None
    classes: Annotated[tuple[Word, ...], "bad ratings of these classes"] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a figure is rounded."""

    places: Annotated[int, Range(0, 12), "decimal places that stay"]
    mode: Annotated[
        str,
        OneOf({"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}),
        "how",
    ] = "half_up"


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the ratings with its own weight in a mean."""

    only: Annotated[Filter, "which ratings"]
    weight: Annotated[Decimal, Range(0, None), "how much each of them weighs"]


@dataclass(frozen=True)
class Measured:
    """One measure: a named one, or a ratio or number of counts."""

    measure: Annotated[str | None, OneOf(MEASURES), "which"] = None
    of: Annotated[tuple[Count, ...], "ratio and count: these are added up"] = ()
    minus: Annotated[tuple[Count, ...], "ratio and count: and these taken off"] = ()
    over: Annotated[tuple[Count, ...], "ratio: over these added up"] = ()
    over_minus: Annotated[tuple[Count, ...], "ratio: less these"] = ()
    counts_defaults: Annotated[bool | None, "do defaults enter; to be said where they could"] = None
    only: Annotated[Filter | None, "of which ratings, occasions, orders"] = None
    groups: Annotated[tuple[Group, ...], "mean_points: a weighted mean of groups of ratings"] = ()
    external: Annotated[Word | None, "external: the name under which the value is entered"] = None
    score: Annotated[Word | None, "scores: the key of the score that is taken"] = None
    below: Annotated[str | None, OneOf(SCORED), "scores: of which below; left out: the same one's"] = None
    how: Annotated[
        str,
        OneOf(
            {"mean": "平均", "weighted": "按评价数加权平均", "least": "最低", "most": "最高", "sum": "合计"}
        ),
        "scores: put together how",
    ] = "mean"
    compared: Annotated[
        str | None,
        OneOf({"previous": "上一统计期", "year_ago": "上年同期", "average": "同类平均"}),
        "the difference to this",
    ] = None
    measure_round: Annotated[Rounding | None, "rounded before anything is made of it"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        counted = {"ratio": ("of", "over"), "count": ("of",), "external": ("external",), "scores": ("score",)}
        needed = counted.get(self.measure or "", ())
        for name in needed:
            if not getattr(self, name):
                yield name, f"is missing: measure {self.measure} needs it"
        allowed = {*needed, *(("minus",) if "of" in needed else ())}
        allowed |= {"over_minus"} if "over" in needed else set()
        allowed |= {"below"} if "score" in needed else set()
        for name in ("of", "minus", "over", "over_minus", "external", "score", "below"):
            if getattr(self, name) and name not in allowed:
                yield name, f"has no meaning for the measure {self.measure}"
        if self.measure in WITH_DEFAULTS and self.counts_defaults is None:
            yield "counts_defaults", "is missing: expected true or false, do defaults enter this measure"
        if self.groups and self.measure != "mean_points":
            yield "groups", "weighs ratings in mean_points only"


@dataclass(frozen=True)
class Bounds:
    """From and to where; what is left out is open."""

    from_: Annotated[Decimal | None, "at or above (included)"] = None
    above: Annotated[Decimal | None, "above (not included)"] = None
    up_to: Annotated[Decimal | None, "at or below (included)"] = None
    under: Annotated[Decimal | None, "below (not included)"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.from_ is not None and self.above is not None:
            yield "above", "give `from` or `above`, not both"
        if self.up_to is not None and self.under is not None:
            yield "under", "give `up_to` or `under`, not both"


@dataclass(frozen=True)
class Band(Bounds):
    """A range that is worth so many points. Bands are written the highest first."""

    points: Annotated[Decimal, "what it is worth"] = field(kw_only=True)

    @property
    def lower(self) -> Decimal | None:
        """Where it begins; None: it has no lower end."""
        return self.from_ if self.from_ is not None else self.above


@dataclass(frozen=True, slots=True)
class Knot:
    """One point of a broken line."""

    at: Annotated[Decimal, "the measure's value"]
    points: Annotated[Decimal, "the points there"]


@dataclass(frozen=True, slots=True)
class PerStep:
    """So many points for each step: deductions (negative points) and bonuses."""

    step: Annotated[Decimal, Range(0, None), "how much of the measure is one step, above 0"]
    points: Annotated[Decimal, "points of one step; negative takes off"]
    beyond: Annotated[Decimal, "steps begin beyond this"] = Decimal(0)
    side: Annotated[str, OneOf({"above": "高于", "below": "低于"}), "on which side of it"] = "above"
    whole: Annotated[
        str, OneOf({"down": "不足一步不计", "up": "不足一步按一步计", "exact": "按比例"}), "a part of a step"
    ] = "exact"
    start: Annotated[Decimal, "the points before any step"] = Decimal(0)


@dataclass(frozen=True)
class Part(Measured):
    """A measure turned into points, or parts put together."""

    label: Annotated[str | None, "its words"] = None
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


def band_mistakes(bands: tuple[Band, ...], key: str = "bands") -> Iterator[tuple[str, str]]:
    """Bands that leave a gap, overlap, or do not go down. Each value lies in one band exactly."""
    for index, band in enumerate(bands):
        place = f"{key}[{index}]"
        last = index == len(bands) - 1
        if band.lower is None and not last:
            yield f"{place}.from", "is missing: only the lowest band may be open below"
            continue
        if index == 0:
            if band.up_to is not None and band.lower is not None and band.lower >= band.up_to:
                yield f"{place}.up_to", f"{band.up_to} is not above {band.lower}"
            continue
        yield from _beneath(bands[index - 1], band, place)
    if bands and bands[-1].lower not in (None, 0):
        yield key, f"nothing is said below {bands[-1].lower}: the last band begins at 0, or has no `from`"


def _beneath(higher: Band, band: Band, place: str) -> Iterator[tuple[str, str]]:
    if higher.lower is None:
        return
    if band.lower is not None and band.lower >= higher.lower:
        yield f"{place}.from", f"{band.lower} is not below {higher.lower}: highest band first"
        return
    end = band.up_to if band.up_to is not None else band.under
    if end is None:
        return
    name = "up_to" if band.up_to is not None else "under"
    if end > higher.lower or (end == higher.lower and band.up_to is not None and higher.from_ is not None):
        yield f"{place}.{name}", f"overlaps the band above, which begins at {higher.lower}"
    if end < higher.lower or (end == higher.lower and band.under is not None and higher.above is not None):
        yield f"{place}.{name}", f"leaves a gap below the band above, which begins at {higher.lower}"


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


@dataclass(frozen=True, slots=True)
class Minimum:
    """Below so many, there is no score."""

    count: Annotated[Count, "of what"]
    n: Annotated[int, Range(1, None), "at least so many"]
    below: Annotated[
        str, OneOf({"unscored": "不评分", "unranked": "评分不排名"}), "what happens to those with fewer"
    ] = "unscored"


@dataclass(frozen=True)
class Cap(Measured, Bounds):
    """Where a measure lies within the bounds, the score is at most (or at least) this: 一票否决."""

    most: Annotated[Decimal | None, "the score is at most this"] = None
    least: Annotated[Decimal | None, "the score is at least this"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Measured.mistakes(self)
        yield from Bounds.mistakes(self)
        if self.measure is None:
            yield "measure", "is missing: expected the measure that is looked at"
        if self.most is None and self.least is None:
            yield "most", "is missing: expected `most` or `least`"


@dataclass(frozen=True)
class Tie(Measured):
    """What decides between equal scores."""

    better: Annotated[str, OneOf({"higher": "高者优先", "lower": "低者优先"}), "which is better"] = "higher"


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
        bands = tuple(Band(g.from_, g.above, g.up_to, g.under, points=Decimal(0)) for g in self.grades)
        yield from band_mistakes(bands, "grades")
        if self.rolling is not None and self.period is None:
            yield "rolling", "counts periods: give `period` as well"
        highest = best_of(self.parts) if self.combine == "sum" else None
        if highest is not None:
            highest += self.base
            highest = highest if self.most is None else min(highest, self.most)
            if self.total is not None and highest != self.total:
                yield "total", f"is {self.total}, but the best bands add up to {highest}"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What being named on a list entails."""

    kind: Annotated[
        str,
        OneOf(
            {
                "commendation": "表彰奖励",
                "bonus": "加分",
                "appraisal": "纳入年度考核",
                "no_award": "取消评优资格",
                "supervision": "重点督查",
                "inspection": "重点检查",
                "talk": "约谈",
                "criticism": "通报批评",
                "correction": "限期整改",
                "training": "离岗培训",
                "transfer": "调离岗位",
                "accountability": "问责",
                "exposure": "曝光",
            },
            prefix="named:",
        ),
        "what",
    ]
    by: Annotated[Body | None, "by whom"] = None
    limit: Annotated[Limit | None, "within what"] = None


@dataclass(frozen=True)
class ListRule(Measured, Bounds):
    """Who is named: by bounds of a score or measure, or by rank; by neither where no criterion is laid down."""

    label: Annotated[str, "the list's name"] = field(kw_only=True)
    listed: Annotated[str, OneOf(SCORED), "who is listed"] = "organisation"
    period: Annotated[str | None, OneOf(PERIODS), "looked at for each of these"] = None
    rank: Annotated[str | None, OneOf({"first": "前", "last": "后"}), "the first or last of the ranking"] = (
        None
    )
    n: Annotated[int | None, Range(1, None), "so many"] = None
    share: Annotated[Decimal | None, Range(0, 1), "such a share (rounded up)"] = None
    ties_in: Annotated[bool, "who is equal to the last one is listed too"] = True
    periods: Annotated[int, Range(1, 60), "so in so many periods"] = 1
    out_of: Annotated[int | None, Range(1, 60), "of so many; left out: one after the other (连续)"] = None
    minimum: Annotated[Minimum | None, "who has fewer is not listed"] = None
    consequences: Annotated[tuple[Consequence, ...], "what it entails"] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Measured.mistakes(self)
        yield from Bounds.mistakes(self)
        bounded = any(each is not None for each in (self.from_, self.above, self.up_to, self.under))
        if bounded and self.rank is not None:
            yield "rank", "give bounds (`from`, `above`, `up_to`, `under`) or `rank`, not both"
        if (bounded or self.rank is not None) and self.measure is None:
            yield "measure", "is missing: expected the measure that is looked at (`scores` for a score)"
        if self.rank is not None and (self.n is None) == (self.share is None):
            yield "n", "a rank needs `n` or `share`, one of both"
        if self.out_of is not None and self.out_of < self.periods:
            yield "out_of", f"{self.out_of} is less than `periods` ({self.periods})"
