"""What can be measured: named measures, ratios and numbers of counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Final

from haochaping.policy.bands import Bounds
from haochaping.policy.limits import Word
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import (
    CASE_TYPES,
    CHANNELS,
    COUNTS,
    FORMS,
    ITEM_TYPES,
    MEASURES,
    PERIODS,
    PLACES,
    RATERS,
    SCORED,
    STAGES,
    SUBJECTS,
)

Count = Annotated[str, OneOf(COUNTS)]


WITH_DEFAULTS: Final = frozenset({"participation", "mean_points", "good_rate", "bad_rate", "points_sum"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Only these ratings, occasions or orders are counted. Conditions add up."""

    subjects: Annotated[tuple[Annotated[str, OneOf(SUBJECTS)], ...], "of these subjects"] = ()
    channels: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "through these channels"] = ()
    places: Annotated[tuple[Annotated[str, OneOf(PLACES)], ...], "in these kinds of place"] = ()
    item_types: Annotated[tuple[Annotated[str, OneOf(ITEM_TYPES)], ...], "about items of these types"] = ()
    case_types: Annotated[tuple[Annotated[str, OneOf(CASE_TYPES)], ...], "即办件 or 承诺件"] = ()
    forms: Annotated[
        tuple[Annotated[str, OneOf(FORMS)], ...], "single, batch, joint, theme, consultation"
    ] = ()
    stages: Annotated[tuple[Annotated[str, OneOf(STAGES)], ...], "at these stages of the case"] = ()
    raters: Annotated[tuple[Annotated[str, OneOf(RATERS)], ...], "whose rater is"] = ()
    named: Annotated[bool | None, "实名 only, or 匿名 only"] = None
    classes: Annotated[tuple[Word, ...], "bad ratings of these classes"] = ()

    def said(self) -> frozenset[str]:
        """The names of what it asks for."""
        return frozenset(each.name for each in fields(self) if getattr(self, each.name) not in ((), None))


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a figure is rounded."""

    places: Annotated[int | None, Range(0, 12), "decimal places that stay; or `step`, one of both"] = None
    mode: Annotated[
        str,
        OneOf({"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}),
        "how",
    ] = "half_up"
    step: Annotated[Decimal | None, Range(0, None), "to a multiple of this (以0.5分为单位), above 0"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if (self.places is None) == (self.step is None):
            yield "places", "give one of `places` and `step`"
        if self.step == 0:
            yield "step", "0 is not above 0"

    @property
    def unit(self) -> Fraction:
        """What stays is a multiple of this."""
        return Fraction(1, 10 ** (self.places or 0)) if self.step is None else Fraction(self.step)


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
    each: Annotated[
        str | None, OneOf(PERIODS), "scores: the same one's in each of these periods within this one"
    ] = None
    how: Annotated[
        str,
        OneOf(
            {
                "mean": "平均",
                "weighted": "按权数（未写的为评价数）加权平均",
                "trimmed": "去掉一个最高、一个最低后平均",
                "least": "最低",
                "most": "最高",
                "sum": "合计",
            }
        ),
        "scores: those `below`, or of `each`, put together how",
    ] = "mean"
    weigh_by: Annotated[Count, "scores: weighted by this count of theirs"] = "ratings"
    list: Annotated[Word | None, "listed: the key of the list on which it was named in the period"] = None
    compared: Annotated[
        str | None,
        OneOf({"previous": "上一统计期", "year_ago": "上年同期", "average": "同类其他单位平均"}),
        "the difference to this",
    ] = None
    relative: Annotated[bool, "the difference as a share of what it is compared to (增长率)"] = False
    placed: Annotated[
        str | None,
        OneOf(
            {
                "rank": "名次",
                "share": "名次占比（名次÷总数）",
                "share_before": "在前者占比（（名次-1）÷总数）",
            }
        ),
        "the place among all of its kind; of a score as that is ranked",
    ] = None
    better: Annotated[
        str, OneOf({"higher": "高者优先", "lower": "低者优先"}), "which value has the better place"
    ] = "higher"
    measure_round: Annotated[Rounding | None, "rounded before anything is made of it"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        needed = _NEEDED.get(self.measure or "", ())
        for name in needed:
            if not getattr(self, name):
                yield name, f"is missing: measure {self.measure} needs it"
        allowed = {*needed, *(word for name in needed for word in _ALLOWED_WITH.get(name, ()))}
        for name in _BELONGING:
            if getattr(self, name) and name not in allowed:
                yield name, f"has no meaning for the measure {self.measure}"
        if self.measure in WITH_DEFAULTS and self.counts_defaults is None:
            yield "counts_defaults", "is missing: expected true or false, do defaults enter this measure"
        if self.groups and self.measure != "mean_points":
            yield "groups", "weighs ratings in mean_points only"
        if self.below is not None and self.each is not None:
            yield "each", "give `below` or `each`, not both"
        if self.how != "mean" and self.below is self.each is None:
            yield "how", "has nothing to put together: give `below` or `each`"
        if self.weigh_by != "ratings" and self.how != "weighted":
            yield "weigh_by", 'weighs with `how = "weighted"` only'
        if self.relative and self.compared is None:
            yield "relative", "says how a difference is told: give `compared` as well"
        if self.better != "higher" and self._places_nothing():
            yield "better", "says which value has the better place: give `placed` as well"

    def _places_nothing(self) -> bool:
        return self.placed is None


# What a measure cannot do without, what may stand beside it, and all that belongs to some measures only.
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ratio": ("of", "over"),
        "count": ("of",),
        "external": ("external",),
        "scores": ("score",),
        "listed": ("list",),
    }
)
_ALLOWED_WITH: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"of": ("minus",), "over": ("over_minus",), "score": ("below", "each")}
)
_BELONGING: Final = (
    "of",
    "minus",
    "over",
    "over_minus",
    "external",
    "score",
    "below",
    "each",
    "list",
)


@dataclass(frozen=True)
class Condition(Measured, Bounds):
    """A measure that lies within the bounds; what has nothing to measure does not."""

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Measured.mistakes(self)
        yield from Bounds.mistakes(self)
        if self.measure is None:
            yield "measure", "is missing: expected the measure that is looked at"
        if self.open:
            yield "from", "is missing: expected a bound, one of `from`, `above`, `up_to`, `under`"
