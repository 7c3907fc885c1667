"""What a regulation can say about publication, dated duties, local days off and keeping."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from haochaping.policy.limits import Body, Limit, Span
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import PERIODS, SCORED


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not published, and why."""

    what: Annotated[str, "what"]
    why: Annotated[str, "for which reason"]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is made public, where, how often."""

    what: Annotated[
        str,
        OneOf(
            {
                "totals": "总体情况",
                "ratings": "评价结果",
                "texts": "评价文字",
                "ranking": "排名",
                "rectifications": "整改情况",
                "surveys": "调查评估结果",
                "cases": "典型案例",
                "tags": "热门标签",
                "bulletin": "通报",
                "lists": "名单",
                "rules": "评价规则",
            },
            prefix="named:",
        ),
        "what is published",
    ]
    by: Annotated[Body | None, "who publishes"] = None
    where: Annotated[tuple[str, ...], "where: portals, media"] = ()
    audience: Annotated[
        str, OneOf({"public": "社会公开", "internal": "内部通报", "party": "告知当事人"}), "for whom"
    ] = "public"
    every: Annotated[
        str | None,
        OneOf({**PERIODS, "live": "实时", "regularly": "定期"}),
        "how often; left out: not laid down",
    ] = None
    limit: Annotated[Limit | None, "so long after `period_end`, or another event"] = None
    of: Annotated[tuple[Annotated[str, OneOf(SCORED)], ...], "broken down to these"] = ()
    least: Annotated[int | None, Range(1, None), "groups of fewer are not shown"] = None
    masks: Annotated[
        tuple[
            Annotated[
                str,
                OneOf(
                    {
                        "name": "姓名",
                        "phone": "电话",
                        "document": "证件号",
                        "case_number": "办件编号",
                        "address": "地址",
                        "staff_name": "工作人员姓名",
                    }
                ),
            ],
            ...,
        ],
        "what is masked",
    ] = ()
    withheld: Annotated[tuple[Withheld, ...], "what is withheld, and why"] = ()
    released_by: Annotated[Body | None, "a person of this body releases it first"] = None


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of the year; one that the month does not have (30 February) is its last day."""

    month: Annotated[int, Range(1, 12), "month"]
    day: Annotated[int, Range(1, 31), "day"]
    following: Annotated[bool, "of the year after the period (次年1月31日前)"] = False


@dataclass(frozen=True, slots=True)
class DatedDuty:
    """A bulletin, report or upload that is due again and again."""

    what: Annotated[str, "what is to be done, in the words of the text"]
    every: Annotated[str, OneOf(PERIODS), "how often; the period that is reported"]
    by: Annotated[Body | None, "who must"] = None
    to: Annotated[Body | None, "to whom"] = None
    limit: Annotated[Span | None, "due so long after `period_end` or `period_start`"] = None
    on: Annotated[YearDay | None, "or by this day of the year (every = 'year' or 'once')"] = None
    first: Annotated[date | None, "the first period is the one with this day"] = None
    last: Annotated[date | None, "the last period is the one with this day"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.limit is not None and self.on is not None:
            yield "on", "give `limit` or `on`, not both"
        if self.on is not None and self.every not in ("year", "once"):
            yield "on", f"is a day of the year; every {self.every} needs `limit`"
        if self.limit is not None and self.limit.after not in ("period_end", "period_start"):
            yield "limit.after", "a duty is counted after period_end or period_start"
        if self.first is not None and self.last is not None and self.last < self.first:
            yield "last", f"{self.last} is before {self.first}"
        if self.every == "once" and self.first is None:
            yield "first", "is missing: once is due from some day on"


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Days off that only this jurisdiction has, and days it works although the country does not."""

    name: Annotated[str, "the festival or reason"]
    off: Annotated[tuple[date, ...], "days off"] = ()
    works: Annotated[tuple[date, ...], "working days"] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        seen: set[date] = set()
        for name in ("off", "works"):
            for index, day in enumerate(getattr(self, name)):
                if day in seen:
                    yield f"{name}[{index}]", f"{day} is given twice"
                seen.add(day)
        if not seen:
            yield "off", "is missing: expected the days"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """A span of the working day."""

    from_: Annotated[time, "opens"]
    to: Annotated[time, "closes"]

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.to <= self.from_:
            yield "to", f"{self.to} is not after {self.from_}"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long something is kept."""

    what: Annotated[
        str,
        OneOf(
            {
                "ratings": "评价数据",
                "identity": "评价人信息",
                "texts": "评价文字",
                "orders": "整改记录",
                "evidence": "证据材料",
                "video": "大厅录像",
                "revisits": "回访记录",
                "logs": "日志",
            }
        ),
        "what is kept",
    ]
    least: Annotated[Span | None, "at least so long"] = None
    most: Annotated[Span | None, "at most so long"] = None
