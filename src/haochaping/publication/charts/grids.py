"""Where the tiles of regions stand: as `rules/tiles.toml` declares it, and an operator's own on top. Pure."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from haochaping.policy.rule_files import operator_dir
from haochaping.policy.sources import RULES_DIR, RulesError, read_content

FILE: Final = "tiles.toml"
_CODE: Final = re.compile(r"[0-9]{6,12}")

Grid = tuple[tuple[str, ...], ...]


def grid_of(code: str) -> Grid:
    """The grid of a place by its code, the first row on top; empty where none is declared. Raises RulesError."""
    found: Grid = ()
    for folder in (RULES_DIR, operator_dir()):
        if folder is not None and (folder / FILE).is_file():
            found = _read(folder / FILE, folder).get(code, found)
    return found


def _read(path: Path, root: Path) -> Mapping[str, Grid]:
    said, _text = read_content(path, root=root)
    return {code: _grid(code, rows) for code, rows in said.items()}


def _grid(code: str, said: Any) -> Grid:
    rows = said.get("rows") if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise RulesError(FILE, code, "needs `rows`, a list of lists of codes")
    cells = [cell for row in rows for cell in row if cell != ""]
    if not all(isinstance(cell, str) and _CODE.fullmatch(cell) for cell in cells):
        raise RulesError(FILE, code, "has a tile that is neither a code nor empty")
    if len(cells) != len(set(cells)):
        raise RulesError(FILE, code, "has a code twice")
    return tuple(tuple(row) for row in rows)
