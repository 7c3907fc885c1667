"""Makes a city's past: services, ratings and silence by set-based statements, orders through the operations of the room.

What is counted, waited for, kept and set off is what a real city would leave, by the same fragments and rules; every
rating carries the origin `simulation`.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from haochaping.audit import queries as audit
from haochaping.foundation.clock import local_day
from haochaping.intake.services import Services
from haochaping.publication.operations import freeze_departments
from haochaping.publication.operations.breakdowns import freeze_breakdown
from haochaping.simulation import marginals
from haochaping.simulation.filling.batches import FILLED, Filled, Ground, fill, subject
from haochaping.simulation.filling.drawing import tag_rows
from haochaping.simulation.filling.ruling import Rules
from haochaping.simulation.orders.leading import lead
from haochaping.simulation.permitted import check_permitted
from haochaping.simulation.runs import Asked, Run, alone, begin, finish
from haochaping.simulation.spread import Piece, pieces, portions
from haochaping.tallies.operations import fold

Say = Callable[[str], None]
# At once, each on a connection of its own; after so many portions what they counted is folded.
_WORKERS: Final = 2
_TOGETHER: Final = 8
_LIMIT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulated city holds; `digest`: hexadecimal SHA-256 of its services, ratings and texts, the same for the same
    seed."""

    occasions: int
    ratings: int
    bad: int
    defaults: int
    late: int
    orders: int
    acts: int
    objections: int
    revisits: int
    digest: str


def simulate(asked: Asked, *, now: datetime, services: Services, runner: asyncio.Runner, say: Say) -> Report:
    """Makes the city, or the rest of it after a kill. `services` as the door has them; `runner` is the event loop in which
    they were made. Raises NotFound and Conflict as `check_permitted`, `begin` and the rules do, NotFound for an unknown
    shape."""
    with alone():
        check_permitted(local_day(now))
        run = begin(asked, now=now)
        ground = ground_of(run, services)
        filled, digest = fill_all(ground, run, runner, now, say)
        led = lead(ground, say=say)
        _folded()
        freeze_departments(now=now, replace=True)
        freeze_breakdown(now=now, replace=True)
        counts = {name: number for name, number in asdict(filled).items() if name != "digest"}
        finish(run, digest=digest, detail={**counts, **asdict(led)}, now=now)
        return Report(**counts, **asdict(led), digest=digest)


def ground_of(run: Run, services: Services) -> Ground:
    """On what the portions of a run are drawn. Raises NotFound for an unknown shape."""
    shape = marginals.read(run.asked.shape)
    rules = Rules(services.rulebook, services.directory.current())
    return Ground(services, shape, run.asked.seed, run.cut, run.name, rules, tag_rows(shape, services.tags))


def planned(ground: Ground, run: Run) -> Sequence[Sequence[Piece]]:
    """The portions of a run, always the same."""
    occasions = int(run.asked.ratings / ground.shape.rated.share)
    calendar = ground.services.rulebook.calendar
    found = pieces(ground.shape, calendar, occasions=occasions, first=run.first, days=run.asked.days)
    return list(portions(found))


def fill_all(ground: Ground, run: Run, runner: asyncio.Runner, now: datetime, say: Say) -> tuple[Filled, str]:
    """Stores all portions but those that are there already; what all hold together, and the digest of all."""
    found: dict[int, Filled] = {}
    todo = []
    for number, portion in enumerate(planned(ground, run)):
        kept = audit.last(FILLED, subject=subject(run.name, number))
        if kept is None:
            todo.append((number, portion))
        else:
            found[number] = Filled(**kept.detail)
    whole = len(found) + len(todo)
    for some in _some(todo):
        say(f"simulating {some[0][1][0].day.isoformat()} ({len(found)} of {whole} portions)")
        found |= runner.run(_together(ground, some, now))
        _folded()
    digest = sha256("".join(found[number].digest for number in sorted(found)).encode()).hexdigest()
    return sum(found.values(), Filled()), digest


def _some(todo: Sequence[tuple[int, Sequence[Piece]]]) -> Iterator[Sequence[tuple[int, Sequence[Piece]]]]:
    for begun in range(0, len(todo), _TOGETHER):
        yield todo[begun : begun + _TOGETHER]


async def _together(
    ground: Ground, some: Sequence[tuple[int, Sequence[Piece]]], now: datetime
) -> dict[int, Filled]:
    """Several at once, whole or not at all each; the first that fails ends all."""
    waiting, done = list(reversed(some)), dict[int, Filled]()

    async def work() -> None:
        while waiting:
            number, portion = waiting.pop()
            done[number] = await fill(ground, number, portion, now=now)

    async with asyncio.TaskGroup() as group:
        for _ in range(_WORKERS):
            group.create_task(work())
    return done


def _folded() -> None:
    while fold(limit=_LIMIT):
        pass
