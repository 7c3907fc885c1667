"""What applies where, and by which clause."""

import argparse
import sys

from haochaping.cli.rules_asking import add_occasion, asked_day, occasion_of, rulebook_or_none

NAME = "rules explain"
HELP = "show each effective rule with its clause, what it overrides, and what is 未规定"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For whom and on which day."""
    add_occasion(parser)
    parser.add_argument("--on", metavar="DATE", help="the day, as 2026-11-23 (default: today)")


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when the rules cannot be loaded or no jurisdiction applies; 2 for what was typed wrongly."""
    from haochaping.policy.explanation import explain, lines

    rulebook = rulebook_or_none()
    if rulebook is None:
        return 1
    try:
        occasion, on = occasion_of(arguments), asked_day(arguments.on)
        for line in lines(explain(rulebook, occasion, on)):
            print(line)
    except (ValueError, LookupError) as problem:
        print(f"haochaping: {problem}", file=sys.stderr)
        return 1 if isinstance(problem, LookupError) else 2
    return 0
