"""Ratings a second of the set-based part of a simulated city: services, ratings, silence, all that hangs on them.

HAOCHAPING_BENCH_RATINGS is another number of ratings.
"""

import asyncio
import os
import time
from decimal import Decimal
from typing import Final

from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import stage
from haochaping.foundation.clock import now
from haochaping.starter.progress import Say

RATINGS, QUICK_RATINGS = 1_000_000, 20_000
YEARS: Final = 2
GOAL: Final = 20_000


def run(*, quick: bool, say: Say) -> list[Figure]:
    """A million ratings over two years like Guangdong's bulletin, or 20,000. The reference is how many of the services were
    stored, rated or not."""
    ratings = int(os.environ.get("HAOCHAPING_BENCH_RATINGS", QUICK_RATINGS if quick else RATINGS))
    with stage(say):
        from haochaping.cli.intake_services import intake_services
        from haochaping.registry.operations import import_registry
        from haochaping.simulation.operations import fill_all, ground_of
        from haochaping.simulation.runs import Asked, begin

        import_registry(directory=demo.CITY, now=now(), actor="bench")
        asked = Asked(ratings, shape="guangdong", days=365 * YEARS)
        with asyncio.Runner() as runner, intake_services(runner) as services:
            at = now()
            filling = begin(asked, now=at)
            ground = ground_of(filling, services)
            begun = time.perf_counter()
            filled, digest = fill_all(ground, filling, runner, at, say)
            seconds = Decimal(time.perf_counter() - begun)
    if not digest or filled.ratings < ratings * 9 // 10:
        raise CouldNotRun(f"{filled.ratings} ratings were stored, not {ratings}")
    rate = (filled.ratings / seconds).quantize(Decimal(1))
    services_rate = (filled.occasions / seconds).quantize(Decimal(1))
    return [
        Figure(
            "ratings of a simulated city, set-based",
            rate,
            "ratings/s",
            services_rate,
            (rate / services_rate).quantize(Decimal("0.01")),
            f"value >= {GOAL}" if not quick else "",
            rate >= GOAL if not quick else None,
        )
    ]
