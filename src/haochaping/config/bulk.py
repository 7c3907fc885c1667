"""A bulk process, as the door starts it: `python -m haochaping.config.bulk SOCKET NICENESS`, the socket open already.

From the environment: what the door has. Ends when the door has gone, and at nobody else's word.
"""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import replace

import uvloop

from haochaping.config import logs
from haochaping.config.services import services
from haochaping.intake.bulk_work import work
from haochaping.intake.processes import SMALL_AT_ONCE
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.tags import Tags


def main(descriptor: int, niceness: int) -> None:
    """Works until the door has gone. Raises what asyncpg raises when the database is away."""
    logs.set_up()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(niceness)
    with (
        socket.socket(fileno=descriptor) as door,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_run(door))


async def _run(door: socket.socket) -> None:
    base_url = os.environ.get("HAOCHAPING_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    async with services(os.environ["DATABASE_URL"], base_url, RulesKeeper(), Tags.load()) as found:
        # How many calls there are at once is the door's to say.
        await work(door, replace(found, bulk=asyncio.Semaphore(SMALL_AT_ONCE)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
