"""What was kept aside is released, refused or asked about, and its sender learns of it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cases import operations
from haochaping.cases.models import LibraryDifference, OccasionKey, QuarantinedOccasion, SenderDay
from haochaping.cases.queries import quarantine as kept_queries
from haochaping.cases.queries import senders as sender_queries
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.intake.quarantine_api import own_quarantine
from haochaping.intake.releasing import release_wished
from haochaping.registry.queries import organisation_id_by_credit_code
from tests.integration.intake.conftest import RECEPTION
from tests.occasions import database_address
from tests.orders import make_official
from tests.reporting import AUTHORITY, Sender, sample_lines, signed

DUMMY_NAME, WRONG_NAME, UNKNOWN_ITEM, EARLY, DUMMY_DOCUMENT = 6, 20, 52, 137, 303
NOTE = "已与窗口电话核对，情况属实"


def in_django(work: Any) -> Any:
    """In a thread with a connection of its own, as a page or a job works."""

    def run(*args: Any, **named: Any) -> Any:
        try:
            return work(*args, **named)
        finally:
            connection.close()

    return sync_to_async(run)


@pytest.fixture
async def officer(sender: Sender) -> UUID:
    """An officer of the city's authority, to whom the sender belongs."""

    def make() -> UUID:
        authority = organisation_id_by_credit_code(AUTHORITY)
        assert authority is not None
        return make_official(authority, RECEPTION, "officer", Role.AUTHORITY_OFFICER)

    found: UUID = await in_django(make)()
    return found


async def kept(sender: Sender, line: int) -> UUID:
    """Reports a line of the sample that is kept aside; its id."""
    (result,) = await sender.report(sample_lines()[line])
    assert result["verdict"] == "quarantined"
    found: UUID = await in_django(
        lambda: QuarantinedOccasion.objects.get(project_no=result["projectNo"], closed_at=None).pk
    )()
    return found


async def carry_out(sender: Sender) -> int:
    return await release_wished(
        database_address(), rulebook=sender.services.rulebook, now=RECEPTION + timedelta(minutes=1)
    )


async def own(sender: Sender, query: str = "", status: int = 200) -> dict[str, Any]:
    request = signed(sender.issued, b"", sender.now[0], method="GET", path="/api/v1/quarantine", query=query)
    response = await own_quarantine(request, sender.services)
    assert response.status == status, response.body
    found: dict[str, Any] = json.loads(response.body)
    return found


@pytest.mark.parametrize("line", [DUMMY_NAME, WRONG_NAME, EARLY, DUMMY_DOCUMENT])
async def test_a_released_record_is_accepted_as_if_nothing_had_been_doubtful(
    sender: Sender, officer: UUID, line: int
) -> None:
    record = await kept(sender, line)
    decided = await in_django(operations.wish_release)(
        records=[record], official_id=officer, note=NOTE, now=RECEPTION
    )
    assert (decided.number, decided.closed) == (1, 0)
    assert await carry_out(sender) == 1
    (again,) = await sender.report(sample_lines()[line])
    assert again["verdict"] == "repeated"
    assert again["url"] or again["reasons"][0]["code"] == "late"
    view = await in_django(kept_queries.kept_record)(official_id=officer, record_id=record, now=RECEPTION)
    assert view.row.outcome == "released"
    assert [step.act for step in view.history] == ["wished", "released"]
    assert await carry_out(sender) == 0


async def test_what_the_registry_does_not_know_goes_back_to_the_desk(sender: Sender, officer: UUID) -> None:
    record = await kept(sender, UNKNOWN_ITEM)
    await in_django(operations.wish_release)(records=[record], official_id=officer, note=NOTE, now=RECEPTION)
    assert await carry_out(sender) == 1
    view = await in_django(kept_queries.kept_record)(official_id=officer, record_id=record, now=RECEPTION)
    assert view.row.outcome == ""
    assert not view.row.wished
    assert view.history[-1].act == "held"
    assert "实施编码" in view.history[-1].note
    assert {reason.code for reason in view.in_the_way} <= {"unknown_item", "unknown_handling_item"}
    assert (await sender.verdicts(sample_lines()[UNKNOWN_ITEM])) == ["quarantined"]


async def test_a_refused_record_stays_out_and_its_sender_reads_why(sender: Sender, officer: UUID) -> None:
    record = await kept(sender, DUMMY_NAME)
    await in_django(operations.refuse)(
        records=[record], official_id=officer, note="姓名不实，请更正后重报", now=RECEPTION
    )
    (again,) = await sender.report(sample_lines()[DUMMY_NAME])
    assert again["verdict"] == "quarantined"
    assert again["reasons"][-1]["code"] == "refused"
    assert "请更正后重报" in again["reasons"][-1]["message"]
    (told,) = (await own(sender, "state=all"))["records"]
    assert told["state"] == "refused"
    assert told["steps"][0]["note"] == "姓名不实，请更正后重报"
    assert (await own(sender))["records"] == []
    decided = await in_django(operations.refuse)(
        records=[record], official_id=officer, note=NOTE, now=RECEPTION
    )
    assert (decided.number, decided.closed) == (0, 1)


async def test_a_question_is_told_and_a_correction_closes_it(sender: Sender, officer: UUID) -> None:
    record = await kept(sender, DUMMY_NAME)
    await in_django(operations.ask_sender)(
        records=[record], official_id=officer, note="请核对申请人姓名", now=RECEPTION
    )
    (told,) = (await own(sender))["records"]
    assert (told["state"], told["steps"][0]["act"]) == ("open", "asked")
    corrected = json.loads(sample_lines()[DUMMY_NAME]) | {"userName": "李小明"}
    assert await sender.verdicts(corrected) == ["accepted"]
    (told,) = (await own(sender, "state=all"))["records"]
    assert told["state"] == "corrected"
    (again,) = await sender.report(sample_lines()[DUMMY_NAME])
    assert "asked" not in {reason["code"] for reason in again["reasons"]}
    assert await in_django(lambda: QuarantinedOccasion.objects.get(pk=record).outcome)() == "corrected"


