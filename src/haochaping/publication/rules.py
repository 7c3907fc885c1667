"""What the public may see, and how a figure is written. Pure."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from haochaping.tallies.rules import Counts

# Below it a single rating moves a rate by more than five points, and those who were there know whose it was.
MINIMUM = 20
# So many ratings of an organisation in a week, at least, before the week and the item of one of them are told.
WEEKLY = 5
# Figures of fewer organisations than these are not shown live: one of two could take itself off and watch the other.
TOGETHER = 3

_CENT = Decimal("0.01")
_LEAST, _MOST = Decimal("0.01"), Decimal("99.99")

Key = TypeVar("Key")


def percent(share: Decimal | None) -> str:
    """A share as a percentage with two decimals; "—" where there is none.

    Rounding never makes a "100.00%" or a "0.00%" out of what is not: those two mean all and none.
    """
    if share is None:
        return "—"
    value = (share * 100).quantize(_CENT, rounding=ROUND_HALF_UP)
    if share < 1:
        value = min(value, _MOST)
    if share > 0:
        value = max(value, _LEAST)
    return f"{value}%"


def hidden(groups: Mapping[Key, Counts]) -> frozenset[Key]:
    """The groups whose figures are not shown: those with fewer than MINIMUM ratings by citizens, and the next
    smallest until all hidden ones together, which the total gives away, are no small group either.
    """
    by_size = sorted(groups, key=lambda key: groups[key].rated)
    closed = [key for key in by_size if groups[key].rated < MINIMUM]
    for key in by_size[len(closed) :]:
        if not 0 < sum(groups[one].rated for one in closed) < MINIMUM:
            break
        closed.append(key)
    return frozenset(closed)


def by_the_day(rated: Mapping[Key, int], *, closed: Collection[Key]) -> frozenset[Key]:
    """The groups whose figures are shown by the day, because live ones would be those of a single organisation, or nearly:
    departments are published by the day, as a figure that moves while somebody rates shows who rated.

    `rated`: how many organisations of a group have ratings; `closed`: groups that are not shown at all. All that is not live
    together, which the live total gives away, comes from TOGETHER organisations as well, or from none.
    """
    by_size = sorted(rated, key=lambda key: rated[key])
    daily = [key for key in by_size if key not in closed and 0 < rated[key] < TOGETHER]
    for key in by_size:
        if not 0 < sum(rated[one] for one in (*daily, *closed)) < TOGETHER:
            break
        if key not in closed and key not in daily:
            daily.append(key)
    return frozenset(daily)
