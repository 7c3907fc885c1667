"""`client key end`: a key is revoked at once, or ends at an instant to come."""

import argparse
from datetime import datetime

NAME = "client key end"
HELP = "End a key: at once, or at an instant to come."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The key, and when."""
    parser.add_argument("key", metavar="KEY", help="the key (client list)")
    parser.add_argument(
        "--at", type=instant, metavar="TIME", help="yyyy-MM-ddTHH:mm, Asia/Shanghai (default: now)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Ends it and says when. Raises Refused."""
    from haochaping.cli.database import connected
    from haochaping.foundation.clock import CN, now

    with connected(arguments):
        from haochaping.accounts.operations.keys import end_key

        end = end_key(key=arguments.key, at=arguments.at, actor="command line", now=now())
    print(f"{arguments.key} ends at {end.astimezone(CN):%Y-%m-%d %H:%M:%S} (Asia/Shanghai)")
    return 0


def instant(text: str) -> datetime:
    """An instant for argparse, in Asia/Shanghai unless it says otherwise. Raises ArgumentTypeError."""
    from haochaping.foundation.clock import CN

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-12-01T18:00") from None
    return at if at.tzinfo else at.replace(tzinfo=CN)
