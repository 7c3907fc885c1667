"""`publication verify`: checks what was published, here or out of files that somebody kept."""

import argparse
import json
import sys
from pathlib import Path

from haochaping.cli.database import connected
from haochaping.publication.chain import broken

NAME = "publication verify"
HELP = "Check that publications are as they were published and none is missing: all that are kept here, or files."

_WORDS = {
    "altered": "is not what its digest was made of",
    "before": "does not follow the one before it",
    "missing": "comes after one that is not there",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="downloaded .json files, in the order of their numbers",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all fits, 1 when not. No database is needed for files."""
    if arguments.files:
        said = [json.loads(file.read_text(encoding="utf-8")) for file in arguments.files]
        chain = sorted(
            ((each["record"], each["digest"]) for each in said), key=lambda one: one[0]["sequence"]
        )
        found, number = list(broken(chain)), len(chain)
    else:
        with connected(arguments):
            from haochaping.publication.queries.publications import chain_broken, number_of_publications

            found, number = list(chain_broken()), number_of_publications()
    for each in found:
        print(f"{each.number} {_WORDS[each.why]}", file=sys.stderr)
    if not found:
        print(f"{number} publications, all as they were published")
    return 1 if found else 0
