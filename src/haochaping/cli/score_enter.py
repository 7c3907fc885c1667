"""`score enter`: a value that the rules take from outside, such as the marks of a third party's evaluation."""

import argparse
from decimal import Decimal, InvalidOperation

from haochaping.cli.database import connected
from haochaping.policy.spells import spell_of

NAME = "score enter"
HELP = (
    "Enter a value that the rules take from outside, with its source; what is entered later counts instead."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which value, of whom, over which period, where from."""
    parser.add_argument("name", metavar="NAME", help="the name of the value in the rules (`external`)")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--organisation", metavar="CODE", help="of the organisation with this credit code")
    whom.add_argument("--region", metavar="CODE", help="or of the division with this code")
    parser.add_argument("--period", required=True, metavar="PERIOD", help="such as 2026, 2026-H1 or 2026-Q3")
    parser.add_argument(
        "--value", required=True, type=_number, metavar="NUMBER", help="at most six decimal places"
    )
    parser.add_argument(
        "--source", required=True, metavar="TEXT", help="the document with the value, its number"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when it is kept. Raises Refused."""
    spell = spell_of(arguments.period)
    if spell.period is None:
        arguments.parser.error(f"{arguments.period} is no period; write 2026, 2026-H1, 2026-Q3 or 2026-09")
        return 2
    with connected(arguments):
        from haochaping.foundation.clock import now
        from haochaping.rectification import rulebook
        from haochaping.scoring.operations.entering import Entry, enter_value, unit_by_code

        last = spell.period.last
        kind = "organisation" if arguments.organisation else "region"
        number, division = unit_by_code(kind, arguments.organisation or arguments.region, on=last)
        entry = Entry(
            arguments.name, kind, number, spell.kind, spell.period.first, arguments.value, arguments.source
        )
        rules = rulebook.rulebook().profile(division, last)
        enter_value(entry, rules=rules, actor="command", now=now())
    return 0


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text} is no number; write it as 88.5") from error
