"""Sends two streams in 200 orders, whole and in calls: the verdicts are those due, and the end is the same each time."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from haochaping.cli import demo
from haochaping.cli.figures import Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import stage
from haochaping.foundation.clock import CN
from haochaping.starter.progress import Say
from tests.verdicts import orders as playing
from tests.verdicts import second_city as city
from tests.verdicts.oracle import Oracle
from tests.verdicts.orders import Orders, of_registry
from tests.verdicts.stream import stream

SAMPLE = Path(__file__).resolve().parents[1] / "tests/data/kunming/occasions.ndjson"
LENGTH = 600
# All of the sample is too late for Kunming's five working days.
LONG_AGO = datetime(2026, 11, 1, tzinfo=CN)


@dataclass(frozen=True, slots=True)
class City:
    """A stream with its registry and what is due."""

    name: str
    registry: Path
    lines: Sequence[bytes]
    oracle: Callable[[], Oracle]


def run(*, quick: bool, say: Say) -> list[Figure]:
    """200 orders of each stream, or 5."""
    orders = 5 if quick else 200
    found = []
    with stage(say) as set_up:
        folder = set_up.layout.data / "second-city"
        city.write(folder / "registry", folder / "rules")
        os.environ["HAOCHAPING_RULES_DIR"] = str(folder / "rules")
        for each in _cities(folder / "registry"):
            say(f"{each.name}: {len(each.lines)} lines in {orders} orders")
            found += _figures(each.name, _played(each, orders))
    return found


def _cities(registry: Path) -> list[City]:
    sample = SAMPLE.read_bytes().splitlines()
    kunming = of_registry(demo.CITY)
    careless = stream(Random(20_261_123), LENGTH)  # noqa: S311 - invented records, the same each time
    return [
        City("the sample", demo.CITY, sample, lambda: Oracle(kunming, city.NOW, lambda _: LONG_AGO)),
        City("a second city", registry, careless, city.oracle),
    ]


def _played(each: City, orders: int) -> Orders:
    from haochaping.registry.operations import import_registry

    import_registry(directory=each.registry, now=city.NOW - timedelta(days=1), actor="drill")
    with asyncio.Runner() as runner, intake_services(runner) as services:
        at_the_time = replace(services, now=lambda: city.NOW)
        return runner.run(
            playing.run(at_the_time, each.lines, each.oracle, orders=orders, name=each.name[:20])
        )


def _figures(name: str, found: Orders) -> list[Figure]:
    return [
        Figure(f"{name}: orders", found.orders, "orders"),
        Figure(f"{name}: records judged", found.records, "records"),
        Figure(f"{name}: another verdict than due", len(found.wrong), "records", goal="value = 0",
               goal_met=not found.wrong),
        Figure(f"{name}: cases and occasions compared", found.compared, "rows", goal="value > 0",
               goal_met=found.compared > 0),
        Figure(f"{name}: cases of which two contents conflict", found.disputed, "cases"),
        Figure(f"{name}: rows that stand otherwise in another order", len(found.otherwise), "rows",
               goal="value = 0", goal_met=not found.otherwise),
    ]  # fmt: skip
