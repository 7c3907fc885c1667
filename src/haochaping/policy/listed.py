"""What a regulation can say about named lists and what being on one entails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from haochaping.policy.bands import Bounds
from haochaping.policy.limits import Body, Limit
from haochaping.policy.measures import Measured
from haochaping.policy.scores import Minimum
from haochaping.policy.shapes import OneOf, Range
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
