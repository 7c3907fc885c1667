"""`rules run`: a story of occasions, ratings and events is told to the rules; what they say is compared."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import Run
from haochaping.policy.scenario import run as played
from haochaping.policy.scenario_file import read_scenario
from haochaping.policy.scenario_text import differences, lines, plain, value_told
from haochaping.policy.sources import RulesError

NAME = "rules run"
HELP = "Run scenarios: given occasions, ratings and events; then deadlines, defaults, duties, scores."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which scenarios, by which rules, how told."""
    parser.add_argument(
        "scenarios", type=Path, nargs="+", metavar="SCENARIO", help="a TOML file, or a folder with such files"
    )
    parser.add_argument(
        "--rules",
        type=Path,
        metavar="DIR",
        help="a directory of rules on top of the product's (default: the one that HAOCHAPING_RULES_DIR names)",
    )
    parser.add_argument("--quiet", action="store_true", help="print the differences only")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON list: facts and differences of each"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all is as expected, 1 when something differs, 2 when a file cannot be used."""
    try:
        dirs = RuleDirs.tried(arguments.rules) if arguments.rules else RuleDirs.of_environment()
        rulebook = Rulebook.of(dirs)
        runs = [(path, played(read_scenario(path), rulebook)) for path in _files(arguments.scenarios)]
    except RulesError as error:
        print("\n".join(map(str, error.mistakes)), file=sys.stderr)
        return 2
    except LookupError as error:
        print(f"haochaping: {error.args[0]}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps([_as_json(path, each) for path, each in runs], ensure_ascii=False, indent=2))
    else:
        for path, each in runs:
            print(f"== {path}")
            print("\n".join(differences(each) if arguments.quiet else lines(each)))
    return 1 if any(each.differences for _, each in runs) else 0


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            found = sorted(path.rglob("*.toml"))
            if not found:
                raise RulesError(str(path), "", "holds no scenario; expected files *.toml")
            yield from found
        else:
            yield path


def _as_json(path: Path, run: Run) -> dict[str, object]:
    return {
        "file": path.name,
        "title": run.scenario.title,
        "version": run.profile.version,
        "facts": {f"{kind} {name}": plain(facts) for (kind, name), facts in run.facts.items()},
        "differences": [
            {
                "about": each.about,
                "key": each.key,
                "expected": value_told(each.expected),
                "found": value_told(each.found),
            }
            for each in run.differences
        ],
    }
