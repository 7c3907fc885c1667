"""`official create`: a person who signs in to the console, with the one-time link for the first password."""

import argparse
import json
import os
from pathlib import Path

from haochaping.accounts.rules import LINK_DAYS, Role
from haochaping.cli.database import connected
from haochaping.foundation.clock import now as present
from haochaping.foundation.errors import NotFound
from haochaping.starter.layout import lay_out
from haochaping.starter.locks import Lock

NAME = "official create"
HELP = (
    "Create an official with a post in an organisation, and print the one-time link to set a password with."
)

ACTOR = "command line"
FALLBACK = "http://127.0.0.1:8000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--username", required=True, help="the name to sign in with: a-z 0-9 . _ -")
    parser.add_argument("--name", required=True, help="the person's name, as histories show it")
    parser.add_argument(
        "--organisation",
        required=True,
        metavar="CREDIT_CODE",
        help="the organisation's 18-character credit code",
    )
    parser.add_argument(
        "--role", required=True, choices=[role.value for role in Role], help="the role of the post"
    )
    add_output_arguments(parser)


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url", help="the system's address in the link (default: HAOCHAPING_BASE_URL, else where `up` runs)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0. Raises NotFound for an unknown organisation, Invalid for a refused username or name."""
    with connected(arguments):
        token = create(arguments)
    tell(arguments, token)
    return 0


def create(arguments: argparse.Namespace) -> str:
    """Makes the official; returns the token of his link. Raises NotFound, Invalid."""
    from haochaping.accounts.operations.officials import NewPost, create_official, issue_login_link
    from haochaping.registry.queries import organisation_id_by_credit_code

    now = present()
    organisation = organisation_id_by_credit_code(arguments.organisation)
    if organisation is None:
        raise NotFound(
            "organisation",
            f"The registry has no organisation {arguments.organisation}. "
            "Check the code, or import the registry first.",
        )
    official_id = create_official(
        username=arguments.username,
        name=arguments.name,
        posts=[NewPost(organisation, Role(arguments.role))],
        now=now,
        actor=ACTOR,
    )
    return issue_login_link(official_id=official_id, now=now, actor=ACTOR)


def running_at(data: Path) -> str:
    """The address that the `up` on this data directory gave itself; empty when none runs."""
    lock = Lock(lay_out(data).locks / "up.lock")
    try:
        return str(lock.description().get("url", ""))
    finally:
        lock.close()


def tell(arguments: argparse.Namespace, token: str) -> None:
    """Prints the link, here and never again."""
    base = arguments.url or os.environ.get("HAOCHAPING_BASE_URL") or running_at(arguments.data) or FALLBACK
    link = f"{base.rstrip('/')}/console/first-login/{token}/"
    if arguments.json:
        print(json.dumps({"username": arguments.username, "link": link}, ensure_ascii=False))
    else:
        print(
            f"With this link {arguments.username} sets a password, once and within {LINK_DAYS} days:\n{link}"
        )
