"""What applies where, and by which clause."""

import argparse
import sys

from haochaping.cli import rules_facts
from haochaping.cli.rules_asking import asked_day, rulebook_or_none

NAME = "rules explain"
HELP = "show each effective rule with its clause, what it overrides, and what is 未规定"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For whom and on which day."""
    rules_facts.add_occasion(parser)
    parser.add_argument("--on", metavar="DATE", help="the day, as 2026-11-23 (default: today)")


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when the rules cannot be loaded, no jurisdiction applies or the registry has no such code; 2 for what was typed
    wrongly."""
    from haochaping.policy.explanation import explain, lines

    rulebook = rulebook_or_none()
    if rulebook is None:
        return 1
    try:
        on = asked_day(arguments.on)
        asked = rules_facts.asked(arguments, on)
        told = [*rules_facts.lines(asked), "", *lines(explain(rulebook, asked.occasion, on))]
    except (ValueError, LookupError) as problem:
        print(f"haochaping: {problem}", file=sys.stderr)
        return 1 if isinstance(problem, LookupError) else 2
    print("\n".join(told))
    return 0
