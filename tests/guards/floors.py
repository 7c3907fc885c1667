"""The floor plan as the import contract lays it down, for guards that look at what imports do not show."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "haochaping"


def contract(identifier: str) -> dict[str, object]:
    """One import contract out of pyproject.toml."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    return next(entry for entry in contracts if entry["id"] == identifier)


def floor_of() -> dict[str, int]:
    """Room → height; the ground is 0."""
    layers = contract("floors")["layers"]
    assert isinstance(layers, list)
    heights: dict[str, int] = {}
    for height, layer in enumerate(reversed(layers)):
        for room in re.findall(r"\w+", layer):
            heights[room] = height
    return heights
