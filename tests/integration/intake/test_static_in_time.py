"""What is said by a static code while nothing can be stored is of the day on which it first came, also at another door."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import asyncpg
import pytest

from haochaping.faces.citizen import static_code
from haochaping.foundation.clock import CN
from haochaping.intake.arrivals import Arrivals
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.http import Response
from tests.integration.faces.citizen.person import FORM, Citizen
from tests.integration.intake.test_static_codes import ONCE_A_DAY, form, path_of, rows
from tests.integration.intake.town import Town, rules
from tests.markup import Page
from tests.occasions import database_address

MakeTown = Callable[[str], Awaitable[Town]]
Sent = Callable[[Citizen, str, dict[str, str]], Awaitable[Response | None]]
LATER = timedelta(minutes=20)


async def unheard(citizen: Citizen, path: str, said: dict[str, str]) -> Response:
    """Sent while nothing can be stored."""
    pool = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await pool.close()
    return await citizen.with_services(pool=pool).post(path, said)


async def unread(citizen: Citizen, path: str, said: dict[str, str]) -> Response:
    """Sent to a door that has not read the registry."""
    return await citizen.with_services(directory=DirectoryKeeper()).post(path, said)


async def unready(citizen: Citizen, path: str, said: dict[str, str]) -> Response | None:
    """Sent to a door that has no database yet."""
    return await static_code.unready(citizen.request("POST", path, urlencode(said).encode(), FORM))


def another_door(citizen: Citizen, at: datetime) -> Citizen:
    """In front of a process that remembers nothing."""
    return replace(citizen.with_services(arrivals=Arrivals()), now=at)


@pytest.mark.parametrize("away", [unheard, unread, unready])
async def test_a_mark_carries_a_rating_over_midnight(make_town: MakeTown, away: Sent) -> None:
    town = await make_town(rules() + ONCE_A_DAY)
    first = town.at(11, 20, hour=23, minute=50)
    path, said = path_of(town), form()
    answer = await away(town.citizen, path, said)
    assert answer is not None
    assert answer.status == 503
    mark = Page(answer.body).value("received")
    again = await away(another_door(town.citizen, first + LATER), path, said | {"received": mark})
    assert again is not None
    assert Page(again.body).value("received") == mark

    late = another_door(town.citizen, first + LATER)
    assert (await late.post(path, said | {"received": mark})).status == 201
    assert (await late.post(path, said | {"received": mark})).status == 200
    (row,) = await rows(town)
    assert (row["received_at"], row["service_day"]) == (first, datetime(2026, 11, 20, tzinfo=CN).date())
    # The one of that day: today's is another.
    assert (await late.post(path, form())).status == 201


async def test_the_process_remembers_who_sends_no_mark_back(make_town: MakeTown) -> None:
    town = await make_town(rules())
    first = town.at(11, 20, hour=23, minute=50)
    path, said = path_of(town), form()
    await unheard(town.citizen, path, said)
    assert (await replace(town.citizen, now=first + LATER).post(path, said)).status == 201
    assert [row["received_at"] for row in await rows(town)] == [first]


async def test_a_mark_is_of_one_code_and_one_submission(make_town: MakeTown) -> None:
    town = await make_town(
        rules(subjects='[{ subject = "item" }, { subject = "window" }, { subject = "hall" }]')
    )
    first = town.at(11, 20, hour=23, minute=50)
    path, hall, said = path_of(town), path_of(town, "hall", "H530100"), form()
    mark = Page((await unheard(town.citizen, path, said)).body).value("received")
    for where, what in ((hall, said), (path, form())):
        late = another_door(town.citizen, first + LATER)
        assert (await late.post(where, what | {"received": mark})).status == 201
    assert {row["received_at"] for row in await rows(town)} == {first + LATER}


async def test_what_is_no_form_of_ours_gets_no_mark(make_town: MakeTown) -> None:
    town = await make_town(rules())
    town.at(11, 20)
    request = town.citizen.request("POST", path_of(town), urlencode(form()).encode(), FORM)
    assert (
        await static_code.unready(replace(request, headers=FORM | {"sec-fetch-site": "cross-site"})) is None
    )
    assert await static_code.unready(replace(request, headers={})) is None
    assert await static_code.unready(replace(request, parameters={"token": "0" * 21})) is None
