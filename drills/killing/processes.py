"""Who runs on the stage, and their end without warning."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final

from haochaping.cli.stage import Stage

Find = Callable[[Stage, Random], Sequence[int]]


def kill(stage: Stage, processes: Sequence[int]) -> None:
    """kill -9, in this order, until those that the stage started are dead. Who has ended meanwhile is let be."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    server = stage.cluster.child if stage.cluster else None
    for child in (*stage.children, *([server] if server else [])):
        if child.process.pid in processes:
            child.process.wait()


@contextmanager
def frozen(stage: Stage) -> Iterator[None]:
    """The database stands still, all its processes, for as long as the block lasts."""
    processes = _database(stage, Random())  # noqa: S311 - nothing is drawn
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def resident(process: int) -> int:
    """MiB of memory that the process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def family(process: int) -> list[int]:
    """The process and all that it started, and they in turn."""
    children: dict[int, list[int]] = {}
    for number, parent in _parents():
        children.setdefault(parent, []).append(number)
    found = [process]
    for each in found:
        found += children.get(each, ())
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])


def _ours(stage: Stage, _: Random) -> list[int]:
    """Everything that takes calls, however many processes it is."""
    return [each for child in stage.children for each in family(child.process.pid)]


def _one_of_ours(stage: Stage, random: Random) -> list[int]:
    return [random.choice(_ours(stage, random))]


def _database(stage: Stage, _: Random) -> list[int]:
    """The postmaster first: it would start its backends anew."""
    child = stage.cluster.child if stage.cluster else None
    return family(child.process.pid) if child else []


def _backend(stage: Stage, random: Random) -> list[int]:
    """One of the database's processes; the postmaster ends the others and starts anew by itself."""
    return [random.choice(_database(stage, random)[1:])]


def _everything(stage: Stage, random: Random) -> list[int]:
    return [*_database(stage, random), *_ours(stage, random)]


VICTIMS: Final[Mapping[str, Find]] = {
    "all that take calls": _ours,
    "the database": _database,
    "one of those that take calls": _one_of_ours,
    "everything at once": _everything,
    "one process of the database": _backend,
}
