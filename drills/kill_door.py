"""Kills the door and PostgreSQL (kill -9) in the middle of submissions: what was acknowledged is there, once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle, islice
from random import Random
from typing import Final

from drills.killing.processes import VICTIMS, Find, kill
from drills.killing.rising import READY_LIMIT, rise
from drills.rating.ground import held, none, some, tokens, within
from drills.rating.saying import Said, Tally, both_ways, say_all, until_told
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.starter.progress import Say

DOOR, DATABASE = "all that take calls", "the database"
# Of every five kills.
TURNS: Final = (DOOR, DOOR, DATABASE, DOOR, DOOR)
EACH = 400
CONNECTIONS = 32
# So many of a round are answered at most before the kill, which comes a moment later: always in the middle of others.
MOST_ANSWERS = 200
THEN_AFTER = (0.0, 0.02)
READY_SECONDS = 30


def run(*, quick: bool, say: Say) -> list[Figure]:
    """200 kills of the door and 50 of PostgreSQL over 100,000 submissions, or 4 and 1 over 2,000."""
    kills = 5 if quick else 250
    random = Random(20_261_123)  # noqa: S311 - when, no secret
    tally, turns, unanswered = Tally(), Counter[str](), 0
    slowest = 0.0
    with stage(say) as set_up:
        said = both_ways(asyncio.run(tokens(set_up.dsn, kills * EACH)), level=1)
        set_up.start_door()
        for number, name in enumerate(islice(cycle(TURNS), kills)):
            say(f"kill {number + 1} of {kills}: {name}")
            part = said[number * EACH : (number + 1) * EACH]
            asyncio.run(_rate_and_kill(set_up, part, tally, VICTIMS[name], random))
            unanswered += sum(each.receipt is None for each in part)
            turns[name] += 1
            slowest = max(slowest, rise(set_up, say))
            asyncio.run(until_told(set_up.port, part, tally, connections=CONNECTIONS))
        found = asyncio.run(held(set_up.dsn, said))
    return [
        Figure("kills of the door", turns[DOOR], "kills"),
        Figure("kills of PostgreSQL", turns[DATABASE], "kills"),
        Figure("submissions", len(said), "ratings"),
        some("acknowledged", sum(each.receipt is not None for each in said), "ratings"),
        some("not answered for a kill, and sent again", unanswered, "ratings"),
        some("of these stored all the same", tally.statuses[200], "ratings"),
        *found.figures(),
        none("answered with another receipt when sent again", tally.otherwise, "ratings"),
        none("refused", tally.refused(), "answers"),
        within("slowest rising", slowest, READY_SECONDS, quick=quick),
    ]


async def _rate_and_kill(
    set_up: Stage, said: Sequence[Said], tally: Tally, find: Find, random: Random
) -> None:
    """After some answers, in the middle of what follows; nobody sends anything any more then."""
    stop, soon = asyncio.Event(), asyncio.Event()
    answers = iter(range(random.randrange(MOST_ANSWERS)))

    def answered() -> None:
        if next(answers, None) is None:
            soon.set()

    sending = asyncio.create_task(
        say_all(set_up.port, said, tally, connections=CONNECTIONS, stop=stop, answered=answered)
    )
    with suppress(TimeoutError):
        await asyncio.wait_for(soon.wait(), READY_LIMIT)
    await asyncio.sleep(random.uniform(*THEN_AFTER))
    kill(set_up, find(set_up, random))
    stop.set()
    await sending
