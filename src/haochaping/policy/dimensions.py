"""What a regulation can lay down: the closed list of dimensions, their shapes, how each is read.

A dimension that a regulation does not mention is absent (未规定), and what depends on it is off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, cast

from haochaping.foundation.workdays import Unit
from haochaping.policy.sources import Section

Event = Literal["service", "verification", "notification", "objection"]
Measure = Literal["participation", "mean_points"]
Authority = Literal["same_level_authority"]
Silence = Literal["accepted"]

HIGHEST_LEVEL = 5
LONGEST_LIMIT = 366
MEASURES = ("participation", "mean_points")


@dataclass(frozen=True, slots=True)
class Level:
    """One answer: `number` 5 (best) to 1 as in the national data convention, its words, and if it is 差评."""

    number: int
    label: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """`n` days of `unit` after the day of the event; `count_first`: that day is itself the first."""

    n: int
    unit: Unit
    after: Event
    count_first: bool


@dataclass(frozen=True, slots=True)
class Default:
    """Who has not rated within `limit` is taken as having given `level`; never a citizen's rating."""

    level: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class Naming:
    """`encouraged`: the regulation encourages 实名. `anonymous`: 匿名 is allowed as well."""

    encouraged: bool
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """The rated may object within `limit`, to `decided_by`; `silence` of the rated means that."""

    limit: Limit
    decided_by: Authority
    silence: Silence


@dataclass(frozen=True, slots=True)
class Revisit:
    """Which ratings are revisited, what share of them (0..1), by whom and how ("" and () where open)."""

    of: Literal["bad", "named_bad"]
    share: Decimal
    by: Literal["", "handling_unit"]
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """At or above `lower` (included), below the next higher band: `points`."""

    lower: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A measure turned into points by bands, highest first. `counts_defaults`: defaults enter the measure."""

    measure: Measure
    counts_defaults: bool
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of the parts, at most `total` points."""

    total: Decimal
    parts: tuple[ScorePart, ...]


def _levels(entry: Section) -> tuple[Level, ...]:
    levels: list[Level] = []
    for each in entry.sections("value"):
        number = each.integer("level", least=1, most=HIGHEST_LEVEL)
        if any(level.number == number for level in levels):
            raise each.error("level", f"{number} is given twice")
        levels.append(Level(number, each.text("label"), each.boolean("bad")))
        each.finish()
    return tuple(sorted(levels, key=lambda level: -level.number))


def _read_limit(table: Section, after: Event) -> Limit:
    limit = Limit(
        n=table.integer("n", least=1, most=LONGEST_LIMIT),
        unit=cast(Unit, table.choice("unit", ("workday", "calendar_day"))),
        after=cast(Event, table.choice("after", (after,))),
        count_first=table.boolean("count_first"),
    )
    table.finish()
    return limit


def _limit_after(after: Event) -> Callable[[Section], Limit]:
    return lambda entry: _read_limit(entry.section("value"), after)


def _default(entry: Section) -> Default:
    table = entry.section("value")
    level = table.integer("level", least=1, most=HIGHEST_LEVEL)
    default = Default(level, _read_limit(table.section("limit"), "service"))
    table.finish()
    return default


def _boolean(entry: Section) -> bool:
    return entry.boolean("value")


def _naming(entry: Section) -> Naming:
    table = entry.section("value")
    naming = Naming(encouraged=table.boolean("encouraged"), anonymous=table.boolean("anonymous"))
    table.finish()
    return naming


def _objection(entry: Section) -> Objection:
    table = entry.section("value")
    objection = Objection(
        limit=_read_limit(table.section("limit"), "notification"),
        decided_by=cast(Authority, table.choice("decided_by", ("same_level_authority",))),
        silence=cast(Silence, table.choice("silence", ("accepted",))),
    )
    table.finish()
    return objection


def _revisit(entry: Section) -> Revisit:
    table = entry.section("value")
    share = table.number("share")
    if not 0 < share <= 1:
        raise table.error("share", f"{share} is not above 0 and at most 1")
    revisit = Revisit(
        of=cast(Literal["bad", "named_bad"], table.choice("of", ("bad", "named_bad"))),
        share=share,
        by=cast(Literal["handling_unit"], table.choice("by", ("handling_unit",))) if "by" in table else "",
        means=table.texts("means") if "means" in table else (),
    )
    table.finish()
    return revisit


def _points(entry: Section) -> Mapping[int, Decimal]:
    points: dict[int, Decimal] = {}
    for each in entry.sections("value"):
        level = each.integer("level", least=1, most=HIGHEST_LEVEL)
        if level in points:
            raise each.error("level", f"{level} is given twice")
        points[level] = each.number("points")
        each.finish()
    return MappingProxyType(points)


def _bands(part: Section) -> tuple[Band, ...]:
    bands: list[Band] = []
    for each in part.sections("bands"):
        band = Band(each.number("from"), each.number("points"))
        if bands and band.lower >= bands[-1].lower:
            raise each.error("from", f"{band.lower} is not below {bands[-1].lower}: highest band first")
        bands.append(band)
        each.finish()
    if bands[-1].lower != 0:
        raise part.error("bands", f"nothing is said below {bands[-1].lower}: the last band begins at 0")
    return tuple(bands)


def _score(entry: Section) -> Score:
    table = entry.section("value")
    parts = []
    for each in table.sections("parts"):
        measure = cast(Measure, each.choice("measure", MEASURES))
        parts.append(ScorePart(measure, each.boolean("counts_defaults"), _bands(each)))
        each.finish()
    score = Score(table.number("total"), tuple(parts))
    table.finish()
    highest = sum(max(band.points for band in part.bands) for part in parts)
    if highest != score.total:
        raise table.error("total", f"is {score.total}, but the best bands add up to {highest}")
    return score


DIMENSIONS: Mapping[str, Callable[[Section], object]] = MappingProxyType(
    {
        "levels": _levels,
        "window": _limit_after("service"),
        "default": _default,
        "bad_needs_reason": _boolean,
        "naming": _naming,
        "rectification": _limit_after("verification"),
        "objection": _objection,
        "review": _limit_after("objection"),
        "revisit": _revisit,
        "points": _points,
        "score": _score,
    }
)
