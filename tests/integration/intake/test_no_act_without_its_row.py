"""What a rater does by the receipt is in the audit trail, or it was not done: tried while the trail refuses rows."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from tests.integration.intake.redress import Rater, answered
from tests.integration.intake.town import Town, days, rules
from tests.markup import Page
from tests.occasions import database_address

MakeTown = Callable[[str], Awaitable[Town]]
SCALE = '{ key = "good", label = "好", satisfied = true }, { key = "bad", label = "不好", satisfied = false }'
LIMIT, ASKED = days(3, "calendar_day", "rating"), days(7, "calendar_day", "answer")
VERDICT = f'{{ scale = [{SCALE}], limit = {ASKED}, silence = "none", unsatisfied = "reopen" }}'
RULES = rules(
    correction="{ times = 1 }",
    supplement='{ times = 1, adds = ["text"], counts = "no" }',
    withdrawal=f'{{ allowed = true, limit = {LIMIT}, effect = "unrated" }}',
    verdict=VERDICT,
)
REFUSING = """
CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the trail refuses'; END $$;
CREATE TRIGGER refuse_row BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION refuse_row()
"""
KEPT = """
SELECT (SELECT count(*) FROM ratings_laterword), (SELECT count(*) FROM ratings_withdrawnconsent),
       (SELECT count(*) FROM ratings_withdrawal), (SELECT count(*) FROM ratings_verdict),
       (SELECT count(*) FROM rectification_badrating), (SELECT count(*) FROM audit_auditentry),
       (SELECT sum(n1 + n2 + n3 + n4 + n5) FROM tallies_change)
"""


@pytest.fixture
async def refusing(committed_db: None) -> AsyncIterator[Callable[[bool], Awaitable[None]]]:
    """Whether the trail refuses rows; in the end it takes them again."""
    database = await asyncpg.connect(database_address())

    async def refuse(on: bool) -> None:
        await database.execute("DROP FUNCTION IF EXISTS refuse_row CASCADE")
        if on:
            await database.execute(REFUSING)

    yield refuse
    await refuse(False)
    await database.close()


async def said(rater: Rater, act: str, **words: str) -> dict[str, str]:
    """The form of an act, filled in and confirmed."""
    asked = dict(Page((await rater.post(act)).body).fields) if act in ("correction", "supplement") else {}
    return asked | words | {"confirmed": "1"}


async def tried(rater: Rater, act: str, form: dict[str, str]) -> int:
    """What the rater is told; an error that nobody foresaw is one of the server for the door."""
    try:
        return (await rater.post(act, **form)).status
    except asyncpg.RaiseError:
        return 503


async def test_nothing_is_kept_without_its_row(
    make_town: MakeTown, refusing: Callable[[bool], Awaitable[None]]
) -> None:
    town = await make_town(RULES)
    town.at(11, 20)
    rater = await answered(town, named="1")
    submission = dict((await rater.look()).fields)["submission"]
    forms = {
        "correction": await said(rater, "correction", satisfaction="4", evalDetail=""),
        "supplement": await said(rater, "supplement", writingEvaluation="再说一句。"),
        "verdict": await said(rater, "verdict", submission=submission, verdict="bad"),
        "consent": await said(rater, "consent"),
        "withdrawal": await said(rater, "withdrawal"),
    }
    before = await town.citizen.database.fetchrow(KEPT)
    for act, form in forms.items():
        await refusing(True)
        assert await tried(rater, act, form) == 503, act
        assert await town.citizen.database.fetchrow(KEPT) == before, act
        await refusing(False)
    statuses = {act: (await rater.post(act, **form)).status for act, form in forms.items()}
    assert statuses == dict.fromkeys(forms, 201), "each would have been done"
