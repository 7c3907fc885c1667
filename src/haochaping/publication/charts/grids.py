"""Where the tiles of regions stand: as `rules/tiles.toml` declares it, and an operator's own on top; by rows where nothing
is declared. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from haochaping.policy.rule_files import operator_dir
from haochaping.policy.sources import RULES_DIR, Mistake, RulesError, read_content

FILE: Final = "tiles.toml"
# So many tiles fit beside each other.
COLUMNS: Final = 4
_MOST_COLUMNS: Final = 8
_CODE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}|[0-9]{6})?")

Grid = tuple[tuple[str, ...], ...]


def grid_of(code: str) -> Grid:
    """The grid of a place by its code, the first row on top; empty where none is declared. Raises RulesError."""
    found: Grid = ()
    for folder in (RULES_DIR, operator_dir()):
        if folder is not None and (folder / FILE).is_file():
            found = read_grids(folder / FILE).get(code, found)
    return found


def read_grids(path: Path) -> Mapping[str, Grid]:
    """All grids of a file by the codes of their places. Raises RulesError, which names every mistake."""
    said, _text = read_content(path, root=path.parent)
    if mistakes := [each for code, entry in said.items() for each in _mistakes(path.name, code, entry)]:
        raise RulesError.of(mistakes)
    return {code: tuple(tuple(row) for row in entry["rows"]) for code, entry in said.items()}  # type: ignore[index]


def _mistakes(file: str, code: str, said: Any) -> Iterator[Mistake]:
    if not _CODE.fullmatch(code):
        yield Mistake(file, code, "is no division code: give each place as [530100]")
    rows = said.get("rows") if isinstance(said, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        yield Mistake(
            file,
            code,
            'needs `rows`, a list of lists of codes: rows = [["530102", ""], ["530103", "530111"]]',
        )
        return
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if len(row) > _MOST_COLUMNS:
            yield Mistake(
                file, code, f"row {number} has {len(row)} tiles: more than {_MOST_COLUMNS} cannot be read"
            )
        for place, cell in enumerate(row, 1):
            where = f"row {number}, tile {place}"
            if cell == "":
                continue
            if not isinstance(cell, str) or not _CODE.fullmatch(cell):
                yield Mistake(
                    file, code, f'{where} is {cell!r}: give a code in quotes, or "" for an empty place'
                )
            elif cell in seen:
                yield Mistake(file, code, f"{where} is {cell}, which stands at {seen[cell]} as well")
            else:
                seen[cell] = where


def by_rows(codes: Sequence[str]) -> Grid:
    """The regions where nothing is declared: in this order, as nearly a square as their number allows."""
    columns = next((each for each in range(1, COLUMNS) if each * each >= len(codes)), COLUMNS)
    return tuple(tuple(codes[start : start + columns]) for start in range(0, len(codes), columns))


def placed(codes: Sequence[str], grid: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Row and column of each code: as declared, without rows and columns that are empty at the edge; what is not declared
    follows below, by rows."""
    there = {code: (row, column) for row, line in enumerate(grid) for column, code in enumerate(line) if code}
    known = {code: there[code] for code in codes if code in there}
    top = min((row for row, _column in known.values()), default=0)
    left = min((column for _row, column in known.values()), default=0)
    found = {code: (row - top, column - left) for code, (row, column) in known.items()}
    first = max((row for row, _column in found.values()), default=-1) + 1
    rest = by_rows([code for code in codes if code not in found])
    return found | {
        code: (first + row, column) for row, line in enumerate(rest) for column, code in enumerate(line)
    }
