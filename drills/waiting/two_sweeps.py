"""Two sweeps at once of which one is killed (kill -9), again and again: the same for whatever is swept."""

import multiprocessing
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Final

from haochaping.cli.figures import CouldNotRun

AT_ONCE: Final = 2
BEFORE_THE_KILL: Final = (0.0, 0.1)
# So many for two sweeps of which one is killed, in steps so small that they are in the middle of it for a while.
A_KILL: Final = 10_000
STEP: Final = 100
PATIENCE: Final = 600.0


@dataclass(frozen=True)
class Sweeps:
    """`store` puts A_KILL there that are due, in the how-manieth round; `step` takes STEP of them, and says whether there
    were any; `rest` takes all that is there, as the job does; `calm` waits until what a dead one held is given back. `left`:
    the SQL that counts what is due."""

    store: Callable[[int], None]
    step: Callable[[], bool]
    rest: Callable[[], object]
    calm: Callable[[], object]
    left: str


def sweep_and_kill(sweeps: Sweeps, kills: int) -> tuple[int, int]:
    """Two processes sweep and one of them is killed; the other goes on, and the next minute's sweep takes what it left. That
    until so many were killed in the middle of it: how many were, in how many rounds. Raises CouldNotRun."""
    from django.db import connections

    limit, killed, rounds = time.monotonic() + PATIENCE, 0, 0
    while killed < kills:
        rounds += 1
        connections.close_all()  # no connection is shared with the processes
        sweeps.store(rounds)
        victim, other = (_start(sweeps) for _ in range(AT_ONCE))
        _wait_until_begun(sweeps.left, limit)
        time.sleep(random.uniform(*BEFORE_THE_KILL))  # noqa: S311 - when, not what
        killed += victim.is_alive()
        victim.kill()
        victim.join()
        other.join(PATIENCE)
        if other.exitcode != 0:
            raise CouldNotRun(f"a sweep ended with {other.exitcode}")
        sweeps.rest()
    sweeps.calm()
    sweeps.rest()
    return killed, rounds


def _wait_until_begun(count: str, limit: float) -> None:
    """Until some are swept, so that the kill comes in the middle. Raises CouldNotRun."""
    from django.db import connection

    left = A_KILL
    while left >= A_KILL:
        with connection.cursor() as cursor:
            cursor.execute(count)
            left = cursor.fetchone()[0]
        if time.monotonic() > limit:
            raise CouldNotRun("the sweeps do not begin")


def _start(sweeps: Sweeps) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_sweep_all, args=(sweeps,))
    process.start()
    return process


def _sweep_all(sweeps: Sweeps) -> None:
    while sweeps.step():
        continue
