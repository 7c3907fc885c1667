"""A business system with all its rights learns nothing of a report of pressure; nor does a dump, nor a log."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from haochaping.intake.quarantine_api import own_quarantine
from tests.integration.faces.citizen.test_pressure import NAME, PHONE, STORY
from tests.integration.intake.town import Town, rules
from tests.reporting import signed

MakeTown = Callable[[str], Awaitable[Town]]
CANARIES = (NAME, PHONE, STORY)
ORDER = "ZBUNSEEN"
# What differs between any two services.
OWN = re.compile(
    r"T[12]\b|/r/[0-9A-Z]+|\"(?:reference|number|secret|receiptNumber|receiptSecret)\": ?\"[^\"]*\""
)


async def reported(town: Town, path: str) -> None:
    form = await town.citizen.fill(
        f"{path}/pressure", matters="retaliation", text=STORY, name=NAME, phone=PHONE, consent="1"
    )
    assert (await town.citizen.post(f"{path}/pressure", form)).status == 201


async def everything_told(town: Town, record: dict[str, Any], path: str) -> list[str]:
    """All that the business system can be told of a service: repeated, corrected, rated through the interface, twice."""
    said: list[str] = []
    for each in (record, record | {"resultDate": "2026-11-24 10:00:00", "proStatus": "3"}, record):
        said += [str(result) for result in await town.sender.report(each)]
    for _ in range(2):
        rated = await town.rate_by_api(urlsplit(path).path)
        said.append(f"{rated.status} {rated.body.decode()}")
    asked = signed(town.sender.issued, b"", town.sender.now[0], method="GET", path="/api/v1/quarantine")
    kept = await own_quarantine(asked, town.sender.services)
    said.append(f"{kept.status} {kept.body.decode()}")
    return said


async def test_it_is_told_the_same_of_a_service_with_a_report_and_of_one_without(
    make_town: MakeTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    town = await make_town(rules())
    town.at(11, 24)
    records = [town.served(11, 24), town.served(11, 24)]
    paths = [await town.report(each) for each in records]
    await reported(town, str(paths[0]))
    # The authority has opened its own order for it: that changes nothing for anybody else.
    await town.citizen.database.execute(
        "UPDATE oversight_pressurereport SET state = 'measured', verdict = 'founded', order_number = $1",
        ORDER,
    )
    told = [
        await everything_told(town, record, str(path)) for record, path in zip(records, paths, strict=True)
    ]
    plain = [[OWN.sub("", each) for each in one] for one in told]
    assert [len(one) for one in plain] == [6, 6]
    assert [each[:3] for each in plain[0][3:5]] == ["201", "410"]
    assert plain[0] == plain[1]
    assert all(canary not in each for canary in (*CANARIES, ORDER) for one in told for each in one)
    assert all(canary not in caplog.text for canary in (*CANARIES, ORDER))
    await nowhere_in_the_tables(town)


async def nowhere_in_the_tables(town: Town) -> None:
    database = town.citizen.database
    tables = [
        row["tablename"]
        for row in await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    assert "oversight_pressurereport" in tables
    hidden = [form for canary in CANARIES for form in (canary, canary.encode().hex())]
    for table in tables:
        for row in await database.fetch(f'SELECT t::text AS line FROM "{table}" AS t'):  # noqa: S608
            assert not [form for form in hidden if form in row["line"]], table
