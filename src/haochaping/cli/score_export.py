"""`score export`: a run as a workbook, CSV or JSON, for the yearly assessment."""

import argparse

from haochaping.cli.database import connected
from haochaping.cli.exports import export_file, write_export

NAME = "score export"
HELP = "Write a score run to a new .xlsx, .csv or .json file: scores and ranks, the figures beside them, every intermediate."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, where to."""
    parser.add_argument("run", metavar="RUN", help="the number of the run, DF...")
    parser.add_argument("file", type=export_file, metavar="FILE", help="a new .xlsx, .csv or .json file")


def run(arguments: argparse.Namespace) -> int:
    """0 when the file is written. Raises NotFound."""
    with connected(arguments):
        from haochaping.scoring.exports import tables
        from haochaping.scoring.queries.runs import everything

        write_export(arguments.file, *tables(*everything(arguments.run)))
    return 0
