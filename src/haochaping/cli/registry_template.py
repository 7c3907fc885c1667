"""`registry template`: a workbook for the registry, empty or as it stands."""

import argparse
from pathlib import Path

from haochaping.cli.exports import new_file

NAME = "registry template"
HELP = "Write a workbook for the registry: empty to be filled in, or with what stands in it, to be edited and imported."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and with what."""
    parser.add_argument(
        "--output",
        type=new_file(".xlsx"),
        metavar="FILE.xlsx",
        default=None,
        help="the file to write (default: registry.xlsx here)",
    )
    parser.add_argument(
        "--filled", action="store_true", help="with every record of the registry as it stands"
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the file and names it."""
    from haochaping.cli.database import connected, say
    from haochaping.foundation.sheets.workbook_writing import write_workbook
    from haochaping.starter.progress import step

    path: Path = arguments.output or _default(arguments.parser)
    with connected(arguments):
        from haochaping.registry.queries.workbook import registry_workbook

        with step(say, f"Writing {path}"):
            write_workbook(path, registry_workbook(filled=arguments.filled))
    print(path)
    return 0


def _default(parser: argparse.ArgumentParser) -> Path:
    try:
        return new_file(".xlsx")("registry.xlsx")
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
