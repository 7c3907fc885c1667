"""Figures to score by: five levels worth 10, 8, 6, 2 and 0 points, of which silence is the third."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.voice import Level

D, F = Decimal, Fraction
LEVELS = tuple(Level(n, str(n), n <= 2, n > 3) for n in range(5, 0, -1))
POINTS = {5: D(10), 4: D(8), 3: D(6), 2: D(2), 1: D(0)}


def figures(*cells: Cell, **said: Any) -> Figures:
    return Figures(cells, points=POINTS, levels=LEVELS, default_level=3, **said)


def counts(**said: int) -> Figures:
    return figures(Cell(said))


TEN = counts(occasions=20, level_5=4, level_4=3, level_2=2, level_1=1, defaults=6)
