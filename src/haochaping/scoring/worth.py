"""What the ratings of a unit are worth where that hangs on more than its division: on the line of its organisation, on how a
service was rated or where it was given (docs/rules-format.md: each rating is worth what the rules for its own occasion say).
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import LEVELS, Cell, Worth
from haochaping.policy.score_units import worth_at, worth_by
from haochaping.policy.shortfalls import COUNTED_BY, shortfall

# The dimensions that say it.
_DIMENSIONS: Final = ("points", "levels", "default")
# By these ratings are told apart (`countable.Picking`), as the figures of any unit have them.
_TOLD: Final = frozenset(
    {"subject", "channel", "named", "place", "item_type", "case_type", "form", "stage", "rater"}
)
# The same for all ratings of an organisation, and of a window or a member of staff of it.
_OF_ITS_OWN: Final = frozenset({"organisation", "department"})
_WITH_AN_OWNER: Final = frozenset({"organisation", "region", "staff", "window"})


def hanging_on(rulebook: Rulebook, division: str, on: date) -> frozenset[str]:
    """The facts of an occasion, by the names of `Occasion`, on which the worth of ratings hangs in a division, or below it,
    on a day."""
    return rulebook.hanging_on(division, on, _DIMENSIONS)


def counted_otherwise(rulebook: Rulebook, division: str, on: date) -> frozenset[str]:
    """The dimensions by which ratings are to be counted otherwise than anybody counts them, in a division or below it, if
    only for some occasions."""
    return frozenset(
        name
        for name in COUNTED_BY
        if any(shortfall(name, value) for value in rulebook.holding(division, on, name))
    )


def untold(hanging: frozenset[str], kind: str) -> frozenset[str]:
    """Those of these facts by which nobody tells the ratings of a kind of unit apart."""
    return hanging - _TOLD - (_OF_ITS_OWN if kind in _WITH_AN_OWNER else frozenset())


@dataclass(frozen=True, slots=True)
class Judge:
    """What the rules of a day make of the ratings of one unit; `where`: what is the same for all of them."""

    rulebook: Rulebook
    where: Occasion
    on: date

    def base(self) -> Worth:
        """By the rules of its division: so `Figures` are worth, but for cells that have their own."""
        return worth_by(self.rulebook.profile(self.where.division, self.on))

    def own(self, cell: Cell) -> Worth:
        """By the rules for just these ratings."""
        facts: dict[str, Any] = {
            name: said for name in _TOLD if (said := getattr(cell, name)) not in ("", None)
        }
        return worth_at(self.rulebook, self.where._replace(**facts), self.on)

    def judged(self, cell: Cell) -> Cell:
        """Citizens' ratings with a worth of their own, where they have another."""
        own = self.own(cell)
        return cell if not rated(cell) or alike(own, self.base()) else replace(cell, worth=own)


def rated(cell: Cell) -> bool:
    """Whether citizens' ratings are counted in it."""
    return any(cell.counts.get(f"level_{level}") for level in LEVELS)


def alike(one: Worth, other: Worth) -> bool:
    """Whether both make the same of a rating, and of silence that counts for the same level."""
    return one is other or replace(one, default_level=other.default_level) == other


def seen_from_above(cell: Cell, own: Worth, above: Worth) -> Cell:
    """A cell of an organisation among those of its region: worth what it is worth there, as `own` says if it has no worth
    itself. `above`: what the rules of the region say."""
    silent = bool(cell.counts.get("defaults"))
    worth = cell.worth or own
    if not silent and (not rated(cell) or alike(worth, above)):
        return replace(cell, worth=None) if cell.worth else cell
    return cell if silent else replace(cell, worth=worth)


def written(worth: Worth) -> Mapping[str, Any]:
    """A worth as it is written down, but for the level for which silence counts."""
    points, enters = worth.points, worth.default_counts_in
    return {
        "points": None
        if points is None
        else {str(level): str(each) for level, each in sorted(points.items())},
        "levels": [[each.number, each.label, each.bad, each.good] for each in worth.levels],
        "default_counts_in": None if enters is None else list(enters),
        "default_worth": None if worth.default_worth is None else str(worth.default_worth),
    }
