"""The options that say what a client may do; shared by `client create` and `client change`."""

import argparse
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from haochaping.accounts.operations.clients import Terms

RIGHTS: Final = (
    "report (push occasions), rate (hand in ratings), quarantine (read what was kept aside of its own)"
)
_LIMITS: Final = {
    "calls": "calls a second, in the long run",
    "calls_burst": "calls at once after a pause",
    "records": "records a second, in the long run",
    "records_burst": "records at once after a pause",
}


def add_terms(parser: argparse.ArgumentParser) -> None:
    """Scope, clock and limits; what is not given stays as it is."""
    parser.add_argument(
        "--scope",
        choices=("platform", "own", "listed"),
        help="for whom it may report: platform (every organisation), own (its own; an authority also all of its "
        "division and below), listed (those given by --for)",
    )
    parser.add_argument(
        "--for",
        dest="listed",
        default="",
        metavar="CREDIT_CODE,...",
        help="the organisations that a listed scope holds",
    )
    parser.add_argument(
        "--clock-tolerance",
        type=int,
        metavar="SECONDS",
        help="how far its clock may be off, 30 to 900 (default: 300)",
    )
    for name, words in _LIMITS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=_limit,
            default=argparse.SUPPRESS,
            metavar="N",
            help=f"{words}; `default` for the product's own",
        )


def terms_of(arguments: argparse.Namespace, rights: str | None = None) -> "Terms":
    """What the options lay down."""
    from haochaping.accounts.operations.clients import Terms

    return Terms(
        rights=None if rights is None else words(rights),
        reach=arguments.scope,
        listed=words(arguments.listed),
        clock_tolerance=arguments.clock_tolerance,
        limits={name: getattr(arguments, name) for name in _LIMITS if hasattr(arguments, name)},
    )


def words(text: str) -> list[str]:
    """The parts between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def warn_of_reach(key: str) -> None:
    """Says what a client without a scope of its own may do."""
    print(
        "This client may report for EVERY organisation in the registry. To narrow it: "
        f"./haochaping client change {key} --scope own",
        file=sys.stderr,
    )


def _limit(text: str) -> int | None:
    if text == "default":
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no limit: give a number from 1 on, or `default`")
    return int(text)
