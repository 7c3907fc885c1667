"""The traps that real senders spring: what happens without a dialect, and the dialect that cures it.

The traps of ratings (levels, tags, pf, assessNumber) are in test_ratings_by_clients.py.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.dialects import set_dialect
from haochaping.foundation.clock import CN
from haochaping.intake.dialect_shelf import DialectBroken
from tests.reporting import Sender, fields, sample_lines

Pool = "asyncpg.Pool[asyncpg.Record]"
HEAD = 'format = 1\nabout = "厂商接口文档第3版，2026年11月核对"\n'


@pytest.fixture
def fresh(sender: Sender) -> dict[str, Any]:
    """An occasion of this morning that nobody could object to."""
    served = sender.now[0].astimezone(CN) - timedelta(minutes=20)
    record: dict[str, Any] = json.loads(sample_lines()[0])
    del record["resultDate"]
    return record | {
        "projectNo": "T1",
        "proStatus": "2",
        "acceptDate": f"{served - timedelta(minutes=15):%Y-%m-%d %H:%M:%S}",
        "serviceTime": f"{served:%Y-%m-%d %H:%M:%S}",
    }


async def learn(sender: Sender, text: str, start: datetime | None = None) -> int:
    """The sender's next edition; its number."""

    def act() -> int:
        try:
            return set_dialect(
                client=sender.issued.key,
                text=HEAD + text,
                now=sender.now[0],
                actor="test",
                in_force_from=start,
            )[1]
        finally:
            connection.close()  # this thread's own

    return await sync_to_async(act)()


def codes(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(reason["field"], reason["code"]) for reason in result["reasons"]]


