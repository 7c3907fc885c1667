"""How what went into a score and what came out of it is written down, so that it can be worked out again: exact fractions
as text, and one way only to write anything. Pure.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from haochaping.policy.bands import Band
from haochaping.policy.score_figures import Cell, Figures, Worth
from haochaping.policy.scoring import Computed, Result
from haochaping.policy.voice import Level
from haochaping.scoring import worth as worths

# Facts of a cell that are text, as they are written.
CELL_FACTS = ("subject", "channel", "place", "item_type", "case_type", "form", "stage", "rater", "bad_class")


def canonical(said: object) -> bytes:
    """The one way to write JSON: keys in order, no spaces, UTF-8."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(said: object) -> str:
    """SHA-256 of `canonical`, in hex."""
    return sha256(canonical(said)).hexdigest()


def inputs_of(figures: Figures) -> dict[str, Any]:
    """What was counted and entered of a unit: `cells` as `Cell` has them, without what is nought or not known, and
    `external` values. A cell of defaults says for which level silence counted (`default_level`), one of which the ratings
    are worth something else than the others of the unit says what (`worth`)."""
    base = figures.worth_of(Cell({}))
    return {
        "cells": [_cell(each, base) for each in figures.cells],
        "external": {name: str(value) for name, value in sorted(figures.external.items())},
    }


def own_cells(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was counted of the unit itself, as it is written down: without what counts only where it is asked for."""
    return [cell for cell in inputs["cells"] if not cell.get("aside")]


def figures_of(inputs: Mapping[str, Any], worth: Worth) -> Figures:
    """The figures that `inputs_of` wrote down, each rating and silence worth what these rules say, if it says nothing
    else."""
    external = {name: Decimal(value) for name, value in inputs["external"].items()}
    return figures_by(worth, [_read_cell(each, worth) for each in inputs["cells"]], external)


def figures_by(worth: Worth, cells: Iterable[Cell], external: Mapping[str, Decimal]) -> Figures:
    """Figures of which the ratings are worth what these rules say."""
    return Figures(
        cells=tuple(cells),
        points=worth.points,
        levels=worth.levels,
        default_level=worth.default_level,
        default_counts_in=worth.default_counts_in,
        default_worth=worth.default_worth,
        external=external,
    )


def _cell(cell: Cell, base: Worth) -> dict[str, Any]:
    said: dict[str, Any] = {"counts": dict(sorted(cell.counts.items()))}
    said |= {name: getattr(cell, name) for name in CELL_FACTS if getattr(cell, name)}
    if cell.named is not None:
        said["named"] = cell.named
    if cell.aside:
        said["aside"] = True
    if cell.worth is not None:
        said["default_level"] = cell.worth.default_level
        if not worths.alike(cell.worth, base):
            said["worth"] = worths.written(cell.worth)
    return said


def _read_cell(said: Mapping[str, Any], worth: Worth) -> Cell:
    facts = {name: said[name] for name in (*CELL_FACTS, "named", "aside") if name in said}
    own = replace(worth, default_level=said["default_level"]) if "default_level" in said else None
    if "worth" in said:
        own = _read_worth(said["worth"], said["default_level"])
    return Cell(counts=dict(said["counts"]), worth=own, **facts)


def _read_worth(said: Mapping[str, Any], default_level: int | None) -> Worth:
    points, enters, default = said["points"], said["default_counts_in"], said["default_worth"]
    return Worth(
        points=None if points is None else {int(level): Decimal(each) for level, each in points.items()},
        levels=tuple(Level(*each) for each in said["levels"]),
        default_level=default_level,
        default_counts_in=None if enters is None else tuple(enters),
        default_worth=None if default is None else Decimal(default),
    )


def parts_of(parts: Iterable[Computed]) -> list[dict[str, Any]]:
    """Every intermediate of a score: of each part its measure and value, what that was made of, and the points."""
    return [_part(each) for each in parts]


def _part(computed: Computed) -> dict[str, Any]:
    part = computed.part
    said: dict[str, Any] = {
        "label": part.label or "",
        "measure": part.measure or "",
        "value": written(computed.value),
        "inputs": [[word, str(number)] for word, number in computed.inputs],
        "points": written(computed.points),
        "weight": str(part.weight),
        "by": _by(computed.by),
    }
    if computed.left_out:
        said["left_out"] = True
    if computed.missing:
        said["missing"] = computed.missing
    if computed.beneath:
        said["parts"] = parts_of(computed.beneath)
    return said


def _by(by: Band | str | None) -> dict[str, str] | str:
    if not isinstance(by, Band):
        return by or ""
    bounds = {"from": by.from_, "above": by.above, "up_to": by.up_to, "under": by.under}
    return {name: str(value) for name, value in bounds.items() if value is not None} | {
        "points": str(by.points)
    }


def written(value: Fraction | None) -> str:
    """An exact number as text, "19/2"; "" for none."""
    return "" if value is None else str(value)


def result_of(result: Result, rank: int | None, ranked: int | None) -> dict[str, Any]:
    """One score of one unit as it is kept and digested."""
    return {
        "points": written(result.points),
        "why": result.why,
        "grade": result.grade,
        "rank": rank,
        "ranked": ranked,
        "parts": parts_of(result.parts),
    }


def run_digest(
    results: Sequence[tuple[str, str, Mapping[str, Any]]], lists: Mapping[str, Sequence[str]]
) -> str:
    """The digest of all that came out: (unit, score, result) in the order of unit and score, and who is on which list."""
    told = sorted(results, key=lambda each: each[:2])
    return digest({"results": told, "lists": {key: sorted(named) for key, named in lists.items()}})
