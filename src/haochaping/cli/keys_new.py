"""`keys new`: a master key for installations that keep it in the environment or in hardware."""

import argparse
import os
import secrets
from dataclasses import replace

from haochaping.cli.key_files import fresh_master
from haochaping.foundation.keys import masters_of, read_ring, written
from haochaping.foundation.masters import MASTER_SIZE, Ring, seal_root

NAME = "keys new"
HELP = "Print a new HAOCHAPING_MASTER_KEY; with hardware (HAOCHAPING_MASTER_MODULE) only the root secret that it wraps."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--successor",
        action="store_true",
        help="keep the root secret of the present key: for the next master key of an installation in use",
    )


def run(arguments: argparse.Namespace) -> int:
    """Returns 0. Raises KeyMissing for a successor of no key. Touches neither files nor the database."""
    present = {**os.environ, "HAOCHAPING_DATA": str(arguments.data)}
    root = read_ring(present).root() if arguments.successor else secrets.token_bytes(MASTER_SIZE)
    if module := os.environ.get("HAOCHAPING_MASTER_MODULE"):
        ring = Ring(masters_of(module, os.environ)[0])
    else:
        ring = Ring(fresh_master())
    print(written(replace(ring, sealed_root=seal_root(ring.current, root))))
    return 0
