"""`./haochaping simulate`: fills the registry's city with a past, relative to today."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from haochaping.cli.database import connected, say
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import now as present

if TYPE_CHECKING:
    from haochaping.simulation.operations import Report

NAME = "simulate"
HELP = "Simulate the last 60 days of the registry's city: occasions, ratings, defaults, work orders, relative to today."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ratings", type=_positive, default=20_000, metavar="N", help="about how many ratings (20000)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same content (1)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Raises NotFound when the registry is empty."""
    with connected(arguments):
        report = simulate_city(ratings=arguments.ratings, seed=arguments.seed, now=present())
    if arguments.json:
        print(json.dumps(asdict(report)))
    else:
        print(
            f"{report.occasions} occasions, {report.ratings} ratings ({report.bad} bad), {report.defaults} defaults, "
            f"{report.orders} work orders, {report.acts} acts on them"
        )
    return 0


def simulate_city(*, ratings: int, seed: int, now: datetime) -> "Report":
    """Simulates through the door's own services. Needs django.setup(). Raises NotFound without a registry."""
    from haochaping.simulation.operations import simulate
    from haochaping.simulation.sender import sender

    client = sender(now=now)
    with asyncio.Runner() as runner, intake_services(runner) as services:
        return simulate(
            ratings=ratings, seed=seed, now=now, services=services, client=client, runner=runner, say=say
        )


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000000")
    return int(text)
