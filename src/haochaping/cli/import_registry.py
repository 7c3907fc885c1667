"""`import registry`: six CSV files or one workbook become the registry of halls, organisations, windows, staff and items."""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from haochaping.cli.exports import export_file, write_export
from haochaping.cli.registry_diff import diff_table, problem_table, summary, told
from haochaping.starter.progress import PATIENCE

if TYPE_CHECKING:
    from haochaping.registry.operations import ImportRefused, ImportReport

NAME = "import registry"
HELP = "Take over divisions, organisations, halls, windows, staff and items from six CSV files or a workbook, or nothing."

ACTOR = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to read, and how to tell what came of it."""
    parser.add_argument(
        "source",
        type=Path,
        metavar="DIR|FILE.xlsx",
        help="the folder with divisions.csv, organisations.csv, halls.csv, windows.csv, staff.csv, items.csv, or a workbook "
        "made by `registry template` (docs/registry-format.md)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object: what changes, or problems"
    )
    parser.add_argument(
        "--output",
        type=export_file,
        metavar="FILE",
        help="write every change, or every problem, to this new .csv, .xlsx or .json file as well",
    )


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when the files were taken over, 1 when they were refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.registry.operations import ImportRefused

        try:
            report = _taken(arguments)
        except ImportRefused as refused:
            _tell_refusal(arguments, refused)
            return 1
        if arguments.output:
            write_export(arguments.output, diff_table(report))
    if arguments.json:
        print(json.dumps({"ok": True, **asdict(report)}, ensure_ascii=False))
    else:
        print("\n".join(summary(report, whole_file=bool(arguments.output))))
    return 0


def _taken(arguments: argparse.Namespace) -> "ImportReport":
    from haochaping.foundation.clock import now
    from haochaping.registry.operations import import_registry, import_workbook

    source: Path = arguments.source
    begun = time.monotonic()

    def tell(words: str) -> None:
        """Who waits longer than a moment hears how far it is."""
        if (passed := time.monotonic() - begun) > PATIENCE:
            print(f"{words} ({passed:.0f} s)", file=sys.stderr, flush=True)

    if source.is_file() or source.suffix.lower() == ".xlsx":
        return import_workbook(workbook=source, now=now(), actor=ACTOR, dry_run=arguments.dry_run, told=tell)
    return import_registry(directory=source, now=now(), actor=ACTOR, dry_run=arguments.dry_run, told=tell)


def _tell_refusal(arguments: argparse.Namespace, refused: "ImportRefused") -> None:
    if arguments.output:
        write_export(arguments.output, problem_table(refused.problems))
    if arguments.json:
        problems = [asdict(one) for one in refused.problems]
        print(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False))
    else:
        print("\n".join(told(one) for one in refused.problems))
        print(refused.message, file=sys.stderr)
