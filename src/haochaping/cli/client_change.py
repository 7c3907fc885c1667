"""`client change`: other rights, another scope, clock or limits for a client."""

import argparse

from haochaping.cli.client_terms import RIGHTS, add_terms, terms_of

NAME = "client change"
HELP = "Lay down other rights, another scope, clock tolerance or limits for a client, from the next call on."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The client, and what is to be otherwise."""
    parser.add_argument("client", metavar="CLIENT", help="its id or any of its keys (client list)")
    parser.add_argument("--rights", metavar="RIGHT,RIGHT", help=RIGHTS)
    add_terms(parser)


def run(arguments: argparse.Namespace) -> int:
    """Changes it and says so. Raises Refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.accounts.operations.clients import change_client
        from haochaping.foundation.clock import now

        terms = terms_of(arguments, arguments.rights)
        change_client(client=arguments.client, terms=terms, actor="command line", now=now())
    print("changed: see `haochaping client list`")
    return 0
