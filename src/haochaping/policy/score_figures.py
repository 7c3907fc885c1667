"""What was counted of one organisation, window, ... in one period, and what each rating and silence is worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from haochaping.policy.measures import Filter
from haochaping.policy.voice import HIGHEST_LEVEL, Level

LEVELS: Final = range(1, HIGHEST_LEVEL + 1)
_NONE: Final[Mapping[str, Decimal]] = MappingProxyType({})


class NotCounted(LookupError):
    """A count that a rule asks for was not given: nothing may be guessed for it."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What the rules of some occasions make of a level and of silence; None and (): not laid down.

    `default_counts_in`: None, or the only measures that defaults may enter. `default_worth`: what a default is worth
    in points, where that is not what its level is worth.
    """

    points: Mapping[int, Decimal] | None = None
    levels: tuple[Level, ...] = ()
    default_level: int | None = None
    default_counts_in: tuple[str, ...] | None = None
    default_worth: Decimal | None = None

    def levels_that_are(self, word: str) -> list[int]:
        """The numbers of the levels that are `good` or `bad`. Raises NotCounted where no levels are laid down."""
        if not self.levels:
            raise NotCounted(word)
        return [level.number for level in self.levels if (level.good if word == "good" else level.bad)]

    def points_of(self, level: int | None) -> Fraction:
        """The points of a level. Raises NotCounted where none are laid down for it."""
        if self.points is None or level is None or level not in self.points:
            raise NotCounted("points")
        return Fraction(self.points[level])

    def points_of_default(self) -> Fraction:
        """What silence is worth in points. Raises NotCounted where that is not laid down."""
        return (
            self.points_of(self.default_level) if self.default_worth is None else Fraction(self.default_worth)
        )

    def default_is(self, word: str) -> bool:
        """Whether what silence stands for is `good` (or `bad`)."""
        return self.default_level in self.levels_that_are(word)

    def default_enters(self, measure: str) -> bool:
        """Whether defaults may enter a measure of this name."""
        return self.default_counts_in is None or measure in self.default_counts_in


@dataclass(frozen=True, slots=True)
class Cell:
    """Counts of ratings, occasions or orders that share these facts; "" and None: not known.

    `worth`: what the rules for just these occasions say; None: as for all others of the figures. `aside`: counted only where
    its subject is asked for: what was said of a department's staff is no rating of its services.
    """

    counts: Mapping[str, int]
    subject: str = ""
    channel: str = ""
    place: str = ""
    item_type: str = ""
    case_type: str = ""
    form: str = ""
    stage: str = ""
    rater: str = ""
    named: bool | None = None
    bad_class: str = ""
    worth: Worth | None = None
    aside: bool = False

    def fits(self, only: Filter | None) -> bool:
        """Whether a filter selects these."""
        return only is None or (
            (not only.subjects or self.subject in only.subjects)
            and (not only.channels or self.channel in only.channels)
            and (not only.places or self.place in only.places)
            and (not only.item_types or self.item_type in only.item_types)
            and (not only.case_types or self.case_type in only.case_types)
            and (not only.forms or self.form in only.forms)
            and (not only.stages or self.stage in only.stages)
            and (not only.raters or self.rater in only.raters)
            and (only.named is None or self.named is only.named)
            and (not only.classes or self.bad_class in only.classes)
        )


class Beneath(NamedTuple):
    """A score of one below (a window of a department) or of a shorter period: None where it has none.

    `counts`: by which it may be weighed.
    """

    points: Fraction | None
    counts: Mapping[str, Fraction | int]


class Standing(NamedTuple):
    """The place in a ranking, from 1, and how many are ranked."""

    rank: int
    ranked: int


@dataclass(frozen=True)
class Figures:
    """All that a score can ask about one organisation, window, ... in one period.

    `points` to `default_worth`: as `Worth` has them, for all cells without a worth of their own.
    `external`: entered values. `beneath`: (score, kind below) → their scores; `own`: this one's other scores;
    `standings`: its places by them; `within`: (score, kind of period) → its scores in the shorter periods of this one;
    `listings`: how often it was on a list in this period. `peers`: all others of its kind.
    """

    cells: tuple[Cell, ...]
    points: Mapping[int, Decimal] | None = None
    levels: tuple[Level, ...] = ()
    default_level: int | None = None
    default_counts_in: tuple[str, ...] | None = None
    default_worth: Decimal | None = None
    external: Mapping[str, Decimal] = field(default_factory=lambda: _NONE)
    beneath: Mapping[tuple[str, str], Sequence[Beneath]] = field(default_factory=dict)
    own: Mapping[str, Fraction | None] = field(default_factory=dict)
    standings: Mapping[str, Standing | None] = field(default_factory=dict)
    within: Mapping[tuple[str, str], Sequence[Beneath]] = field(default_factory=dict)
    listings: Mapping[str, int] = field(default_factory=dict)
    previous: "Figures | None" = None
    year_ago: "Figures | None" = None
    peers: Sequence["Figures"] = ()

    def count(self, word: str, *filters: Filter | None) -> Fraction:
        """A count of the vocabulary over the cells that fit. Raises NotCounted where it was neither given nor follows."""
        chosen = self.fitting(*filters)
        if any(word in cell.counts for cell in self.cells):
            return Fraction(sum(cell.counts.get(word, 0) for cell in chosen))
        if word == "ratings":
            return Fraction(sum(cell.counts.get(f"level_{n}", 0) for cell in chosen for n in LEVELS))
        if word in ("good", "bad"):
            return Fraction(sum(self._of_levels(word, cell) for cell in chosen))
        if word.startswith("level_") or word == "defaults":
            return Fraction(0)
        if word == "default_points":
            return self.default_points(chosen)
        if word == "unrated":
            return (
                self.count("occasions", *filters)
                - self.count("ratings", *filters)
                - self.count("defaults", *filters)
            )
        raise NotCounted(word)

    def fitting(self, *filters: Filter | None) -> list[Cell]:
        """The cells that fit all of these filters."""
        by_subject = any(only is not None and only.subjects for only in filters)
        return [
            cell
            for cell in self.cells
            if (by_subject or not cell.aside) and all(cell.fits(only) for only in filters)
        ]

    def worth_of(self, cell: Cell) -> Worth:
        """What the rules make of the ratings and the silence of a cell."""
        return cell.worth or Worth(
            self.points, self.levels, self.default_level, self.default_counts_in, self.default_worth
        )

    def entering(self, measure: str, *filters: Filter | None) -> list[Cell]:
        """The cells whose defaults enter a measure of this name."""
        return [
            cell
            for cell in self.fitting(*filters)
            if cell.counts.get("defaults") and self.worth_of(cell).default_enters(measure)
        ]

    def default_points(self, cells: Iterable[Cell]) -> Fraction:
        """The points of the defaults of these cells added up."""
        counted = (cell for cell in cells if cell.counts.get("defaults"))
        worths = (self.worth_of(cell).points_of_default() * cell.counts["defaults"] for cell in counted)
        return sum(worths, Fraction(0))

    def level_points(self, *filters: Filter | None) -> Fraction:
        """The points of the citizens' own ratings added up."""
        given = (
            self.worth_of(cell).points_of(n) * cell.counts[f"level_{n}"]
            for cell in self.fitting(*filters)
            for n in LEVELS
            if cell.counts.get(f"level_{n}")
        )
        return sum(given, Fraction(0))

    def _of_levels(self, word: str, cell: Cell) -> int:
        return sum(cell.counts.get(f"level_{n}", 0) for n in self.worth_of(cell).levels_that_are(word))
