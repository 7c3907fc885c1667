"""`client dialect show`: a client's dialect as it was handed in."""

import argparse
import sys

NAME = "client dialect show"
HELP = "Print an edition of a client's dialect as it was handed in, and list all editions."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The client, and which edition."""
    parser.add_argument("client", metavar="CLIENT", help="its id or any of its keys (client list)")
    parser.add_argument("--edition", type=int, metavar="N", help="default: the last one")


def run(arguments: argparse.Namespace) -> int:
    """Prints the text; the list of editions goes beside it. 1 when there is no such edition. Raises Refused."""
    from haochaping.cli.database import connected
    from haochaping.foundation.clock import CN

    with connected(arguments):
        from haochaping.accounts.queries.clients import dialects_of

        editions = dialects_of(client=arguments.client)
    for one in editions:
        print(
            f"edition {one.edition}: in force from {one.in_force_from.astimezone(CN):%Y-%m-%d %H:%M:%S}",
            file=sys.stderr,
        )
    wanted = arguments.edition or len(editions)
    shown = next((one for one in editions if one.edition == wanted), None)
    if shown is None:
        print("there is no such edition" if editions else "this client has no dialect", file=sys.stderr)
        return 1
    print(shown.text, end="" if shown.text.endswith("\n") else "\n")
    return 0
