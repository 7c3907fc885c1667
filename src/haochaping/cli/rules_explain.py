"""What applies where, and by which clause."""

import argparse
import sys
from typing import Final

from haochaping.cli import rules_facts
from haochaping.cli.rules_asking import asked_day, rulebook_or_none

# Where the rules on their transition name another day than that of the service.
_DAYS: Final = (
    ("accepted", "the day on which the case was accepted (default: that of the service)"),
    ("rated", "the day of the rating (default: that of the step)"),
    ("step", "the day on which it is handled (default: that of the service)"),
)
NAME = "rules explain"
HELP = "show each effective rule with its clause, what it overrides, and what is 未规定"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For whom and on which day."""
    rules_facts.add_occasion(parser)
    parser.add_argument("--on", metavar="DATE", help="the day of the service, as 2026-11-23 (default: today)")
    for name, words in _DAYS:
        parser.add_argument(f"--{name}", metavar="DATE", help=words)


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when the rules cannot be loaded, no jurisdiction applies or the registry has no such code; 2 for what was typed
    wrongly."""
    from haochaping.policy.explanation import explain, lines
    from haochaping.policy.rulebook import AsOf

    rulebook = rulebook_or_none()
    if rulebook is None:
        return 1
    try:
        on = asked_day(arguments.on)
        as_of = AsOf(**{name: asked_day(said) for name, _ in _DAYS if (said := getattr(arguments, name))})
        asked = rules_facts.asked(arguments, on)
        told = [*rules_facts.lines(asked), "", *lines(explain(rulebook, asked.occasion, on, as_of))]
    except (ValueError, LookupError) as problem:
        print(f"haochaping: {problem}", file=sys.stderr)
        return 1 if isinstance(problem, LookupError) else 2
    print("\n".join(told))
    return 0
