"""A rating that had come in the place of silence, or found its case by a static code, is taken back: silence counts again
where the rules say that it counts, each once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from haochaping.audit.models import AuditEntry
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import DefaultRating
from tests.integration.faces.citizen.person import receipt
from tests.integration.intake.redress import Rater
from tests.integration.intake.test_named_cases import match, name, served
from tests.integration.intake.test_taking_back import silence, take_back
from tests.integration.intake.town import Town, days, rules

MakeTown = Callable[[str], Awaitable[Town]]
LEVEL, ELSE = 4, 3
REPLACES = "{ allowed = true, replaces = true }"
WITHDRAWAL = """[[withdrawal]]
from = 2020-01-01
document = "d"
article = "第四条"
value = {{ allowed = true, effect = "{effect}" }}
"""
OF_WINDOWS = """[[default]]
from = 2020-01-01
document = "d"
article = "第五条"
only = {{ subjects = ["window"] }}
value = {{ level = 5, limit = {limit} }}
"""


def silent(n: int = 5, *, effect: str = "unrated", **more: Any) -> str:
    """Silence counts after so many working days, and a rating may come in its place."""
    given = {
        "default": f"{{ level = {LEVEL}, limit = {days(n)} }}",
        "window": None,
        "after_default": REPLACES,
    } | more
    return rules(**given) + WITHDRAWAL.format(effect=effect)


async def proved(town: Town) -> dict[str, int]:
    """What the tallies say, held against the rows."""
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()
    return await town.counts()


async def replaced(town: Town) -> Rater:
    """Who rated after silence had counted."""
    town.at(11, 20)
    link = await town.report(town.served(11, 20))
    assert link is not None
    town.at(12, 1)
    assert await town.sweep() == 1
    assert await proved(town) == {"occasions": 1, f"d{LEVEL}": 1}
    rater = Rater(town, *receipt(await town.rate(link, level=1)))
    assert await proved(town) == {"occasions": 1, "n1": 1}
    return rater


async def test_the_default_in_whose_place_it_came_is_in_force_again(make_town: MakeTown) -> None:
    town = await make_town(silent())
    rater = await replaced(town)
    before = await town.django(DefaultRating.objects.get)
    assert await take_back(rater) == 201
    assert await proved(town) == {"occasions": 1}
    assert sorted(await asyncio.gather(*(silence(town) for _ in range(3)))) == [0, 0, 1]
    assert await proved(town) == {"occasions": 1, f"d{LEVEL}": 1}
    after = await town.django(DefaultRating.objects.get)
    assert after.superseded_at is None
    assert (after.id, after.level, after.due_at, after.defaulted_at) == (
        before.id,
        before.level,
        before.due_at,
        before.defaulted_at,
    )
    link = town.citizen.link(after.id)
    assert not await town.opens(link)
    assert (await town.rate(link)).status == 410
    assert await silence(town) == 0
    entry = await town.django(lambda: AuditEntry.objects.get(detail__has_key="taken_back"))
    assert list(entry.detail["taken_back"].values()) == [1]


async def test_what_is_not_counted_has_no_silence_either(make_town: MakeTown) -> None:
    town = await make_town(silent(effect="not_counted"))
    assert await take_back(await replaced(town)) == 201
    assert await silence(town) == 0
    assert await proved(town) == {}


async def test_a_default_that_stays_is_counted_throughout(make_town: MakeTown) -> None:
    town = await make_town(silent(after_default="{ allowed = true, replaces = false }"))
    town.at(11, 20)
    link = await town.report(town.served(11, 20))
    assert link is not None
    town.at(12, 1)
    assert await town.sweep() == 1
    rater = Rater(town, *receipt(await town.rate(link, level=1)))
    assert await take_back(rater) == 201
    assert await silence(town) == 0
    assert await proved(town) == {"occasions": 1, f"d{LEVEL}": 1}


async def matched(town: Town) -> Rater:
    """Who rated a window, whose rating found its case."""
    town.at(11, 23)
    record = served(town)
    assert await town.report(record) is not None
    number, secret = await name(town, record["projectNo"])
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    assert await proved(town) == {"occasions": 1, "n4": 1}
    return Rater(town, number, secret)


async def test_silence_about_the_service_that_a_static_rating_found(make_town: MakeTown) -> None:
    """By the rules of the service, not by those of the window."""
    of_windows = OF_WINDOWS.format(limit=days(1))
    town = await make_town(silent(default=f"{{ level = {ELSE}, limit = {days(5)} }}") + of_windows)
    rater = await matched(town)
    assert await take_back(rater) == 201
    assert await proved(town) == {"occasions": 1}
    town.at(11, 30, hour=23)
    assert await silence(town) == 0
    town.at(12, 1)
    assert sorted(await asyncio.gather(*(silence(town) for _ in range(3)))) == [0, 0, 1]
    assert await proved(town) == {"occasions": 1, f"d{ELSE}": 1}
    default, claim = await town.django(DefaultRating.objects.get), await claim_of_match(town)
    assert default.id == claim
    assert not await town.opens(town.citizen.link(claim))


async def test_taken_back_while_it_finds_its_case_it_is_one_silence_all_the_same(make_town: MakeTown) -> None:
    town = await make_town(silent(default=f"{{ level = {ELSE}, limit = {days(5)} }}"))
    town.at(11, 23)
    record = served(town)
    assert await town.report(record) is not None
    rater = Rater(town, *await name(town, record["projectNo"]))
    town.at(11, 24, hour=2)
    assert (await asyncio.gather(take_back(rater), match(town)))[0] == 201
    assert await proved(town) == {"occasions": 1}
    town.at(12, 1)
    await asyncio.gather(silence(town), town.sweep(), silence(town))
    assert await proved(town) == {"occasions": 1, f"d{ELSE}": 1}


async def claim_of_match(town: Town) -> Any:
    return await town.citizen.database.fetchval("SELECT claim_id FROM ratings_match")


async def test_a_static_rating_that_found_no_case_leaves_none(make_town: MakeTown) -> None:
    town = await make_town(silent())
    town.at(11, 23)
    rater = Rater(town, *await name(town, "none of ours"))
    assert await take_back(rater) == 201
    town.at(12, 20)
    assert await silence(town) == 0
    assert await proved(town) == {}


async def test_what_no_notice_settles_waits(make_town: MakeTown) -> None:
    town = await make_town(silent(40))
    rater = await matched(town)
    assert await take_back(rater) == 201
    kept = await town.citizen.database.fetchrow("SELECT * FROM ratings_withdrawal")
    assert kept is not None
    assert kept["silence_provisional"]
    town.sender.now[0] = town.citizen.now = kept["silence_at"]
    assert await silence(town) == 0
    assert await proved(town) == {"occasions": 1}
