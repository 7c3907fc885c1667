"""For whom a client may report; a record of somebody else is refused for itself alone."""

import json
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import Terms, change_client, create_client
from haochaping.accounts.operations.keys import IssuedKey
from haochaping.intake.quarantine_api import own_quarantine
from tests.reporting import Sender, expected, sample_lines, signed

CITY_OFFICE = "11535863MB36169043"  # an authority: 昆明市政务服务管理局


def records() -> list[dict[str, Any]]:
    """Accepted records of several organisations, the first two of different ones."""
    found: dict[str, dict[str, Any]] = {}
    for line, (verdict, _) in zip(sample_lines(), expected(), strict=True):
        if verdict == "accepted":
            record = json.loads(line)
            found.setdefault(record["deptCode"], record)
    return list(found.values())


async def other(
    sender: Sender, organisation: str, rights: tuple[str, ...] | list[str] = ("report",), **terms: Any
) -> Sender:
    """A second client of the same platform, with these rights and terms."""

    def act() -> IssuedKey:
        try:
            return create_client(
                organisation=organisation,
                rights=rights,
                platform=CITY_OFFICE,
                terms=Terms(**terms),
                actor="test",
                now=sender.now[0],
            )
        finally:
            connection.close()

    return Sender(await sync_to_async(act)(), sender.services, sender.now)


async def results(sender: Sender, *sent: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (each["verdict"], [f"{reason['field']}:{reason['code']}" for reason in each["reasons"]])
        for each in await sender.report(*sent)
    ]


@pytest.fixture
def two(sender: Sender) -> tuple[dict[str, Any], dict[str, Any]]:
    mine, theirs = records()[:2]
    assert mine["deptCode"] != theirs["deptCode"]
    return mine, theirs


async def test_its_own_organisation_and_no_other(
    sender: Sender, two: tuple[dict[str, Any], dict[str, Any]], pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    mine, theirs = two
    narrow = await other(sender, mine["deptCode"], reach="own")
    assert await results(narrow, theirs, mine, theirs) == [
        ("rejected", ["deptCode:out_of_scope"]),
        ("accepted", ["serviceTime:late"]),
        ("rejected", ["deptCode:out_of_scope"]),
    ]
    assert await pool.fetchval("SELECT count(*) FROM identity_vaultrecord") == 1


async def test_what_is_known_is_not_told_to_who_may_not_report_it(
    sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """Neither that a record is there nor in what it differs."""
    mine, theirs = two
    narrow = await other(sender, mine["deptCode"], reach="own")
    await sender.report(theirs)
    guess = mine | {"projectNo": theirs["projectNo"], "serviceNumber": theirs["serviceNumber"]}
    assert await results(narrow, theirs, guess) == [
        ("rejected", ["deptCode:out_of_scope"]),
        ("rejected", ["projectNo:out_of_scope"]),
    ]


async def test_a_list_of_organisations(sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]) -> None:
    mine, theirs = two
    listed = await other(sender, CITY_OFFICE, reach="listed", listed=[theirs["deptCode"]])
    assert [verdict for verdict, _ in await results(listed, mine, theirs)] == ["rejected", "accepted"]


async def test_an_authority_reaches_its_division_and_those_below(sender: Sender) -> None:
    every = records()
    city = await other(sender, CITY_OFFICE, reach="own")
    assert {verdict for verdict, _ in await results(city, *every)} == {"accepted"}


async def test_an_authority_does_not_reach_beside_or_above(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    rows = await pool.fetch(
        "SELECT o.credit_code AS code, d.code AS division FROM registry_organisationrecord r "
        "JOIN registry_organisation o ON o.id = r.organisation_id JOIN registry_division d ON d.id = r.division_id "
        "WHERE r.kind = 'authority' AND d.code <> '530100'"
    )
    authority = rows[0]
    county = await other(sender, authority["code"], reach="own")
    within = [record for record in records() if record["areaCode"][:6] == authority["division"]]
    beyond = [record for record in records() if record["areaCode"][:6] != authority["division"]]
    assert {verdict for verdict, _ in await results(county, *within)} == {"accepted"}
    assert {verdict for verdict, _ in await results(county, *beyond)} == {"rejected"}


async def test_an_unknown_organisation_is_for_the_quarantine(
    sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    mine, _ = two
    narrow = await other(sender, mine["deptCode"], reach="own")
    stranger = mine | {"deptCode": "91110000600037341L", "projectNo": "S1"}
    ((verdict, reasons),) = await results(narrow, stranger)
    assert verdict == "quarantined"
    assert "deptCode:unknown_organisation" in reasons


async def test_malformed_comes_first(sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]) -> None:
    mine, theirs = two
    narrow = await other(sender, mine["deptCode"], reach="own")
    ((verdict, reasons),) = await results(narrow, theirs | {"serviceNumber": "0"})
    assert (verdict, reasons) == ("rejected", ["serviceNumber:positive_integer"])


async def test_a_scope_is_narrowed_from_the_next_call_on(
    sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    mine, theirs = two
    wide = await other(sender, mine["deptCode"])
    assert [verdict for verdict, _ in await results(wide, theirs)] == ["accepted"]

    def narrow() -> None:
        try:
            change_client(client=wide.issued.key, terms=Terms(reach="own"), now=sender.now[0], actor="test")
        finally:
            connection.close()

    await sync_to_async(narrow)()
    assert [verdict for verdict, _ in await results(wide, theirs, mine)] == ["rejected", "accepted"]


async def test_the_quarantine_shows_a_narrow_client_its_own_alone(
    sender: Sender, two: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    mine, theirs = two

    async def seen(who: Sender) -> tuple[int, list[str]]:
        asked = signed(who.issued, b"", who.now[0], method="GET", path="/api/v1/quarantine")
        response = await own_quarantine(asked, who.services)
        records = json.loads(response.body).get("records", [])
        # Those of one millisecond come in any order.
        return response.status, sorted(each["projectNo"] for each in records)

    narrow = await other(sender, mine["deptCode"], reach="own")
    await narrow.report(mine | {"userName": "无", "projectNo": "N1"})
    await sender.report(theirs | {"userName": "无", "projectNo": "S1"})
    assert await seen(narrow) == (200, ["N1"])
    assert await seen(sender) == (200, ["N1", "S1"])
    reader = await other(sender, CITY_OFFICE, rights=["quarantine"])
    assert await seen(reader) == (200, ["N1", "S1"])
    assert (await reader.post(b"{}")).status == 403
    rater = await other(sender, CITY_OFFICE, rights=["rate"], limits={"calls": 1, "calls_burst": 1})
    assert (await seen(rater))[0] == 403
    assert (await seen(rater))[0] == 429
