"""What `bench` and `drill` found: rows that can be read by people and by scripts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path


class CouldNotRun(Exception):
    """The measurement did not take place; that is no result and ends non-zero."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `reference` is what it is held against in the same run, `ratio` = value / reference.

    `goal` is written as "ratio >= 0.6" or "value = 0" for people; `goal_met` is None where no goal is set.
    """

    name: str
    value: Decimal | int
    unit: str
    reference: Decimal | int | None = None
    ratio: Decimal | None = None
    goal: str = ""
    goal_met: bool | None = None


def table(figures: Sequence[Figure]) -> str:
    """An aligned table with a line for each figure."""
    head = ("name", "value", "unit", "reference", "ratio", "goal", "met")
    lines = [head] + [
        (
            figure.name,
            f"{figure.value:,}",
            figure.unit,
            "" if figure.reference is None else f"{figure.reference:,}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            figure.goal,
            {True: "yes", False: "NO", None: ""}[figure.goal_met],
        )
        for figure in figures
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """The same rows for scripts: a JSON array of objects."""
    rows = [
        {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(figure).items()}
        for figure in figures
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
