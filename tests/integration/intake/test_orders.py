"""In whatever order and in however many calls a stream comes in, cases and occasions stand the same in the end.

A few orders; `./haochaping drill orders` takes 200.
"""

from datetime import datetime
from pathlib import Path
from random import Random

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.foundation.clock import CN
from haochaping.registry.operations import import_registry
from tests.integration.intake.conftest import RECEPTION
from tests.reporting import REGISTRY, expected, sample_lines, services
from tests.verdicts import second_city as city
from tests.verdicts.oracle import Oracle
from tests.verdicts.orders import of_registry, run
from tests.verdicts.stream import stream

ORDERS = 4
# All of the sample is too late for Kunming's five working days.
LONG_AGO = datetime(2026, 11, 1, tzinfo=CN)


def kunming() -> Oracle:
    return Oracle(of_registry(REGISTRY), RECEPTION, lambda _: LONG_AGO)


def imported(folder: Path) -> None:
    try:
        import_registry(directory=folder, now=RECEPTION, actor="test")
    finally:
        connection.close()  # this thread's own


def test_the_oracle_gives_every_line_of_the_sample_the_verdict_due() -> None:
    oracle = kunming()
    for line, (verdict, field) in zip(sample_lines(), expected(), strict=True):
        found = oracle.verdict(line.encode())
        assert found.verdict == verdict, line
        assert not field or field in found.fields


async def test_the_sample_in_many_orders(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    await sync_to_async(imported)(REGISTRY)
    lines = [line.encode() for line in sample_lines()]
    found = await run(await services(pool, lambda: RECEPTION), lines, kunming, orders=ORDERS, name="kunming")
    assert (found.orders, found.records) == (ORDERS, ORDERS * 506)
    assert found.disputed == 9
    assert found.compared > 700
    assert (found.wrong, found.otherwise) == ([], [])


async def test_a_second_city_in_many_orders(
    pool: "asyncpg.Pool[asyncpg.Record]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write(tmp_path / "registry", tmp_path / "rules")
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "rules"))
    await sync_to_async(imported)(tmp_path / "registry")
    served_by = await services(pool, lambda: city.NOW)
    found = await run(served_by, stream(Random(4), 400), city.oracle, orders=ORDERS, name="second")
    assert found.records == ORDERS * 400
    assert found.compared > 100
    assert all(found.verdicts[verdict] > ORDERS for verdict in ("accepted", "updated", "quarantined"))
    assert (found.wrong, found.otherwise) == ([], [])