async def test_a_correction_between_decision_and_release_is_not_accepted_twice(
    sender: Sender, officer: UUID
) -> None:
    record = await kept(sender, DUMMY_NAME)
    await in_django(operations.wish_release)(records=[record], official_id=officer, note=NOTE, now=RECEPTION)
    corrected = json.loads(sample_lines()[DUMMY_NAME]) | {"userName": "李小明"}
    assert await sender.verdicts(corrected) == ["accepted"]
    assert await carry_out(sender) == 0
    project_no = corrected["projectNo"]
    assert await in_django(OccasionKey.objects.filter(project_no=project_no).count)() == 1


async def test_only_an_officer_of_the_senders_authority_decides_and_gives_a_reason(
    sender: Sender, officer: UUID
) -> None:
    record = await kept(sender, DUMMY_NAME)

    def handler() -> UUID:
        authority = organisation_id_by_credit_code(AUTHORITY)
        assert authority is not None
        return make_official(authority, RECEPTION, "handler", Role.ORGANISATION_HANDLER)

    stranger = await in_django(handler)()
    for act in (operations.wish_release, operations.refuse, operations.ask_sender):
        with pytest.raises(NotFound):
            await in_django(act)(records=[record], official_id=stranger, note=NOTE, now=RECEPTION)
        for note in (" ", "请联系１３８ 1234 5678"):
            with pytest.raises(Invalid):
                await in_django(act)(records=[record], official_id=officer, note=note, now=RECEPTION)
    assert not (
        await in_django(kept_queries.kept)(
            official_id=stranger, now=RECEPTION, filters=kept_queries.KeptFilter()
        )
    ).rows
    acts = await in_django(lambda: list(AuditEntry.objects.values_list("act", flat=True)))()
    assert not [act for act in acts if act.startswith("quarantine.")]


async def test_who_the_record_was_about_is_not_shown(sender: Sender, officer: UUID) -> None:
    line = json.loads(sample_lines()[WRONG_NAME]) | {"note": "悄悄话"}
    (result,) = await sender.report(line)
    assert result["verdict"] == "quarantined"
    record = await in_django(lambda: QuarantinedOccasion.objects.get(closed_at=None).pk)()
    view = await in_django(kept_queries.kept_record)(official_id=officer, record_id=record, now=RECEPTION)
    shown = json.dumps(dict(view.fields), ensure_ascii=False)
    for field in ("userName", "certKey", "mobile"):
        if line.get(field):
            assert line[field] not in shown
    assert view.fields["note"] == "***"
    assert view.library
    assert line["taskName"] not in {entry.name for entry in view.library}


async def test_the_sample_is_counted_by_verdict_for_its_sender(sender: Sender, officer: UUID) -> None:
    results = await sender.report(*sample_lines())
    page = await in_django(sender_queries.sender)(
        official_id=officer, platform=(await in_django(SenderDay.objects.get)()).platform, now=RECEPTION
    )
    counted = {verdict: sum(each["verdict"] == verdict for each in results) for verdict in page.row.counts}
    late = sum(
        reason["code"] == "late"
        for each in results
        for reason in each["reasons"]
        if each["verdict"] == "accepted"
    )
    assert page.row.counts == counted | {"calls": 1, "late": late}
    assert page.row.open == len((await own(sender))["records"])
    assert {field for field, _, _ in page.reasons} >= {"userName", "taskName", "deptCode", "serviceTime"}


async def test_an_item_of_another_organisation_is_accepted_and_counted(sender: Sender, officer: UUID) -> None:
    def library() -> tuple[dict[str, Any], str]:
        from haochaping.registry.queries import directory

        found = directory()
        day = RECEPTION.date()
        line = next(json.loads(each) for each in sample_lines() if each.startswith("{"))
        item = found.item(line["taskHandleItem"], day)
        assert item is not None
        other = next(each for each in found.organisations(day) if each.id != item.organisation_id)
        return line, other.code

    line, other = await in_django(library)()
    assert await sender.verdicts(line | {"deptCode": other, "projectNo": "D1"}) == ["accepted"]
    rows = await in_django(lambda: list(LibraryDifference.objects.values_list("kind", "number")))()
    assert ("department", 1) in rows
    assert await sender.verdicts(line | {"deptCode": other, "projectNo": "D2"}) == ["accepted"]
    rows = await in_django(lambda: list(LibraryDifference.objects.values_list("kind", "number")))()
    assert ("department", 2) in rows


async def test_a_sender_pages_through_its_own_and_no_others(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await sender.report(*sample_lines())
    expected = [
        row["id"]
        for row in await pool.fetch(
            "SELECT id FROM cases_quarantinedoccasion WHERE closed_at IS NULL ORDER BY id"
        )
    ]
    seen, after = [], ""
    while True:
        page = await own(sender, f"limit=7&after={after}" if after else "limit=7")
        seen += [UUID(each["id"]) for each in page["records"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == expected
    await pool.execute("UPDATE cases_quarantinedoccasion SET platform = 'another'")
    assert (await own(sender, "state=all"))["records"] == []


async def test_a_parameter_that_is_none_is_refused(sender: Sender) -> None:
    for query in ("limit=0", "limit=501", "limit=x", "state=closed", "after=1", "page=2"):
        assert "error" in await own(sender, query, 400), query
