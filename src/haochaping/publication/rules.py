"""What the public may see, and how a figure is written. Pure."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from haochaping.tallies.rules import Counts

# Below it a single rating moves a rate by more than five points, and those who were there know whose it was.
MINIMUM = 20
# Fewer of a kind (in a week, by a channel, with a tag) are not told: design.md, section 4.
FEW = 5
# Figures of fewer organisations than these are not shown live: one of two could take itself off and watch the other.
TOGETHER = 3

_CENT = Decimal("0.01")
_LEAST, _MOST = Decimal("0.01"), Decimal("99.99")

Key = TypeVar("Key")
Other = TypeVar("Other")


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


def hidden_cells(
    cells: Mapping[tuple[Key, Other], int], *, closed: Collection[Key]
) -> frozenset[tuple[Key, Other]]:
    """The cells of a table of numbers that are not shown: those of rows that are `closed`, those of fewer than FEW, and so
    many more that none follows from the totals of its row and its column: what is not shown of a line is of two cells at
    least and no small number. Nought is shown: it is nobody's.
    """
    shut = {key for key, number in cells.items() if key[0] in closed or 0 < number < FEW}
    lines: dict[tuple[int, object], list[tuple[Key, Other]]] = {}
    for key in sorted(cells, key=lambda each: cells[each]):
        for axis in (0, 1):
            lines.setdefault((axis, key[axis]), []).append(key)
    more = True
    while more:
        more = False
        for line in lines.values():
            out = [key for key in line if key in shut and cells[key]]
            if out and (len(out) == 1 or sum(cells[key] for key in out) < FEW):
                another = next((key for key in line if key not in shut and cells[key]), None)
                more = more or another is not None
                shut |= {another} if another is not None else set()
    return frozenset(shut)


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
