"""What a regulation can say about named lists and what being on one entails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from haochaping.policy.bands import Bounds
from haochaping.policy.limits import Body, Limit
from haochaping.policy.measures import Condition, Measured
from haochaping.policy.scores import Minimum
from haochaping.policy.shapes import Loose, OneOf, Range
from haochaping.policy.vocabulary import PERIODS, SCORED


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
    share: Annotated[Decimal | None, Range(0, 1), "such a share"] = None
    share_rounded: Annotated[
        str, OneOf({"up": "进一", "down": "舍去", "half_up": "四舍五入"}), "the number that the share makes"
    ] = "up"
    ties_in: Annotated[bool, "who is equal to the last one is listed too"] = True
    periods: Annotated[int, Range(1, 60), "so in so many periods"] = 1
    out_of: Annotated[int | None, Range(1, 60), "of so many; left out: one after the other (连续)"] = None
    within: Annotated[
        str | None,
        OneOf({"quarter": "同一季度内", "half_year": "同一半年内", "year": "同一年度内"}),
        "or so many within the same year, half year, quarter (年度累计)",
    ] = None
    when: Annotated[tuple[Condition, ...], Loose(), "and only who meets all of these"] = ()
    minimum: Annotated[Minimum | None, "who has fewer is not listed"] = None
    consequences: Annotated[tuple[Consequence, ...], "what it entails"] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        yield from Measured.mistakes(self)
        yield from Bounds.mistakes(self)
        if not self.open and self.rank is not None:
            yield "rank", "give bounds (`from`, `above`, `up_to`, `under`) or `rank`, not both"
        if (not self.open or self.rank is not None) and self.measure is None:
            yield "measure", "is missing: expected the measure that is looked at (`scores` for a score)"
        if self.measure is not None and self.open and self.rank is None:
            yield "from", "is missing: expected a bound or a `rank`; without a criterion leave `measure` out"
        if self.rank is not None and (self.n is None) == (self.share is None):
            yield "n", "a rank needs `n` or `share`, one of both"
        if self.out_of is not None and self.out_of < self.periods:
            yield "out_of", f"{self.out_of} is less than `periods` ({self.periods})"
        if self.within is not None and self.out_of is not None:
            yield "within", "give `out_of` or `within`, not both"
        if self.within is not None and self.period is None:
            yield "within", "counts periods: give `period` as well"

    def _places_nothing(self) -> bool:
        return self.placed is None and self.rank is None
