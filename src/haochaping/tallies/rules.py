"""The measures that are counted, and the figures that follow from them: exact, computed in one place."""

from decimal import Decimal
from enum import IntEnum
from operator import add, sub

from msgspec import Struct
from msgspec.structs import astuple

# Ratings by citizens and defaults, by level.
LEVELS = ("n1", "n2", "n3", "n4", "n5", "d1", "d2", "d3", "d4", "d5")
MEASURES = ("occasions", "late", *LEVELS)


class Correction(IntEnum):
    """Why something that had been counted is counted otherwise: such changes are kept apart as well."""

    CORRECTED = 1  # the rater said otherwise by the receipt
    TAKEN_BACK = 2  # the rater took the rating back
    COUNTED_OUT = 3  # two persons decided that it does not count
    COUNTED_AGAIN = 4  # and that it does
    LATE_AFTER_ALL = 5  # by what its sender told later it had been reported too late
    IN_TIME_AFTER_ALL = 6
    RATED_AFTER_ALL = 7  # silence had been counted, and then a rating took its place


class Counts(Struct, frozen=True, gc=False):
    """How many of each measure, as in MEASURES. Levels 2 and 1 are bad (差评), 5 to 3 are good (好评).

    `n*` were given by citizens, `d*` are what silence counted for: only `inclusive_good_rate` mixes them.
    """

    occasions: int = 0
    late: int = 0
    n1: int = 0
    n2: int = 0
    n3: int = 0
    n4: int = 0
    n5: int = 0
    d1: int = 0
    d2: int = 0
    d3: int = 0
    d4: int = 0
    d5: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(*map(sub, astuple(self), astuple(other)))

    @property
    def rated(self) -> int:
        """Ratings by citizens."""
        return self.n1 + self.n2 + self.n3 + self.n4 + self.n5

    @property
    def good(self) -> int:
        return self.n3 + self.n4 + self.n5

    @property
    def bad(self) -> int:
        return self.n1 + self.n2

    @property
    def default(self) -> int:
        """Occasions for which silence was counted as a level."""
        return self.d1 + self.d2 + self.d3 + self.d4 + self.d5

    @property
    def unrated(self) -> int:
        """Rateable occasions with neither a rating nor a default (yet)."""
        return self.occasions - self.rated - self.default

    @property
    def active_good_rate(self) -> Decimal | None:
        """Good ratings among citizens' ratings; None where there is none."""
        return share(self.good, self.rated)

    @property
    def inclusive_good_rate(self) -> Decimal | None:
        """The same with defaults counted as if citizens had given them; None where there is neither."""
        return share(self.good + self.d3 + self.d4 + self.d5, self.rated + self.default)

    @property
    def participation(self) -> Decimal | None:
        """Citizens' ratings among rateable occasions: a default is none. None without occasions."""
        return share(self.rated, self.occasions)


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole`, 28 significant digits; None where there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


if Counts.__struct_fields__ != MEASURES:
    raise AssertionError("Counts and MEASURES must name the same columns in the same order")
