"""`migrate`: the database as this version of the program needs it."""

import argparse

from haochaping.cli.database import connected

NAME = "migrate"
HELP = (
    "Bring the database up to this version, and make the keys of a new one; nothing is lost by doing it twice. "
    "`up` and `worker` do it at each start, `door` and `web` never."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but --data."""


def run(arguments: argparse.Namespace) -> int:
    """Returns 0. Raises StartError when the database or its key is not there."""
    with connected(arguments):
        print("The database is as this version needs it.")
    return 0
