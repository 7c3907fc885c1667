"""`client end`: a business system may no longer call."""

import argparse

NAME = "client end"
HELP = "End a client for good: none of its keys is accepted any more, at once."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The client."""
    parser.add_argument("client", metavar="CLIENT", help="its id or any of its keys (client list)")


def run(arguments: argparse.Namespace) -> int:
    """Ends it. Raises Refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.accounts.operations.clients import end_client
        from haochaping.foundation.clock import now

        end_client(client=arguments.client, actor="command line", now=now())
    print("ended")
    return 0
