"""The JSON Schema of a profile or of a scenario, for editors."""

import argparse
import json
from pathlib import Path

NAME = "rules schema"
HELP = "print the JSON Schema of profile.toml or of a scenario, for editors"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of what, and where to."""
    parser.add_argument("--scenarios", action="store_true", help="that of the files of `rules run`")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here (default: the terminal)")


def run(arguments: argparse.Namespace) -> int:
    """Always 0."""
    from haochaping.policy.schema import scenario_schema, schema

    text = json.dumps(scenario_schema() if arguments.scenarios else schema(), ensure_ascii=False, indent=1)
    if arguments.output:
        arguments.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0
