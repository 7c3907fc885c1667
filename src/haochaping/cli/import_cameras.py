"""`import cameras`: which camera looks at which window, many at once, out of a CSV file."""

import argparse
import csv
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.cli.database import connected
from haochaping.cli.official import ACTOR
from haochaping.foundation.clock import now as present
from haochaping.foundation.errors import Invalid, Problem

if TYPE_CHECKING:
    from haochaping.evidence.operations import CameraLine

NAME = "import cameras"
HELP = "Register the cameras of windows out of a CSV file, all or none (docs/evidence.md)."
_COLUMNS: Final = ("window", "camera", "from")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=Path,
        metavar="FILE.csv",
        help="UTF-8 with the columns window (registry code), camera (its name on the video platform), from (2026-12-01)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when all were taken over, 1 when the file was refused."""
    with connected(arguments):
        from haochaping.evidence.operations import import_cameras

        try:
            lines = lines_of(arguments.source)
            entered = import_cameras(lines=lines, actor=ACTOR, now=present())
        except Invalid as refused:
            # Line 1 of the file is its head.
            for problem in refused.problems:
                print(f"{arguments.source}: {_where(problem)}{problem.message}", file=sys.stderr)
            print("Nothing was registered: mend the file and import it again.", file=sys.stderr)
            return 1
    print(f"{entered} cameras registered, {len(lines) - entered} were there already.")
    return 0


def lines_of(source: Path) -> "list[CameraLine]":
    """The lines of a file. Raises Invalid for one that cannot be read."""
    from haochaping.evidence.operations import CameraLine

    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid([Problem("", "file", f"cannot be read ({type(error).__name__})")]) from None
    if not rows or not set(_COLUMNS) <= rows[0].keys():
        raise Invalid(
            [Problem("", "head", f"needs the columns {', '.join(_COLUMNS)}, and a line below them")]
        )
    return [
        CameraLine((row["window"] or "").strip(), (row["camera"] or "").strip(), _day(row["from"] or ""))
        for row in rows
    ]


def _where(problem: Problem) -> str:
    return f"line {int(problem.field) + 1}: " if problem.field else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
