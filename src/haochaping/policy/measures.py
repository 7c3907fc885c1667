"""What can be measured: named measures, ratios and numbers of counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from haochaping.policy.limits import Word
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import CHANNELS, COUNTS, ITEM_TYPES, MEASURES, SCORED, SUBJECTS

Count = Annotated[str, OneOf(COUNTS)]


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
