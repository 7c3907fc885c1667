"""`score run`: works out the scores, ranks and lists of a period that is over."""

import argparse
import json
from pathlib import Path

from haochaping.cli.database import connected, say
from haochaping.policy.spells import spell_of

NAME = "score run"
HELP = "Work out scores and ranks of a period that is over, as a preview; with --rules, what other rules would make of it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, when, by which rules."""
    parser.add_argument("division", metavar="DIVISION", help="the division by its code, such as 530100")
    parser.add_argument("period", metavar="PERIOD", help="such as 2026, 2026-H1, 2026-Q3 or 2026-09")
    parser.add_argument(
        "--rules",
        type=Path,
        metavar="DIR",
        help="what if: by the rules in this folder instead of those in force; such a run is never signed",
    )
    parser.add_argument("--json", action="store_true", help="print the number of the run as JSON")


def run(arguments: argparse.Namespace) -> int:
    """0 when the run is kept, or was kept before. Raises Refused."""
    spell = spell_of(arguments.period)
    period = spell.period
    if period is None:
        arguments.parser.error(
            f"{arguments.period} is no period; write 2026, 2026-H1, 2026-Q3, 2026-09 or 2026-W36"
        )
        return 2
    with connected(arguments):
        from haochaping.foundation.clock import now
        from haochaping.policy.rulebook import Rulebook
        from haochaping.rectification.rulebook import rulebook
        from haochaping.scoring.operations.running import RunRequest, division_by_code, run_scores

        asked = RunRequest(
            division_id=division_by_code(arguments.division, on=period.last),
            kind=spell.kind,
            day=period.first,
            actor="command",
            rules_name=str(arguments.rules.resolve().name) if arguments.rules else "",
        )
        rules = Rulebook.load(arguments.rules) if arguments.rules else rulebook()
        made = run_scores(asked, rulebook=rules, now=now())
    if not made.new:
        say("nothing has changed since this run: it is not kept a second time")
    print(json.dumps({"run": made.number, "new": made.new}) if arguments.json else made.number)
    return 0
