"""`worker`: the jobs that run by themselves."""

import argparse
import sys

NAME = "worker"
HELP = (
    "Run the jobs: counts and orders every second, defaults every minute, purges and checks. `up` starts it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when it was asked to stop by SIGTERM or SIGINT, 1 where no rules can be used."""
    from haochaping.cli.database import connected
    from haochaping.policy.keeping import keeper
    from haochaping.policy.sources import RulesError

    with connected(arguments):
        from haochaping.jobs.work import work

        try:
            keeper()
        except RulesError as error:
            print("\n".join(map(str, error.mistakes)), file=sys.stderr)
            print("haochaping: without rules no job can run", file=sys.stderr)
            return 1
        work()
    return 0
