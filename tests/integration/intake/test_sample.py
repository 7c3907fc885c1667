"""The sample of four careless senders: for every line the verdict that is due, in one call and in many."""

import json
from collections import Counter
from datetime import UTC, datetime

import asyncpg

from tests.reporting import Sender, expected, fields, sample_lines

DUE = list(expected())
# Sent again, every line that was taken is repeated; all others get the verdict they got.
AGAIN = ["repeated" if verdict in ("accepted", "updated", "repeated") else verdict for verdict, _ in DUE]


async def test_one_call_gives_every_line_its_verdict(sender: Sender) -> None:
    response = await sender.post(("\n".join(sample_lines()) + "\n").encode())
    assert response.status == 200
    answer = json.loads(response.body)
    results = answer["results"]
    assert [result["line"] for result in results] == list(range(1, 507))
    assert [result["verdict"] for result in results] == [verdict for verdict, _ in DUE]
    for result, (_, field) in zip(results, DUE, strict=True):
        assert not field or field in fields(result), result
    assert answer["counts"] == Counter(verdict for verdict, _ in DUE)
    # All were reported after Kunming's five working days: taken in, but nothing to rate.
    assert {result["url"] for result in results} == {None}


async def test_many_calls_and_a_second_time(sender: Sender) -> None:
    lines = sample_lines()
    first: list[str] = []
    for start in range(0, len(lines), 17):
        first += await sender.verdicts(*lines[start : start + 17])
    assert first == [verdict for verdict, _ in DUE]
    assert await sender.verdicts(*lines) == AGAIN


async def test_twice_in_an_array_with_other_spellings(sender: Sender) -> None:
    """Key order, blanks, numbers for strings and the short division code make no other record."""
    records = [
        json.loads(line)
        for line, (verdict, _) in zip(sample_lines(), DUE, strict=True)
        if verdict == "accepted"
    ]
    await sender.report(*records)
    respelled = [
        {name: f" {value} " for name, value in reversed(record.items())}
        | {"serviceNumber": int(record["serviceNumber"]), "areaCode": record["areaCode"][:6]}
        for record in records
    ]
    response = await sender.post(json.dumps(respelled).encode(), headers={"content-type": "application/json"})
    assert json.loads(response.body)["counts"]["repeated"] == len(records)


async def dump(pool: "asyncpg.Pool[asyncpg.Record]") -> str:
    """Every row of every table, as text."""
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [await pool.fetch(f'SELECT t::text FROM "{table[0]}" AS t') for table in tables]  # noqa: S608
    return "\n".join(row[0] for found in rows for row in found)


async def test_what_is_stored_names_nobody(sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Names, documents and phones of the sample stand in no column of any table, plain or as bytes."""
    before = await dump(pool)
    lines = sample_lines()
    await sender.report(*lines)
    after = await dump(pool)
    assert "53012620260927000004" in after  # what is no secret is found
    records = [json.loads(line) for line, due in zip(lines, DUE, strict=True) if due != ("rejected", "")]
    people = {str(record.get(name, "")) for record in records for name in ("userName", "certKey", "mobile")}
    # Some citizens are called like members of staff, who stand in the registry by name.
    private = {value for value in people if len(value) > 1 and value != "1111" and value not in before}
    assert len(private) > 1000
    assert sorted(value for value in private if value in after) == []
    assert sorted(value for value in private if value.encode().hex() in after) == []


async def test_cases_and_counts_agree_with_the_verdicts(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await sender.report(*sample_lines())
    accepted = sum(verdict == "accepted" for verdict, _ in DUE)
    updated = sum(verdict == "updated" for verdict, _ in DUE)
    quarantined = sum(verdict == "quarantined" for verdict, _ in DUE)
    for table, count in {
        "cases_serviceoccasion": accepted,
        "cases_occasionkey": accepted,
        "cases_occasionversion": accepted + updated,
        "cases_quarantinedoccasion": quarantined,
        "identity_vaultrecord": accepted + updated + quarantined,
        "cases_waiting": 0,
    }.items():
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == count, table  # noqa: S608
    sums = await pool.fetchrow("SELECT sum(occasions) AS occasions, sum(late) AS late FROM tallies_change")
    # Online, all services of a case are rated as one.
    records = [
        json.loads(line) for line, due in zip(sample_lines(), DUE, strict=True) if due[0] == "accepted"
    ]
    units = {(each["projectNo"], each.get("proChannel") == "1" or each["serviceNumber"]) for each in records}
    assert dict(sums) == {"occasions": 0, "late": len(units)}
    assert len(units) < accepted
    audit = await pool.fetchrow("SELECT detail FROM audit_auditentry WHERE act = 'occasions.report'")
    assert json.loads(audit["detail"]) == Counter(verdict for verdict, _ in DUE)
    done = await pool.fetchrow(
        "SELECT status, result_at FROM cases_case WHERE project_no = '53012620260927000004'"
    )
    assert dict(done) == {"status": 3, "result_at": datetime(2026, 9, 27, 7, 2, tzinfo=UTC)}
