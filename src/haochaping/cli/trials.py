"""What `bench` and `drill` share: finding the trial by its name, running it, showing its figures."""

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from haochaping.cli.database import say
from haochaping.cli.figures import CouldNotRun, Figure, table, write_json
from haochaping.starter import environment

ROOT = Path(__file__).resolve().parents[3]


def trials(folder: str) -> dict[str, str]:
    """Name → first line of its docstring, for each trial in a folder beside `src`."""
    found = {}
    for path in sorted((ROOT / folder).glob("[!_]*.py")):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.stem] = words.splitlines()[0] if words else ""
    return found


def add_trial_arguments(parser: argparse.ArgumentParser, folder: str) -> None:
    """The arguments that every trial takes."""
    known = trials(folder)
    parser.add_argument(
        "name", choices=sorted(known), help="; ".join(f"{name}: {words}" for name, words in known.items())
    )
    parser.add_argument(
        "--quick", action="store_true", help="the short form: smaller, for a first look and for CI"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to FILE as JSON as well")


def run_trial(arguments: argparse.Namespace, folder: str) -> int:
    """Runs it on a cluster of its own and prints the table. 0 when it ran and every goal was met, 1 when one was missed,
    2 when it could not run."""
    sys.path.insert(0, str(ROOT))
    trial = _imported(f"{folder}.{arguments.name}")
    try:
        figures: Sequence[Figure] = trial.run(quick=arguments.quick, say=say)
    except CouldNotRun as error:
        say(f"haochaping: {arguments.name} could not run: {error}")
        return 2
    print(table(figures))
    if arguments.json:
        write_json(figures, arguments.json)
    return 1 if any(figure.goal_met is False for figure in figures) else 0


def _imported(name: str) -> Any:
    """The trial's module; what it borrows from the tests is installed when it is missing. Raises StartError."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        environment.prepare(ROOT, (*environment.needed_locks(), "test.txt"), say)
        importlib.invalidate_caches()
        return importlib.import_module(name)
