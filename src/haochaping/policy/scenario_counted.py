"""Figures that a scenario gives as such."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from haochaping.policy.scenario_table import Table, nearest
from haochaping.policy.score_figures import Cell
from haochaping.policy.vocabulary import COUNTS, SCORED

_CELL_FACTS: Final = tuple(each.name for each in fields(Cell) if each.name not in ("counts", "worth"))


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


def read_counted(table: Table) -> Counted:
    """One `[[figures]]`."""
    table.only("unit", "kind", "of", "period", "complete", "counts", "cells", "external", "below")
    cells = [_cell(each) for each in table.tables("cells")]
    if "counts" in table.content:
        cells.append({"counts": _numbers(table)})
    entered = table.within("external")
    external = {name: Decimal(entered.one(name, (int, Decimal), "a number", 0)) for name in entered.content}
    below = tuple(_below(each) for each in table.tables("below"))
    return Counted(
        unit=table.text("unit", "本单位"),
        period=table.text("period", ""),
        cells=tuple(cells),
        external=external,
        below=below,
        kind=table.among("kind", list(SCORED), ""),
        of=table.text("of", ""),
        complete=table.one("complete", bool, "true or false", False),
    )


def _cell(table: Table) -> dict[str, Any]:
    table.only("counts", *_CELL_FACTS)
    named = table.one("named", bool, "true or false", False) if "named" in table.content else None
    facts = {fact: table.text(fact) for fact in _CELL_FACTS if fact in table.content and fact != "named"}
    return {"counts": _numbers(table), "named": named, **facts}


def _numbers(table: Table) -> dict[str, int]:
    """Counts by word; each wrong one is named."""
    counts = table.within("counts")
    for word in counts.content:
        if word not in COUNTS:
            counts.wrong(word, f"unknown count; {nearest(word, list(COUNTS))}")
    return {word: counts.one(word, int, "a whole number", 0) for word in counts.content}


def _below(table: Table) -> dict[str, Any]:
    table.only("score", "of", "points", *COUNTS)
    table.among("of", list(SCORED))
    counts = {word: table.one(word, int, "a whole number", 0) for word in table.content if word in COUNTS}
    return {
        "score": table.text("score"),
        "of": table.content.get("of", ""),
        "points": table.one("points", (int, Decimal), "a number", 0) if "points" in table.content else None,
        "counts": counts,
    }