async def test_trap_3_promise_time_the_other_way_round(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    """Without: taken at its word, 即办件 for 承诺件. With: read as it was meant."""
    sent = fresh | {"projectType": "2"}
    assert await sender.verdicts(sent) == ["accepted"]
    await learn(sender, '[occasions.codes.projectType]\n1 = "2"\n2 = "1"\n')
    assert await sender.verdicts(sent | {"projectNo": "T2"}) == ["accepted"]
    stored = await pool.fetch(
        "SELECT o.case_type FROM cases_serviceoccasion o JOIN cases_case c ON c.id = o.case_id ORDER BY c.project_no"
    )
    assert [row["case_type"] for row in stored] == ["promised", "instant"]


async def test_trap_3_a_code_of_the_senders_own(sender: Sender, fresh: dict[str, Any]) -> None:
    sent = fresh | {"proChannel": "window"}
    (refused,) = await sender.report(sent)
    assert (refused["verdict"], codes(refused)) == ("rejected", [("proChannel", "unknown_code")])
    await learn(sender, '[occasions.codes.proChannel]\nnet = "1"\nwindow = "2"\n')
    told, taken = await sender.report(sent | {"proChannel": "2"}, sent)
    assert (told["verdict"], codes(told)) == ("rejected", [("proChannel", "not_in_dialect")])
    assert taken["verdict"] == "accepted"


async def test_trap_4_a_division_that_was_merged(sender: Sender, fresh: dict[str, Any]) -> None:
    """晋宁县 530122 became 晋宁区 530115 at the end of 2016; the sender never changed its tables."""
    sent = fresh | {"areaCode": "530122000000"}
    (aside,) = await sender.report(sent)
    assert (aside["verdict"], codes(aside)) == ("quarantined", [("areaCode", "division")])
    await learn(sender, '[[occasions.divisions]]\nsent = "530122"\nmeans = "530115"\nfrom = 2017-01-01\n')
    assert await sender.verdicts(sent) == ["accepted"]


async def test_trap_5_times_shifted_by_minutes(sender: Sender, fresh: dict[str, Any], pool: Pool) -> None:
    early = datetime.fromisoformat(fresh["acceptDate"]) - timedelta(minutes=40)
    sent = fresh | {"serviceTime": f"{early:%Y-%m-%d %H:%M:%S}"}
    (aside,) = await sender.report(sent)
    assert (aside["verdict"], codes(aside)) == ("quarantined", [("serviceTime", "before_acceptance")])
    assert "10分钟" in aside["reasons"][0]["message"]
    await learn(sender, "[occasions]\norder_tolerance_minutes = 30\n")
    (still,) = await sender.report(sent)
    assert (still["verdict"], "30分钟" in still["reasons"][0]["message"]) == ("quarantined", True)
    assert await pool.fetchval("SELECT count(*) FROM cases_quarantinedoccasion") == 1
    # The same content, read with more patience: judged afresh, and what lay aside is closed.
    await learn(sender, "[occasions]\norder_tolerance_minutes = 45\n")
    assert await sender.verdicts(sent) == ["accepted"]
    assert await pool.fetchval("SELECT count(*) FROM cases_quarantinedoccasion WHERE closed_at IS NULL") == 0


async def test_trap_5_times_in_another_form(sender: Sender, fresh: dict[str, Any]) -> None:
    sent = fresh | {name: fresh[name].replace("-", "/")[:16] for name in ("acceptDate", "serviceTime")}
    (refused,) = await sender.report(sent)
    assert (refused["verdict"], codes(refused)) == (
        "rejected",
        [("acceptDate", "date"), ("serviceTime", "date")],
    )
    await learn(sender, '[occasions]\ntimes = ["yyyy/MM/dd HH:mm"]\n')
    assert await sender.verdicts(sent) == ["accepted"]
    # Equal is what means the same, however it is written.
    (repeated,) = await sender.report(
        sent | {name: fresh[name][:17] + "00" for name in ("acceptDate", "serviceTime")}
    )
    assert repeated["verdict"] == "repeated"


async def test_trap_6_full_width_in_names(sender: Sender, fresh: dict[str, Any]) -> None:
    """A name of the library is known in any width. A record sent once so and once so is another content without a
    dialect, and the same one with it."""
    wide, narrow = {"projectName": "失业登记（新）"}, {"projectName": "失业登记(新)"}
    assert await sender.verdicts(fresh | wide) == ["accepted"]
    (conflict,) = await sender.report(fresh | narrow)
    assert (conflict["verdict"], fields(conflict)) == ("conflicting", ["projectName"])
    await learn(sender, '[occasions]\nfold_width = ["projectName"]\n')
    other = fresh | {"projectNo": "T2"}
    assert await sender.verdicts(other | wide, other | narrow) == ["accepted", "repeated"]


async def test_trap_7_a_stand_in_beside_the_real_number(sender: Sender, fresh: dict[str, Any]) -> None:
    sent = fresh | {"certKeyGOV": "0"}
    (aside,) = await sender.report(sent)
    assert (aside["verdict"], codes(aside)) == ("quarantined", [("certKeyGOV", "dummy")])
    await learn(sender, '[occasions.absent]\ncertKeyGOV = ["0", "无"]\n')
    assert await sender.verdicts(sent) == ["accepted"]


async def test_trap_7_a_stand_in_for_the_person_is_never_cured(sender: Sender, fresh: dict[str, Any]) -> None:
    await learn(sender, '[occasions.absent]\ncertKey = ["0"]\n')
    named, numbered = await sender.report(
        fresh | {"userName": "无"}, fresh | {"projectNo": "T2", "certKey": "0"}
    )
    assert (named["verdict"], codes(named)) == ("quarantined", [("userName", "dummy")])
    assert (numbered["verdict"], codes(numbered)) == ("rejected", [("certKey", "required")])


async def test_several_systems_behind_one_client(sender: Sender, fresh: dict[str, Any]) -> None:
    await learn(sender, '[sources.002.occasions.codes.proStatus]\nA = "1"\nB = "2"\nC = "3"\n')
    one, other = await sender.report(
        fresh, fresh | {"projectNo": "T2", "dataSource": "002", "proStatus": "B"}
    )
    assert [one["verdict"], other["verdict"]] == ["accepted", "accepted"]


async def test_what_was_accepted_stays_the_same_record(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    """A new edition is for what comes new: what was accepted goes on being read by the edition that accepted it."""
    before = fresh | {"projectNo": "T0"}
    assert await sender.verdicts(before) == ["accepted"]
    first = '[occasions.codes.promiseTime]\n1 = "2"\n2 = "1"\n'
    await learn(sender, first)
    assert await sender.verdicts(before, fresh) == ["repeated", "accepted"]
    await learn(sender, '[occasions.codes.promiseTime]\n1 = "1"\n2 = "2"\n')
    assert await sender.verdicts(before, fresh) == ["repeated", "repeated"]
    # Progress as well, and a list that no longer knows the code.
    await learn(sender, '[occasions.codes.promiseTime]\nX = "1"\n')
    done = {"proStatus": "3", "resultDate": fresh["serviceTime"]}
    assert await sender.verdicts(before | done, fresh | done) == ["updated", "updated"]
    (new,) = await sender.report(fresh | {"projectNo": "T9"})
    assert (new["verdict"], codes(new)) == ("rejected", [("promiseTime", "not_in_dialect")])
    rows = await pool.fetch(
        "SELECT d.edition FROM cases_occasionversion v LEFT JOIN accounts_apidialect d ON d.id = v.dialect_id "
        "ORDER BY v.id"
    )
    assert sorted(str(row["edition"]) for row in rows) == ["1", "1", "None", "None"]


async def test_an_edition_begins_at_its_instant(sender: Sender, fresh: dict[str, Any]) -> None:
    sent = fresh | {"proChannel": "window"}
    await learn(sender, '[occasions.codes.proChannel]\nwindow = "2"\n', sender.now[0] + timedelta(seconds=60))
    assert await sender.verdicts(sent) == ["rejected"]
    sender.now[0] += timedelta(seconds=60)
    assert await sender.verdicts(sent) == ["accepted"]


async def test_the_whole_sample_is_judged_alike_by_a_plain_dialect(sender: Sender) -> None:
    plain = await sender.verdicts(*sample_lines())
    await learn(sender, "")
    again = {"accepted": "repeated", "updated": "repeated"}
    assert await sender.verdicts(*sample_lines()) == [again.get(verdict, verdict) for verdict in plain]


async def test_a_stored_dialect_that_cannot_be_read_is_not_the_senders_fault(
    sender: Sender, fresh: dict[str, Any], pool: Pool
) -> None:
    """Nothing is judged by guesswork: the call fails as an error of ours (500 with a reference), and stores nothing."""
    await learn(sender, "")
    await pool.execute("UPDATE accounts_apidialect SET text = 'format = 9'")
    with pytest.raises(DialectBroken):
        await sender.report(fresh)
    assert await pool.fetchval("SELECT count(*) FROM cases_occasionversion") == 0
