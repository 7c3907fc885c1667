"""Restarts two doors in turn behind one address while 100 people a second rate: nobody notices."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from drills.rating.ground import held, none, some, tokens
from drills.rating.saying import Said, Tally, both_ways
from drills.rolling.front import Front
from drills.rolling.pace import A_SECOND, at_pace, failed
from haochaping.cli.figures import Figure
from haochaping.cli.stage import HOST, free_port, stage
from haochaping.starter.progress import Say

# A restart takes some seconds; on a busy machine many.
SECONDS_A_RESTART = 30


def run(*, quick: bool, say: Say) -> list[Figure]:
    """20 restarts, or 2."""
    restarts = 2 if quick else 20
    tally, over = Tally(), threading.Event()
    with stage(say) as set_up, ThreadPoolExecutor(1) as aside:
        second = replace(set_up, port=free_port(), children=[])
        said = both_ways(asyncio.run(tokens(set_up.dsn, restarts * SECONDS_A_RESTART * A_SECOND)))
        doors, front = (set_up, second), Front([set_up.port, second.port])
        try:
            for door in doors:
                door.start_door()
            rating = aside.submit(asyncio.run, _rate(front, said, tally, over))
            for number in range(restarts):
                say(f"restart {number + 1} of {restarts}")
                doors[number % 2].stop()
                doors[number % 2].start_door()
        finally:
            over.set()
            second.stop()
        came = rating.result()
        found = asyncio.run(held(set_up.dsn, came))
    slowest = max((each.seconds for each in tally.answers), default=0.0)
    return [
        Figure("restarts", restarts, "restarts"),
        some("ratings meanwhile", len(came), "ratings"),
        none("failed", failed(tally), "ratings"),
        some("sent on to the other door", front.sent_on, "requests"),
        Figure("slowest answer", round(slowest * 1000), "ms"),
        *found.figures(),
    ]


async def _rate(front: Front, said: Sequence[Said], tally: Tally, over: threading.Event) -> list[Said]:
    listening = await asyncio.start_server(front.serve, HOST, 0)
    try:
        address: int = listening.sockets[0].getsockname()[1]
        return await at_pace(address, said, tally, over=over.is_set)
    finally:
        listening.close()
