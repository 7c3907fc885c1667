"""`client key add`: one more key for a client; those that it has stay good."""

import argparse
import json
import sys

NAME = "client key add"
HELP = "Give a client one more key beside those it has; the secret is shown once."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The client."""
    parser.add_argument("client", metavar="CLIENT", help="its id or any of its keys (client list)")
    parser.add_argument("--json", action="store_true", help='print {"key": ..., "secret": ...}')


def run(arguments: argparse.Namespace) -> int:
    """Makes the key and prints it. Raises Refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.accounts.operations.keys import add_key
        from haochaping.foundation.clock import now

        issued = add_key(client=arguments.client, actor="command line", now=now())
    if arguments.json:
        print(json.dumps({"key": issued.key, "secret": issued.secret}))
    else:
        print(f"key:    {issued.key}\nsecret: {issued.secret}")
    print(
        "The secret is not kept in readable form: store it now. When the system uses it, end the old key: "
        "./haochaping client key end KEY",
        file=sys.stderr,
    )
    return 0
