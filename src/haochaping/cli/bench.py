"""`./haochaping bench NAME`."""

import argparse

from haochaping.cli.trials import add_trial_arguments, run_trial

NAME = "bench"
HELP = "Measure the product against a yardstick in one run, and print a table."
FOLDER = "bench"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_trial_arguments(parser, FOLDER)


def run(arguments: argparse.Namespace) -> int:
    return run_trial(arguments, FOLDER)
