"""`score again`: works a kept run out again from what it kept."""

import argparse
import json
import sys

from haochaping.cli.database import connected

NAME = "score again"
HELP = "Work a score run out again from its inputs and say whether it is the same to the last byte."

_WORDS = {
    "inputs": "what was counted is not what the run kept: rows were altered in the database",
    "results": "results are not what the run kept: rows were altered in the database",
    "scores": "the inputs do not give these results",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run", metavar="RUN", help="the number of the run, DF...")
    parser.add_argument("--json", action="store_true", help="print what was found as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """0 when it is the same, 1 when not or when the rules are no longer the same. Raises NotFound."""
    with connected(arguments):
        from haochaping.rectification.rulebook import rulebook
        from haochaping.scoring.again import worked_again

        found = worked_again(arguments.run, rulebook=rulebook())
    if arguments.json:
        print(json.dumps({"same": found.holds, "altered": found.altered, "other_rules": found.other_rules}))
    elif found.holds:
        print("worked out again: the same")
    for each in found.altered:
        print(_WORDS[each], file=sys.stderr)
    if found.other_rules:
        print("the rules for that day are another edition than those of the run", file=sys.stderr)
    return 0 if found.holds else 1
