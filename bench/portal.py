"""Milliseconds of the public front page at 200 requests a second, alone and beside ratings at half their own rate."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Final

import asyncpg
import uvloop

from bench.rating import load
from haochaping.cases.token import mint
from haochaping.cli import demo
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.progress import Say

QR_CODE: Final = 3
A_SECOND: Final = 200
CONNECTIONS: Final = 64
MOST_MS: Final = 50
PAGE: Final = (200, b"figure-rated")
RECEIPT: Final = (201, b'class="code">')
SECONDS, QUICK_SECONDS = 30, 3
FULL_SPEED, QUICK_FULL_SPEED = 20_000, 1_000


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Thirty seconds each of a city with figures for every organisation of 60 days, or three."""
    seconds, many = (QUICK_SECONDS, QUICK_FULL_SPEED) if quick else (SECONDS, FULL_SPEED)
    with stage(say) as set_up:
        from haochaping.registry.operations import import_registry

        import_registry(directory=demo.CITY, now=now(), actor="bench")
        _count_something()
        # As many as could be rated in all that time at a rate that no machine of ours has reached.
        ids = uvloop.run(_prepare(set_up, many + seconds * 10_000))
        key = key_for("rating token")
        tokens = iter([mint(each, QR_CODE, key) for each in ids])
        set_up.start_everything()
        say("ratings alone, to learn their rate")
        forms = [load.form(next(tokens)) for _ in range(many)]
        full = load.drive(set_up.port, forms, expect=RECEIPT, connections=CONNECTIONS)
        pages = [load.get("/") for _ in range(A_SECOND * seconds)]
        say("pages alone")
        alone = load.drive(set_up.port, pages, expect=PAGE, connections=CONNECTIONS // 2, rate=A_SECOND)
        say("pages beside ratings")
        half = full.rate / 2
        sent = [load.form(each) for each in tokens]
        beside, rated = load.drive_together(
            set_up.port,
            load.Stream(pages, PAGE, CONNECTIONS // 2, A_SECOND),
            load.Stream(sent, RECEIPT, CONNECTIONS // 2, half),
        )
    return [
        Figure("pages alone: p95", _tenths(alone.percentile(0.95)), "ms"),
        _judged("pages beside ratings: p95", beside, quick=quick),
        Figure("pages beside ratings: a second", _tenths(beside.rate), "pages/s"),
        Figure("ratings meanwhile", _tenths(rated.rate), "ratings/s", _tenths(full.rate), None),
        Figure("ratings meanwhile: p99", _tenths(rated.percentile(0.99)), "ms"),
    ]


def _judged(name: str, told: load.Told, *, quick: bool) -> Figure:
    found = told.percentile(0.95)
    if quick:
        return Figure(name, _tenths(found), "ms")
    return Figure(name, _tenths(found), "ms", goal=f"value <= {MOST_MS}", goal_met=found <= MOST_MS)


def _count_something() -> None:
    """Figures of every organisation for sixty days."""
    from django.db import connection

    from haochaping.registry import queries as registry
    from haochaping.tallies.operations import fold

    today = local_day(now())
    rows = [
        (each.id, today - timedelta(days=day)) for each in registry.organisations(today) for day in range(60)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tallies_change (organisation_id, day, occasions, n5, n4, n1) VALUES (%s, %s, 90, 60, 9, 1)",
            rows,
        )
    while fold(limit=50_000):
        pass


async def _prepare(set_up: Stage, count: int) -> list[uuid.UUID]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        return await open_occasions(connection, count=count, now=now())
    finally:
        await connection.close()


def _tenths(number: float) -> Decimal:
    return Decimal(number).quantize(Decimal("0.1"))
