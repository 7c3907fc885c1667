"""`client dialect set`: the next edition of a client's dialect."""

import argparse
from pathlib import Path

from haochaping.cli.client_dialect_check import checked
from haochaping.cli.client_key_end import instant

NAME = "client dialect set"
HELP = "Take over the next edition of a client's dialect, in force at once or from an instant to come."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The client, the file, and from when."""
    parser.add_argument("client", metavar="CLIENT", help="its id or any of its keys (client list)")
    parser.add_argument("file", type=Path, metavar="FILE", help="the dialect (docs/dialects.md)")
    parser.add_argument(
        "--from",
        dest="start",
        type=instant,
        metavar="TIME",
        help="yyyy-MM-ddTHH:mm, Asia/Shanghai (default: now); records received from then on are read by it",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when it was stored, 1 when the file has mistakes. Raises Refused."""
    from haochaping.cli.database import connected

    text = checked(arguments.file)
    if text is None:
        return 1
    with connected(arguments):
        from haochaping.accounts.operations.dialects import set_dialect
        from haochaping.foundation.clock import now

        _, edition = set_dialect(
            client=arguments.client, text=text, in_force_from=arguments.start, actor="command line", now=now()
        )
    print(f"edition {edition} is stored")
    return 0
