"""`door`: the fast door alone."""

import argparse

from haochaping.cli import port
from haochaping.cli.alone import HANDED_OVER, become, handed_over
from haochaping.cli.programs import door_command

NAME = "door"
HELP = (
    "Run the fast door alone: the citizens' pages and the interfaces, no other page. Listens on the socket that systemd "
    "hands over, else on --host and --port. Needs DATABASE_URL; `up` starts everything together."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port.number, default=8000, help="the port (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")


def run(arguments: argparse.Namespace) -> int:
    """Does not come back: the process becomes the server. Raises StartError."""
    given = ("--host", arguments.host, "--port", str(arguments.port))
    become(door_command(*(("--fd", str(HANDED_OVER)) if handed_over() else given)), arguments)
