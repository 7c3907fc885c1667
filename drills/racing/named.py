"""A rating by a window's static code that names its case, against the citizen's link, the sweep and the sender's correction:
whoever takes the claim first has it, and a rating that was received in time beats the default. One outcome each.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from drills.racing.corrections import A_CALL, called, reported, served_by, two_places
from drills.racing.raters import each_of, parts, rated
from drills.rating.ground import none, some
from haochaping.cases.static_code import StaticCode
from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import now
from haochaping.intake.services import Services
from haochaping.intake.static_ratings import CHANNEL, place_rated, rating_id, store_rating
from haochaping.intake.submission import Kind, Submission
from haochaping.ratings.rules import RatingContent
from haochaping.simulation.served import Place, record

AGO = timedelta(minutes=20)
# By then silence has counted, and all days are over.
LATER = timedelta(days=15)
PART = 200
A_FEW = 4
PAUSE = 0.02
# Of so many every second one is rated by its link before anything else happens.
EARLY = 20
# Other than that of those who rate by the link: which of both is counted shows in the tallies.
LEVEL = 4

OUTCOMES = """
SELECT
  count(r.id)::int AS linked, count(m.rating_id)::int AS matched,
  count(*) FILTER (WHERE d.id IS NOT NULL AND d.superseded_at IS NULL)::int AS silent,
  count(*) FILTER (WHERE (r.id IS NOT NULL)::int + (m.rating_id IS NOT NULL)::int + (w.id IS NOT NULL)::int
                         + (d.id IS NOT NULL AND d.superseded_at IS NULL)::int <> 1)::int AS wrong
FROM unnest($1::uuid[]) AS raced (id)
LEFT JOIN ratings_rating r ON r.id = raced.id LEFT JOIN ratings_match m ON m.claim_id = raced.id
LEFT JOIN ratings_defaultrating d ON d.id = raced.id LEFT JOIN cases_waiting w ON w.id = raced.id
"""
COUNTED = """
SELECT coalesce(sum(n5), 0)::int AS linked, coalesce(sum(n4), 0)::int AS matched, coalesce(sum(d3), 0)::int AS silent
FROM tallies_change
"""


def run(races: int, random: Random) -> list[Figure]:
    """On a stage where nothing else waits to be rated. In Kunming's registry, imported here. Raises CouldNotRun."""
    from haochaping.registry.operations import import_registry
    from haochaping.simulation.sender import sender

    import_registry(directory=demo.CITY, now=now(), actor="drill")
    client = sender(now=now())
    seen = Counter[str]()
    with asyncio.Runner() as runner, intake_services(runner) as services:
        first, second = two_places(services)
        for number in range(0, races, PART):
            size, at = min(PART, races - number), now() - AGO
            records = [record(random, first, f"NAMED{number + each}", at) for each in range(size)]
            ids = runner.run(reported(client, services, records))
            moved = [each | served_by(second) for each in records[::4]]

            async def correct(calls: Sequence[dict[str, str]] = moved) -> None:
                for part in parts(calls, A_CALL):
                    await called(client, services, part)

            named = [(each["projectNo"], at + timedelta(minutes=1)) for each in records]
            seen += runner.run(_race(services, first, ids, named, correct))
    return [
        Figure("named cases against link, sweep and correction", races, "races"),
        some("the link first", seen["linked"], "races"),
        Figure("the link too late", races // 2 - seen["linked"], "races"),
        some("the named case first, or in place of the default", seen["matched"], "races"),
        none("more than one outcome, or none", seen["wrong"], "races"),
        none("told otherwise than stored", seen["mistold"], "races"),
        none("named, and in no tally or in two", seen["uncounted"], "races"),
    ]


async def _race(
    services: Services,
    place: Place,
    ids: Sequence[UUID],
    named: Sequence[tuple[str, datetime]],
    correct: Callable[[], Coroutine[Any, Any, None]],
) -> Counter[str]:
    before = await _row(services, COUNTED)
    for number, at in named:
        await _name(services, place, number, at)
    told = 0

    async def rate(claim_id: UUID) -> None:
        nonlocal told
        kind = await rated(services.writer, claim_id, now())
        told += kind is Kind.CREATED

    async def slowly() -> None:
        """From the first match on, for as long as the others are at it; the first of them before."""
        await each_of(ids[1:EARLY:2], rate)
        while not matching.done() and not (await _row(services, OUTCOMES, list(ids)))["matched"]:
            await asyncio.sleep(PAUSE)
        for part in parts(ids[EARLY + 1 :: 2], A_FEW):
            await each_of(part, rate)
            await asyncio.sleep(PAUSE)

    later = now() + LATER
    matching = asyncio.ensure_future(asyncio.to_thread(_matched, later))
    await asyncio.gather(
        matching,
        slowly(),
        correct(),
        asyncio.to_thread(_swept, later),
        asyncio.to_thread(_matched, later),
    )
    await asyncio.to_thread(_swept, later)
    await asyncio.to_thread(_matched, later + LATER)
    found, after = await _row(services, OUTCOMES, list(ids)), await _row(services, COUNTED)
    uncounted = sum(abs(after[each] - before[each] - found[each]) for each in ("linked", "matched", "silent"))
    return Counter(
        linked=found["linked"],
        matched=found["matched"],
        wrong=found["wrong"],
        mistold=abs(told - found["linked"]),
        uncounted=uncounted,
    )


async def _name(services: Services, place: Place, number: str, at: datetime) -> None:
    """Each from a device of its own."""
    found = place_rated(services, StaticCode("window", place.window.id), at)
    if found is None:
        raise CouldNotRun("the rules do not rate this window without a case")
    profile = found.governed.rules(level=LEVEL, named=False)
    content = RatingContent(
        level=LEVEL, bad=False, tags=(), text="", named=False, submission=secrets.token_bytes(16)
    )
    submission = Submission(
        found.seal_id, content, profile.label, CHANNEL, at, address=secrets.token_bytes(32)
    )
    own = rating_id(found, submission, profile, spent=timedelta(0))
    await store_rating(services, found, replace(submission, occasion_id=own), case_number=number)


async def _row(services: Services, statement: str, *arguments: object) -> asyncpg.Record:
    async with services.pool.acquire() as connection:
        row = await connection.fetchrow(statement, *arguments)
    if row is None:
        raise CouldNotRun("the database did not count")
    return row


def _matched(later: datetime) -> None:
    from django.db import connection

    from haochaping.ratings.operations import match_named_cases

    try:
        match_named_cases(now=later)
    finally:
        connection.close()


def _swept(later: datetime) -> None:
    from django.db import connection

    from haochaping.ratings.operations import default_due

    try:
        while default_due(now=later, limit=20):
            continue
    finally:
        connection.close()
