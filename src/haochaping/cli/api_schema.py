"""The OpenAPI description of the interface for business systems."""

import argparse
import json
from pathlib import Path

NAME = "api schema"
HELP = "print the OpenAPI description of the interface for business systems"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here (default: the terminal)")


def run(arguments: argparse.Namespace) -> int:
    """Always 0."""
    from haochaping.intake.api import ROUTES
    from haochaping.intake.openapi import description

    text = json.dumps(description(ROUTES), ensure_ascii=False, indent=1)
    if arguments.output:
        arguments.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0
