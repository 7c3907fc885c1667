"""Citizen against the sender's correction of window and staff: the rating keeps those of the moment of its claim."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import asyncpg

from drills.racing.raters import AT_ONCE, each_of, parts, rated
from drills.rating.ground import none, some
from haochaping.cases.verdicts import Verdict
from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import local_day, now
from haochaping.intake import bulk
from haochaping.intake.judging import Judged
from haochaping.intake.occasions import judge_and_store
from haochaping.intake.services import Services
from haochaping.intake.signature import Client
from haochaping.intake.submission import Kind
from haochaping.simulation.served import Place, ndjson, places, record

AGO = timedelta(minutes=20)
PART = 400
A_CALL = 20
# Of each part so many are rated before anybody corrects them, and so many only after.
UNDISTURBED = 20
PAUSE = 0.01

SERVED = """
SELECT raced.n, r.window_id AS rated_window, r.staff_id AS rated_staff, o.window_id, o.staff_id
FROM unnest($1::uuid[]) WITH ORDINALITY AS raced (id, n)
LEFT JOIN ratings_rating r ON r.id = raced.id JOIN cases_serviceoccasion o ON o.id = raced.id ORDER BY raced.n
"""

Pair = tuple[int | None, int | None]


class Races(NamedTuple):
    """Reported occasions, their corrections, and who served before and after them."""

    ids: Sequence[UUID]
    corrections: Sequence[dict[str, str]]
    old: Pair
    new: Pair


def run(races: int, random: Random) -> list[Figure]:
    """Reports the occasions first. In Kunming's registry, imported here. Raises CouldNotRun."""
    from haochaping.registry.operations import import_registry
    from haochaping.simulation.sender import sender

    import_registry(directory=demo.CITY, now=now(), actor="drill")
    client = sender(now=now())
    seen = Counter[str]()
    with asyncio.Runner() as runner, intake_services(runner) as services:
        first, second = two_places(services)
        for number in range(0, races, PART):
            size = min(PART, races - number)
            records = [record(random, first, f"RACE{number + each}", now() - AGO) for each in range(size)]
            corrected = [each | served_by(second) for each in records]
            ids = runner.run(reported(client, services, records))
            made = Races(ids, corrected, _pair(first), _pair(second))
            seen += runner.run(_race(client, services, made, random))
    return [
        Figure("citizen against the sender's correction", races, "races"),
        some("rated as of before the correction", seen["old"], "races"),
        some("rated as of after it", seen["new"], "races"),
        none("not told of a receipt", seen["refused"], "races"),
        none("rated with one of the old and one of the new, or neither", seen["mixed"], "races"),
        none("rated before it and moved", seen["moved"], "races"),
        none("rated after it and not moved", seen["stale"], "races"),
        none("correction not taken, or not kept", seen["uncorrected"], "races"),
    ]


def two_places(services: Services) -> tuple[Place, Place]:
    """Two windows of one organisation with staff of their own."""
    found: dict[str, Place] = {}
    for each in places(services.directory.current(), local_day(now() - AGO)):
        other = found.setdefault(each.organisation.code, each)
        if other.window.code != each.window.code and other.staff.code != each.staff.code:
            return other, each
    raise CouldNotRun("the registry has no organisation with two windows")


def served_by(place: Place) -> dict[str, str]:
    """The fields that say so."""
    return {
        "windowNo": place.window.code,
        "proManagerNo": place.staff.code,
        "proManager": place.staff.name,
    }


def _pair(place: Place) -> Pair:
    return place.window.id, place.staff.id


async def reported(client: Client, services: Services, records: Sequence[dict[str, str]]) -> list[UUID]:
    """The ids of their claims. Raises CouldNotRun when one of them cannot be rated."""
    judged = await called(client, services, records)
    ids = [each.rateable for each in judged if each.rateable is not None]
    if len(ids) != len(records):
        raise CouldNotRun(f"of {len(records)} occasions {len(ids)} can be rated")
    return ids


async def called(client: Client, services: Services, records: Sequence[dict[str, str]]) -> list[Judged]:
    """What becomes of them in one call."""
    return await judge_and_store(client, bulk.read(ndjson(list(records)), "application/x-ndjson"), services)


async def _race(client: Client, services: Services, made: Races, random: Random) -> Counter[str]:
    """Some are rated before, some after, and all others while the corrections are stored call by call."""
    seen = Counter[str]()

    async def rate(place: int) -> None:
        kind = await rated(services.writer, made.ids[place], now())
        seen["refused"] += kind is not Kind.CREATED

    async def correct(places: Sequence[int]) -> None:
        judged = await called(client, services, [made.corrections[place] for place in places])
        seen["uncorrected"] += sum(each.verdict is not Verdict.UPDATED for each in judged)

    order = random.sample(range(len(made.ids)), len(made.ids))
    before, after, others = order[:UNDISTURBED], order[-UNDISTURBED:], order[UNDISTURBED:-UNDISTURBED]
    await each_of(before, rate)
    calls = [correct(part) for part in parts(random.sample(order, len(order)), A_CALL)]
    await asyncio.gather(_slowly(others, rate), *calls)
    await each_of(after, rate)
    found = await _found(services, made)
    seen += Counter(_whose(each, made) for each in found)
    seen["moved"] += sum(_whose(found[place], made) != "old" for place in before)
    seen["stale"] += sum(_whose(found[place], made) != "new" for place in after)
    seen["uncorrected"] += sum((each["window_id"], each["staff_id"]) != made.new for each in found)
    return seen


async def _slowly(order: Sequence[int], rate: Callable[[int], Awaitable[None]]) -> None:
    """A few at a time, for as long as there are corrections to come."""
    for part in parts(order, AT_ONCE // 2):
        await each_of(part, rate)
        await asyncio.sleep(PAUSE)


async def _found(services: Services, made: Races) -> "list[asyncpg.Record]":
    async with services.pool.acquire() as connection:
        rows: list[asyncpg.Record] = await connection.fetch(SERVED, made.ids)
    return rows


def _whose(row: "asyncpg.Record", made: Races) -> str:
    """Of which time window and staff of the rating are."""
    pair = row["rated_window"], row["rated_staff"]
    return {made.old: "old", made.new: "new"}.get(pair, "mixed")
