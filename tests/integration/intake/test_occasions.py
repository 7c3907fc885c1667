"""What reporting does, step by step: rateable, repeated, updated, conflicting, kept aside, healed."""

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from haochaping.cases.fragments import TAKE_TURN
from haochaping.cases.token import read
from haochaping.foundation.clock import CN
from haochaping.foundation.keys import key_for
from haochaping.intake.occasions import judge_and_store
from haochaping.intake.signature import Client
from tests.occasions import database_address
from tests.reporting import BASE_URL, Sender, expected, fields, sample_lines

Pool = "asyncpg.Pool[asyncpg.Record]"


@pytest.fixture
def fresh(sender: Sender) -> dict[str, Any]:
    """An occasion of this morning, still in progress."""
    served = sender.now[0].astimezone(CN) - timedelta(minutes=20)
    record: dict[str, Any] = json.loads(sample_lines()[0])
    del record["resultDate"]
    return record | {
        "projectNo": "F1",
        "proStatus": "2",
        "acceptDate": f"{served - timedelta(minutes=15):%Y-%m-%d %H:%M:%S}",
        "serviceTime": f"{served:%Y-%m-%d %H:%M:%S}",
    }


def done(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"proStatus": "3", "resultDate": record["serviceTime"]}


async def test_a_fresh_occasion_can_be_rated_for_five_working_days(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    (result,) = await sender.report(fresh)
    assert (result["verdict"], result["reasons"]) == ("accepted", [])
    assert (result["projectNo"], result["serviceNumber"], result["line"]) == ("F1", "1", 1)
    address, _, token = result["url"].rpartition("/")
    assert address == f"{BASE_URL}/r"
    occasion = read(token, key_for("rating token"))
    assert occasion.channel == 3
    waiting = await pool.fetchrow("SELECT * FROM cases_waiting")
    # Monday 23 November: Kunming's article 7 ends on Monday the 30th.
    assert dict(waiting) == {
        "id": occasion.occasion_id,
        "window_at": datetime(2026, 12, 1, tzinfo=CN).astimezone(UTC),
        "window_provisional": False,
        "default_at": datetime(2026, 12, 1, tzinfo=CN).astimezone(UTC),
        "default_provisional": False,
        "silence_level": 3,
        "after_default": False,
        "default_stays": False,
        "after_at": None,
        "after_provisional": False,
        "known_at": sender.now[0],
        "subject_id": None,
    }
    stored = await pool.fetchrow("SELECT * FROM cases_serviceoccasion")
    assert stored["id"] == occasion.occasion_id
    assert stored["profile"].startswith("kunming@")
    names = await pool.fetchrow(
        "SELECT w.code AS window, s.code AS staff FROM registry_window w, registry_staff s "
        "WHERE w.id = $1 AND s.id = $2",
        stored["window_id"],
        stored["staff_id"],
    )
    assert dict(names) == {"window": fresh["windowNo"], "staff": fresh["proManagerNo"]}
    delta = await pool.fetchrow("SELECT occasions, late, organisation_id FROM tallies_change")
    assert dict(delta) == {"occasions": 1, "late": 0, "organisation_id": stored["organisation_id"]}


async def test_the_address_stays_the_same(sender: Sender, fresh: dict[str, Any]) -> None:
    (first,) = await sender.report(fresh)
    repeated, updated = await sender.report(fresh, done(fresh))
    assert [repeated["verdict"], updated["verdict"]] == ["repeated", "updated"]
    assert repeated["url"] == updated["url"] == first["url"]
    sender.now[0] += timedelta(days=30)
    (later,) = await sender.report(fresh)
    assert later == repeated


async def test_a_late_report_is_taken_but_not_rated(sender: Sender, fresh: dict[str, Any]) -> None:
    sender.now[0] += timedelta(days=8)
    (late,) = await sender.report(fresh)
    assert (late["verdict"], late["url"]) == ("accepted", None)
    assert [reason["code"] for reason in late["reasons"]] == ["late"]
    (again,) = await sender.report(fresh)
    assert again == late | {"verdict": "repeated"}


async def test_the_window_closes_to_the_second(sender: Sender, fresh: dict[str, Any]) -> None:
    sender.now[0] = datetime(2026, 11, 30, 23, 59, 59, tzinfo=CN)
    (in_time,) = await sender.report(fresh)
    sender.now[0] += timedelta(seconds=1)
    (late,) = await sender.report(fresh | {"projectNo": "F2"})
    assert in_time["url"]
    assert late["url"] is None


STAND = """
SELECT service_day, organisation_id, hall_id, window_id, item_id, staff_id, count(*) FROM cases_serviceoccasion
GROUP BY 1, 2, 3, 4, 5, 6
"""
COUNTED = """
SELECT day, organisation_id, hall_id, window_id, item_id, staff_id, sum(occasions) FROM tallies_change
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(occasions) <> 0 AND sum(times) = sum(occasions)
"""


async def counted_where_they_stand(pool: Pool) -> None:
    stand, counted = await pool.fetch(STAND), await pool.fetch(COUNTED)
    assert {tuple(row) for row in counted} == {tuple(row) for row in stand}


async def test_staff_is_corrected_while_the_window_is_open(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    await sender.report(fresh)
    other = {"windowNo": "W530100000", "proManagerNo": "S530100000", "proManager": "周勇超"}
    assert await sender.verdicts(fresh | other) == ["updated"]
    stored = await pool.fetchrow(
        "SELECT w.code AS window, h.code AS hall, s.code AS staff FROM cases_serviceoccasion o "
        "JOIN registry_window w ON w.id = o.window_id JOIN registry_hall h ON h.id = o.hall_id "
        "JOIN registry_staff s ON s.id = o.staff_id"
    )
    assert dict(stored) == {"window": "W530100000", "hall": "H530100", "staff": "S530100000"}
    await counted_where_they_stand(pool)
    # Whether it was rated makes no difference to the sender.
    await pool.execute("DELETE FROM cases_waiting")
    assert await sender.verdicts(fresh | {"windowNo": "W530100001"}) == ["updated"]
    await counted_where_they_stand(pool)
    sender.now[0] += timedelta(days=8)
    (refused,) = await sender.report(fresh | {"windowNo": "W530102060", "proManager": "某某"})
    assert refused["verdict"] == "conflicting"
    assert "windowNo" in fields(refused)


async def test_a_result_does_not_touch_a_correction(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    await sender.report(fresh)
    corrected = fresh | {"windowNo": "W530100000"}
    assert await sender.verdicts(corrected, done(corrected)) == ["updated", "updated"]
    window = await pool.fetchval(
        "SELECT w.code FROM cases_serviceoccasion o JOIN registry_window w ON w.id = o.window_id"
    )
    assert window == "W530100000"


async def test_a_change_of_content_is_refused_with_its_fields(sender: Sender, fresh: dict[str, Any]) -> None:
    await sender.report(done(fresh))
    (backward, renamed) = await sender.report(
        fresh, done(fresh) | {"userName": "另一人", "projectName": "别的", "note": "新"}
    )
    assert backward["verdict"] == renamed["verdict"] == "conflicting"
    assert fields(backward) == ["proStatus", "resultDate"]
    assert fields(renamed) == ["note", "projectName", "userName"]
    assert "另一人" not in json.dumps(renamed, ensure_ascii=False)
    assert renamed["url"] is None


async def test_status_and_result_belong_to_the_case(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    second = fresh | {"serviceNumber": 2, "serviceName": "领取证件"}
    await sender.report(done(fresh))
    await sender.report(second)
    (case,) = await pool.fetch("SELECT id, status, result_at FROM cases_case")
    assert case["status"] == 3
    assert case["result_at"] is not None
    assert (
        await pool.fetchval("SELECT count(*) FROM cases_serviceoccasion WHERE case_id = $1", case["id"]) == 2
    )


async def test_a_quarantined_record_is_healed_by_a_corrected_one(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    dummy = fresh | {"userName": "无"}
    first, again = await sender.report(dummy, dummy)
    assert first["verdict"] == again["verdict"] == "quarantined"
    assert first["reasons"] == again["reasons"]
    assert fields(first) == ["userName"]
    assert await pool.fetchval("SELECT count(*) FROM cases_quarantinedoccasion WHERE closed_at IS NULL") == 1
    assert await sender.verdicts(fresh) == ["accepted"]
    assert await pool.fetchval("SELECT count(*) FROM cases_quarantinedoccasion WHERE closed_at IS NULL") == 0
    assert await sender.verdicts(dummy, fresh) == ["quarantined", "repeated"]
    assert await pool.fetchval("SELECT count(*) FROM cases_quarantinedoccasion") == 1


async def test_healed_within_one_call(sender: Sender, fresh: dict[str, Any], pool: Pool) -> None:
    await sender.report(fresh | {"certKey": "111111"}, fresh)
    kept = await pool.fetch("SELECT closed_at FROM cases_quarantinedoccasion")
    assert [row["closed_at"] for row in kept] == [sender.now[0]]


async def test_two_calls_at_once_with_the_same_key(sender: Sender, fresh: dict[str, Any], pool: Pool) -> None:
    answers = await asyncio.gather(*(sender.verdicts(fresh) for _ in range(8)))
    assert sorted(verdict for (verdict,) in answers) == ["accepted"] + ["repeated"] * 7
    assert await pool.fetchval("SELECT count(*) FROM cases_serviceoccasion") == 1


@pytest.mark.parametrize("seed", range(3))
async def test_another_order_ends_in_the_same_state(sender: Sender, pool: Pool, seed: int) -> None:
    """Except where two contents truly conflict: there the first one wins, so those are left out."""
    pairs = list(zip(sample_lines(), expected(), strict=True))
    conflicting = {
        json.loads(line)["projectNo"] for line, due in pairs if due == ("conflicting", "projectName")
    }
    lines = [
        line
        for line, due in pairs
        if due == ("rejected", "") or json.loads(line)["projectNo"] not in conflicting
    ]

    async def state() -> list[Any]:
        return [
            tuple(row)
            for row in await pool.fetch(
                "SELECT c.project_no, c.status, c.accepted_at, c.result_at, o.service_number, o.service_at, "
                "o.organisation_id, o.item_id, o.window_id, o.staff_id, o.late FROM cases_case c "
                "JOIN cases_serviceoccasion o ON o.case_id = c.id ORDER BY c.project_no, o.service_number"
            )
        ]

    await sender.report(*lines)
    due = await state()
    await pool.execute(
        "TRUNCATE cases_case, cases_serviceoccasion, cases_occasionkey, cases_occasionversion, cases_ratingunit, "
        "cases_quarantinedoccasion, identity_vaultrecord"
    )
    random.Random(seed).shuffle(lines)
    middle = len(lines) // 2
    await sender.report(*lines[:middle])
    await sender.report(*lines[middle:])
    assert await state() == due


async def test_reports_of_many_platforms_leave_connections_to_the_citizens(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    platforms = [f"platform {number}" for number in range(2 * pool.get_max_size())]
    clients = [Client(uuid4(), "KEY", 1, platform, frozenset({"report"})) for platform in platforms]
    busy = await asyncpg.connect(database_address())
    async with busy.transaction():
        for platform in platforms:
            await busy.execute(TAKE_TURN, platform)
        reports = [asyncio.create_task(judge_and_store(each, [], sender.services)) for each in clients]
        await asyncio.sleep(0.2)
        async with asyncio.timeout(5):
            assert await pool.fetchval("SELECT 1") == 1
        assert not any(report.done() for report in reports)
    await asyncio.gather(*reports)
    await busy.close()
