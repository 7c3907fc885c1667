"""`tiles check`: how the regions stand in the tile map, and what is wrong with an operator's own grid."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from haochaping.cli.database import connected

if TYPE_CHECKING:
    from haochaping.publication.charts.grids import Grid

NAME = "tiles check"
HELP = "show how the regions of the place stand in the tile map, and say what is wrong with a grid of one's own (tiles.toml)"
_BEGIN = "to begin with, put this into tiles.toml beside your rules and move the codes to where they lie:"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE: the grids."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="the grids (default: what is in force: rules/tiles.toml, and tiles.toml beside the operator's rules)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when it can be drawn as it stands, else 1."""
    with connected(arguments):
        from haochaping.foundation.clock import local_day, now
        from haochaping.policy.sources import RulesError
        from haochaping.publication.charts.grids import by_rows, grid_of, read_grids
        from haochaping.publication.places import regions_below, top_division

        today = local_day(now())
        place = top_division(today)
        if place is None:
            print("the registry is empty: load it first (./haochaping import registry)", file=sys.stderr)
            return 1
        names = {code: name for name, code in regions_below(place.name, today).items()}
        try:
            grid = read_grids(arguments.file).get(place.code, ()) if arguments.file else grid_of(place.code)
        except RulesError as error:
            print(error, file=sys.stderr)
            return 1
    if not grid:
        print(f"no grid is declared for {place.name} ({place.code}): its regions stand by rows; {_BEGIN}")
        print(_as_toml(place.code, by_rows(sorted(names))))
        return 1 if arguments.file else 0
    print(f"{place.name} ({place.code})")
    print(_drawn(grid, names))
    wrong = list(_compared(grid, names))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _as_toml(code: str, grid: "Grid") -> str:
    rows = ("    [" + ", ".join(f'"{cell}"' for cell in row) + "]," for row in grid)
    return "\n".join((f"[{code}]", "rows = [", *rows, "]"))


def _drawn(grid: "Grid", names: Mapping[str, str]) -> str:
    """The names as they stand, each as wide as the widest: a Chinese character takes two places."""
    said = [[names.get(cell, f"?{cell}") if cell else "·" for cell in row] for row in grid]
    widest = max(_width(cell) for row in said for cell in row)
    return "\n".join(
        "  " + "  ".join(cell + " " * (widest - _width(cell)) for cell in row).rstrip() for row in said
    )


def _width(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _compared(grid: "Grid", names: Mapping[str, str]) -> Iterable[str]:
    """What does not go together with the registry of today."""
    there = {cell for row in grid for cell in row if cell}
    if unknown := sorted(there - names.keys()):
        yield f"codes of no region right below the place: {', '.join(unknown)}"
    if missing := sorted(f"{name} ({code})" for code, name in names.items() if code not in there):
        yield f"regions that have no tile, so that they follow below by rows: {', '.join(missing)}"
