"""`./haochaping simulate`: fills the demo's city with a past."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from haochaping.cli.database import connected, say
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import now as present

if TYPE_CHECKING:
    from haochaping.simulation.operations import Report
    from haochaping.simulation.runs import Asked

NAME = "simulate"
HELP = (
    "Simulate the past of the demo's city: services, ratings, silence, work orders, objections, revisits. The same seed "
    "makes the same city; killed, the same words go on with it."
)
_YEAR: Final = 365


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ratings", type=_positive, default=20_000, metavar="N", help="about how many ratings (20000)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same city (1)"
    )
    parser.add_argument(
        "--shape",
        default="demo",
        metavar="NAME",
        help="what the city is like: demo, guangdong, tianjin (src/haochaping/simulation/shapes)",
    )
    parser.add_argument("--days", type=_positive, default=60, metavar="N", help="over so many days (60)")
    parser.add_argument(
        "--years", type=_positive, metavar="N", help="over so many years of 365 days, instead of --days"
    )
    parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the last day (yesterday)")
    parser.add_argument(
        "--remove", action="store_true", help="take the simulated city away; refused beside anything real"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Raises NotFound when the registry is empty, or there is no city to take away; Conflict where none may be made."""
    with connected(arguments):
        from haochaping.simulation.removal import remove
        from haochaping.simulation.runs import Asked

        if arguments.remove:
            remove(now=present())
            return 0
        days = arguments.years * _YEAR if arguments.years else arguments.days
        asked = Asked(arguments.ratings, arguments.seed, arguments.shape, days, arguments.until)
        report = simulate_city(asked, now=present())
    if arguments.json:
        print(json.dumps(asdict(report)))
    else:
        print(
            f"{report.occasions} services, {report.ratings} ratings ({report.bad} bad), {report.defaults} defaults, "
            f"{report.late} reported late; {report.orders} work orders, {report.acts} acts on them, "
            f"{report.objections} objections, {report.revisits} revisits\ndigest {report.digest}"
        )
    return 0


def simulate_city(asked: "Asked", *, now: datetime) -> "Report":
    """Simulates through the door's own services. Needs django.setup(). Raises NotFound and Conflict."""
    from haochaping.simulation.operations import simulate

    with asyncio.Runner() as runner, intake_services(runner) as services:
        return simulate(asked, now=now, services=services, runner=runner, say=say)


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000000")
    return int(text)
