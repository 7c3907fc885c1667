"""A page that comes back is judged by what it carries, without a question, as long as that is so; else by what is so now."""

import uuid
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from tests.integration.faces.citizen.person import Citizen
from tests.markup import Page
from tests.occasions import database_address

Form = list[tuple[str, str]]
HOUR = timedelta(hours=1)


@pytest.fixture
async def blind(citizen: Citizen) -> Citizen:
    """The same citizen before a door that can store, and look nothing up."""
    pool = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await pool.close()
    return citizen.with_services(pool=pool)


async def filled(citizen: Citizen, occasion: uuid.UUID) -> Form:
    return await citizen.fill(citizen.link(occasion), satisfaction="5", named="0")


async def stored(citizen: Citizen, occasion: uuid.UUID) -> int:
    return await citizen.database.fetchval("SELECT count(*) FROM ratings_rating WHERE id = $1", occasion)


def carrying(form: Form, seen: str) -> Form:
    return [(name, seen if name == "seen" else value) for name, value in form]


async def test_a_page_that_comes_back_is_stored_without_a_question(citizen: Citizen, blind: Citizen) -> None:
    occasion = await citizen.occasion()
    form = await filled(citizen, occasion)
    assert dict(form)["seen"]
    assert (await blind.post(citizen.link(occasion), form)).status == 201
    assert (await blind.post(citizen.link(occasion), form)).status == 200
    again = await filled(citizen, await citizen.occasion())
    # Used, by another page: as of everybody.
    assert (await citizen.post(citizen.link(occasion), again)).status == 410


async def test_who_carries_a_page_is_judged_as_who_is_looked_up(citizen: Citizen) -> None:
    rows = []
    for carried in (True, False):
        occasion = await citizen.occasion()
        form = await filled(citizen, occasion)
        assert (
            await citizen.post(citizen.link(occasion), form if carried else carrying(form, ""))
        ).status == 201
        row = dict(await citizen.database.fetchrow("SELECT * FROM ratings_rating WHERE id = $1", occasion))
        rows.append({name: row[name] for name in row.keys() - {"id", "occasion_id", "submission"}})
    assert rows[0] == rows[1]


async def test_after_a_correction_the_page_is_judged_by_what_is_so(citizen: Citizen, blind: Citizen) -> None:
    occasion = await citizen.occasion()
    form = await filled(citizen, occasion)
    await citizen.database.execute(
        "UPDATE cases_serviceoccasion SET staff_id = NULL, division_id = -1 WHERE id = $1", occasion
    )
    assert (await blind.post(citizen.link(occasion), form)).status == 503
    assert not await stored(citizen, occasion)
    assert (await citizen.post(citizen.link(occasion), form)).status == 201
    row = await citizen.database.fetchrow(
        "SELECT staff_id, division_id FROM ratings_rating WHERE id = $1", occasion
    )
    assert tuple(row) == (None, -1)


async def test_nobody_is_judged_by_facts_of_his_own(citizen: Citizen, blind: Citizen) -> None:
    occasion, other = await citizen.occasion(), await citizen.occasion()
    form, others = await filled(citizen, occasion), await filled(citizen, other)
    seen = dict(form)["seen"]
    for altered in (seen[:-4] + "AAAA", seen + "é", "%00", dict(others)["seen"] + "A"):
        assert (await blind.post(citizen.link(occasion), carrying(form, altered))).status == 503, altered
    assert (await blind.post(citizen.link(occasion), others)).status == 503
    assert not await stored(citizen, occasion)


async def test_an_old_page_is_looked_up(citizen: Citizen, blind: Citizen) -> None:
    occasion = await citizen.occasion()
    form = await filled(citizen, occasion)
    late = replace(blind, now=citizen.now + 13 * HOUR)
    assert (await late.post(citizen.link(occasion), form)).status == 503
    timely = replace(blind, now=citizen.now + 11 * HOUR)
    assert (await timely.post(citizen.link(occasion), form)).status == 201


async def test_what_is_rated_as_one_is_looked_up(citizen: Citizen, blind: Citizen) -> None:
    """Another of its occasions may stand for it at any time."""
    occasion, standing = await citizen.occasion(), await citizen.occasion(waiting=False)
    form = await filled(citizen, occasion)
    await citizen.database.execute(
        "UPDATE cases_waiting SET subject_id = $2 WHERE id = $1", occasion, standing
    )
    assert "seen" not in dict(await filled(citizen, occasion))
    assert (await blind.post(citizen.link(occasion), form)).status == 503
    assert (await citizen.post(citizen.link(occasion), form)).status == 201


async def test_a_default_is_superseded_by_a_page_only_while_that_is_so(
    citizen: Citizen, blind: Citizen
) -> None:
    ends = citizen.now + HOUR
    for changed in (False, True):
        occasion = await citizen.occasion(due_at=ends)
        form = await filled(citizen, occasion)
        await swept(citizen, occasion)
        if changed:
            await citizen.database.execute(
                "UPDATE cases_serviceoccasion SET staff_id = NULL WHERE id = $1", occasion
            )
        assert (await blind.post(citizen.link(occasion), form)).status == (503 if changed else 201)
        assert await stored(citizen, occasion) == (not changed)


async def swept(citizen: Citizen, occasion: uuid.UUID) -> None:
    """Silence has counted, as the sweep writes it down."""
    await citizen.database.execute("DELETE FROM cases_waiting WHERE id = $1", occasion)
    await citizen.database.execute(
        """INSERT INTO ratings_defaultrating (id, level, due_at, in_time_until, after_default, default_stays,
        after_provisional, defaulted_at, profile, service_day, division_id, organisation_id)
        SELECT id, 3, $2, $2, false, false, false, $2, profile, service_day, division_id, organisation_id
        FROM cases_serviceoccasion WHERE id = $1""",
        occasion,
        citizen.now + HOUR,
    )


async def test_the_page_goes_on_carrying_it(citizen: Citizen) -> None:
    occasion = await citizen.occasion()
    form = dict(await filled(citizen, occasion))
    wrong = await citizen.post(citizen.link(occasion), form | {"satisfaction": "2"})
    assert wrong.status == 422
    assert dict(Page(wrong.body).fields)["seen"] == form["seen"]
