"""`./haochaping drill NAME`."""

import argparse

from haochaping.cli.trials import add_trial_arguments, run_trial

NAME = "drill"
HELP = "Break the product on purpose, count what was lost, and print a table."
FOLDER = "drills"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_trial_arguments(parser, FOLDER)


def run(arguments: argparse.Namespace) -> int:
    return run_trial(arguments, FOLDER)
