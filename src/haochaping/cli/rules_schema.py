"""The JSON Schema of a profile, for editors."""

import argparse
import json
from pathlib import Path

NAME = "rules schema"
HELP = "print the JSON Schema of profile.toml, for editors"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here (default: the terminal)")


def run(arguments: argparse.Namespace) -> int:
    """Always 0."""
    from haochaping.policy.schema import schema

    text = json.dumps(schema(), ensure_ascii=False, indent=1)
    if arguments.output:
        arguments.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0
