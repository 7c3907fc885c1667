"""`web`: the console and the portal alone."""

import argparse

from haochaping.cli import port
from haochaping.cli.alone import become
from haochaping.cli.programs import WORKERS, web_command

NAME = "web"
HELP = (
    "Run the console and the portal alone. Listens on the socket that systemd hands over, else on --host and --port. "
    "Needs DATABASE_URL; `up` starts everything together."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port.number, default=8001, help="the port (default: 8001)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"processes (default: {WORKERS})")


def run(arguments: argparse.Namespace) -> int:
    """Does not come back: the process becomes the server, which finds a socket handed over by itself. Raises StartError."""
    place = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    become(web_command("--bind", f"{place}:{arguments.port}", workers=arguments.workers), arguments)
