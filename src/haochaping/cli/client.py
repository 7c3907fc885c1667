"""`client create`: a business system gets a key and a secret for the API."""

import argparse
import json
import sys

from haochaping.cli.client_terms import RIGHTS, add_terms, terms_of, warn_of_reach, words

NAME = "client create"
HELP = "Give a business system a key for the API; the secret is shown once."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The organisation, what it may do, for whom, and whose case numbers it reports."""
    parser.add_argument(
        "--organisation",
        required=True,
        metavar="CREDIT_CODE",
        help="unified social credit code of the organisation that the system belongs to",
    )
    parser.add_argument("--rights", required=True, metavar="RIGHT,RIGHT", help=RIGHTS)
    parser.add_argument(
        "--platform",
        default="",
        metavar="NAME",
        help="within which its case numbers are unique (default: the credit code); systems that report the "
        "same cases share it",
    )
    add_terms(parser)
    parser.add_argument("--json", action="store_true", help='print {"key": ..., "secret": ...}')


def run(arguments: argparse.Namespace) -> int:
    """Makes the client and prints its key and secret. Raises Refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.accounts.operations.clients import create_client
        from haochaping.foundation.clock import now

        issued = create_client(
            organisation=arguments.organisation.strip(),
            rights=words(arguments.rights),
            platform=arguments.platform,
            terms=terms_of(arguments),
            actor="command line",
            now=now(),
        )
    if arguments.json:
        print(json.dumps({"key": issued.key, "secret": issued.secret}))
    else:
        print(f"key:    {issued.key}\nsecret: {issued.secret}")
        print("The secret is not kept in readable form: store it now.", file=sys.stderr)
    if arguments.scope in (None, "platform") and not arguments.listed:
        warn_of_reach(issued.key)
    return 0
