"""Cuts answers after the COMMIT, PostgreSQL's to the door and the door's to the citizen: the same receipt comes again."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from drills.cutting.wire import Wire, wire
from drills.killing.rising import quiet
from drills.rating.ground import Held, held, none, some, tokens
from drills.rating.saying import Said, Tally, both_ways, say, say_all, until_told
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import HOST, Stage, stage
from haochaping.starter.progress import Say

CONNECTIONS = 8
# Commits hold one rating for each connection at most, and every second one is lost.
RATINGS_A_COMMIT = 3 * CONNECTIONS
STORED = "SELECT count(*) FROM ratings_rating"
STORED_WITHIN = 60.0


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1,000 answers of the door cut on their way, 1,000 before they come, and 1,000 commits that the door never hears of;
    or 50 of each."""
    cuts = 50 if quick else 1_000
    with stage(say) as set_up:
        said = both_ways(asyncio.run(tokens(set_up.dsn, cuts * (2 + RATINGS_A_COMMIT))))
        on_the_way, gone, behind = said[:cuts], said[cuts : 2 * cuts], said[2 * cuts :]
        folder = set_up.layout.data / "wire"
        folder.mkdir()
        with wire(_server(set_up), folder, most=cuts) as between:
            real, ours = (quote(str(each), safe="") for each in (_server(set_up), folder))
            os.environ["DATABASE_URL"] = set_up.dsn.replace(real, ours)
            set_up.start_door()
            say(f"losing PostgreSQL's answer to {cuts:,} commits")
            tally = asyncio.run(_between_door_and_database(set_up, behind, between))
            say(f"losing {cuts:,} answers of the door")
            again = asyncio.run(_between_door_and_citizen(set_up, on_the_way, gone))
            other = asyncio.run(_others(set_up, on_the_way + gone))
            found: Held = asyncio.run(held(set_up.dsn, said))
            set_up.stop()
    return [
        Figure("commits of which the door did not hear", between.cut, "commits", goal=f"value = {cuts}",
               goal_met=between.cut == cuts),
        some("ratings in them, known again", tally.statuses[200], "ratings"),
        Figure("answers cut on their way to the citizen", len(on_the_way), "answers"),
        Figure("citizens gone before the answer", len(gone), "answers"),
        Figure("sent again and known again", again.statuses[200], "ratings", goal=f"value = {2 * cuts}",
               goal_met=again.statuses[200] == 2 * cuts),
        none("answered with another receipt", tally.otherwise + again.otherwise, "ratings"),
        none("another submission for the same not refused", other, "ratings"),
        none("refused or broken", tally.refused() + again.refused() + tally.broken + again.broken, "answers"),
        *found.figures(),
    ]  # fmt: skip


def _server(set_up: Stage) -> Path:
    """Where the database's own socket is. Raises CouldNotRun."""
    if set_up.cluster is None:
        raise CouldNotRun("the database's server is not the stage's own")
    return set_up.cluster.sockets


async def _between_door_and_database(set_up: Stage, said: Sequence[Said], between: Wire) -> Tally:
    """The door asks again by itself: nobody notices, but that some are told 200."""
    tally, stop = Tally(), asyncio.Event()

    def answered() -> None:
        if between.cut >= between.most:
            stop.set()

    await say_all(set_up.port, said, tally, connections=CONNECTIONS, stop=stop, answered=answered)
    return tally


async def _between_door_and_citizen(set_up: Stage, on_the_way: Sequence[Said], gone: Sequence[Said]) -> Tally:
    """What became of those that were sent again: each gets the receipt of the answer that was lost."""
    first = Tally()
    # Read by whoever cut the line, never by the citizen.
    await say_all(set_up.port, on_the_way, first, connections=CONNECTIONS)
    before = await _stored(set_up)
    for each in gone:
        _, writer = await asyncio.open_connection(HOST, set_up.port)
        writer.write(each.request())
        await writer.drain()
        writer.transport.abort()
    await _wait_for(set_up, before + len(gone))
    again = Tally()
    await say_all(set_up.port, [*on_the_way, *gone], again, connections=CONNECTIONS)
    await until_told(set_up.port, [*on_the_way, *gone], again, connections=CONNECTIONS)
    again.broken += first.broken
    return again


async def _stored(set_up: Stage) -> int:
    connection = await quiet(set_up.dsn)
    try:
        number: int = await connection.fetchval(STORED)
        return number
    finally:
        await connection.close()


async def _wait_for(set_up: Stage, number: int) -> None:
    """Raises CouldNotRun when what was sent and not waited for is not stored in time."""
    async with asyncio.timeout(STORED_WITHIN):
        while await _stored(set_up) < number:
            await asyncio.sleep(0.1)


async def _others(set_up: Stage, said: Sequence[Said]) -> int:
    """How many answers to another submission for what is rated are not the one that all who come too late get."""
    tally = Tally()
    reader, writer = await asyncio.open_connection(HOST, set_up.port)
    try:
        for each in said:
            stranger = Said(each.token, level=1, by_form=each.by_form)
            await say(reader, writer, stranger, tally)
    finally:
        writer.close()
    return tally.statuses.total() - tally.statuses[410]
