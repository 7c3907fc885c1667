"""All mistakes in a directory or file of rules at once."""

import argparse
import sys
from pathlib import Path

NAME = "rules check"
HELP = "name every mistake in rule files with file, line and what is expected"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """PATH: a directory of rules or one file in it."""
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        metavar="PATH",
        help="directory or file (default: HAOCHAPING_RULES_DIR, else ours)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when there is no mistake, 1 when there are some, 2 when there is nothing to look at. Without mistakes it tells what
    is laid down and not carried out."""
    from haochaping.policy.checking import check, remarks
    from haochaping.policy.sources import RULES_DIR, RulesError, operator_rules

    path: Path = arguments.path or (*operator_rules(), RULES_DIR)[0]
    try:
        if not path.exists():
            print(f"haochaping: {path} does not exist", file=sys.stderr)
            return 2
        mistakes = check(path)
    except RulesError as error:
        mistakes = error.mistakes
    except OSError as problem:
        print(f"haochaping: {path} cannot be read ({problem.strerror})", file=sys.stderr)
        return 2
    for mistake in mistakes:
        print(mistake)
    if not mistakes:
        for remark in remarks(path):
            print(remark)
    print(f"{len(mistakes)} mistake(s)" if mistakes else "no mistakes", file=sys.stderr)
    return 1 if mistakes else 0
