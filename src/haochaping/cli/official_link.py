"""`official link`: a new one-time link, for who lost the first one or forgot the password."""

import argparse

from haochaping.cli.database import connected
from haochaping.cli.official import ACTOR, add_output_arguments, tell
from haochaping.foundation.clock import now as present
from haochaping.foundation.errors import NotFound

NAME = "official link"
HELP = "Print a new one-time link to set a password with; an earlier unused one ends."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--username", required=True, help="the name to sign in with")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Returns 0. Raises NotFound for an unknown username."""
    with connected(arguments):
        token = issue(arguments.username)
    tell(arguments, token)
    return 0


def issue(username: str) -> str:
    """The token of the new link. Raises NotFound."""
    from haochaping.accounts.operations.officials import issue_login_link
    from haochaping.accounts.queries.officials import official_id_by_username

    official_id = official_id_by_username(username)
    if official_id is None:
        raise NotFound(
            "official", f"There is no official {username}. Check the spelling, or create the official."
        )
    return issue_login_link(official_id=official_id, now=present(), actor=ACTOR)
