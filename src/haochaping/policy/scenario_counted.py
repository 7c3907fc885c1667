"""Figures that a scenario gives as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from haochaping.policy.scenario_shapes import CELL_FACT_KEYS, COUNT_KEYS, FigureTable, told


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures given as such: of one unit in one period, each group of counts with its facts.

    `kind`: what is scored (a word of SCORED), "" where that is not said; `of`: the unit to which it belongs.
    `complete`: what is not written is nought, not unknown.
    """

    unit: str
    period: str
    cells: tuple[Mapping[str, Any], ...]
    external: Mapping[str, Decimal]
    below: tuple[Mapping[str, Any], ...]
    kind: str
    of: str
    complete: bool


def read_counted(table: FigureTable, external: Mapping[str, Any]) -> Counted:
    """One `[[figures]]`; `external` as it is written."""
    given: tuple[Any, ...] = table.cells
    cells = [
        {"counts": _numbers(each.counts), "named": each.named, **told(each, CELL_FACT_KEYS)} for each in given
    ]
    if table.counts is not None:
        cells.append({"counts": _numbers(table.counts)})
    return Counted(
        unit=table.unit,
        period=table.period,
        cells=tuple(cells),
        external={name: Decimal(said) for name, said in external.items()},
        below=tuple(_below(each) for each in table.below),
        kind=table.kind,
        of=table.of,
        complete=table.complete,
    )


def _numbers(counts: object) -> dict[str, int]:
    """Counts by word, as far as they are written."""
    return told(counts, COUNT_KEYS) if counts is not None else {}


def _below(table: Any) -> dict[str, Any]:
    return {"score": table.score, "of": table.of, "points": table.points, "counts": _numbers(table)}
