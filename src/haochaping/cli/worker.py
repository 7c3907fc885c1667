"""`worker`: the jobs that run by themselves."""

import argparse

NAME = "worker"
HELP = (
    "Run the jobs: counts and orders every second, defaults every minute, purges and checks. `up` starts it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when it was asked to stop by SIGTERM or SIGINT."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.jobs.work import work

        work()
    return 0
