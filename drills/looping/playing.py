"""Several processes play with the same few orders at once, in a story's own time: officials, the raters, the sweeps."""

import asyncio
import multiprocessing
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from drills.looping.officials import DONE, Turn, play
from drills.looping.raters import Rater, say
from drills.looping.sweeps import sweep
from drills.looping.town import Town
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import CN
from haochaping.intake.services import Services

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

RATERS: Final = "raters"
SWEEPS: Final = "sweeps"
# Of a hundred moves so many are theirs; the officials share the rest.
_SHARES: Final = {RATERS: 12, SWEEPS: 8}
# So much time passes at most between two sweeps.
_HOURS: Final = 60


@dataclass(frozen=True, slots=True)
class Share:
    """What one is to do in a round: so many moves with these orders, and their raters."""

    orders: Sequence[UUID]
    raters: Sequence[Rater]
    moves: int
    seed: int


@dataclass(slots=True)
class Played:
    """What one did: how often each act became what (`DONE`, the code of a refusal, "broke"), on which order each was done,
    and what broke."""

    became: Counter[tuple[str, str]] = field(default_factory=Counter)
    done: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    broke: list[str] = field(default_factory=list)


class Players:
    """One process for each; they know the story's time."""

    def __init__(self, town: Town, begun: datetime) -> None:
        context = multiprocessing.get_context("fork")
        self._begun = begun
        self._clock: Synchronized[float] = context.Value("d", begun.timestamp())
        self._pipes: dict[str, Connection] = {}
        self._processes = []
        for name in (*town.officials, *_SHARES):
            here, there = context.Pipe()
            self._pipes[name] = here
            ends = tuple(self._pipes.values())
            process = context.Process(target=_work, args=(there, ends, name, town, self._clock), daemon=True)
            process.start()
            there.close()
            self._processes.append(process)

    def now(self) -> datetime:
        return _now(self._clock)

    def begin(self) -> None:
        """The story begins anew."""
        self._clock.value = self._begun.timestamp()

    def play(self, orders: Sequence[UUID], raters: Sequence[Rater], moves: int, random: Random) -> Played:
        """All at once; what they did together. Raises CouldNotRun when one is gone."""
        officials = len(self._pipes) - len(_SHARES)
        for name, pipe in self._pipes.items():
            part = _SHARES.get(name, (100 - sum(_SHARES.values())) / officials)
            pipe.send(Share(orders, raters, round(moves * part / 100), random.getrandbits(32)))
        together = Played()
        for name, pipe in self._pipes.items():
            try:
                one: Played = pipe.recv()
            except EOFError:
                raise CouldNotRun(f"{name} is gone") from None
            together.became += one.became
            together.done += one.done
            together.broke += one.broke
        return together

    def stop(self) -> None:
        for pipe in self._pipes.values():
            pipe.close()
        for process in self._processes:
            process.join(10)
            process.kill()


@contextmanager
def players(town: Town, begun: datetime) -> Iterator[Players]:
    """They are there within the block."""
    from django.db import connections

    connections.close_all()  # no connection is shared with the processes
    found = Players(town, begun)
    try:
        yield found
    finally:
        found.stop()


def _now(clock: "Synchronized[float]") -> datetime:
    return datetime.fromtimestamp(clock.value, CN)


def _work(
    pipe: Connection, ends: Sequence[Connection], name: str, town: Town, clock: "Synchronized[float]"
) -> None:
    """Plays its share of each round until nobody is at the other end any more. `ends`: the other ones, which only whoever
    hands out the shares may hold open."""
    for each in ends:
        each.close()
    if name == RATERS:
        with asyncio.Runner() as runner, intake_services(runner) as services:
            _rounds(pipe, lambda share, played: runner.run(_said(services, share, clock, played)))
    elif name == SWEEPS:
        _rounds(pipe, lambda share, played: _swept(share, clock, played))
    else:
        _rounds(pipe, lambda share, played: _acted(name, town, share, clock, played))


def _rounds(pipe: Connection, part: Callable[[Share, Played], None]) -> None:
    while True:
        try:
            share: Share = pipe.recv()
        except EOFError:
            return
        played = Played()
        part(share, played)
        pipe.send(played)


def _acted(name: str, town: Town, share: Share, clock: "Synchronized[float]", played: Played) -> None:
    random = Random(share.seed)  # noqa: S311 - who does what, no secret
    for _ in range(share.moves):
        turn = Turn(town, name, random.choice(share.orders), _now(clock), random)
        try:
            tried = play(turn)
        except Exception:
            _broke(played, name)
            continue
        played.became[tried.act, tried.became] += 1
        if tried.became == DONE:
            played.done[tried.order_id, tried.act] += 1


async def _said(services: Services, share: Share, clock: "Synchronized[float]", played: Played) -> None:
    random = Random(share.seed)  # noqa: S311 - who says what, no secret
    for _ in range(share.moves):
        try:
            what, fate = await say(services, random.choice(share.raters), _now(clock), random)
        except Exception:
            _broke(played, RATERS)
            continue
        played.became[f"ratings.{what}", fate.value] += 1
        # The raters take as long as officials do, so that they speak in the middle of it.
        await asyncio.sleep(random.random() / 20)


def _swept(share: Share, clock: "Synchronized[float]", played: Played) -> None:
    """Time passes by the sweeps alone, and never backwards."""
    random = Random(share.seed)  # noqa: S311 - how long, no secret
    for _ in range(share.moves):
        clock.value += timedelta(hours=random.randint(1, _HOURS)).total_seconds()
        try:
            played.became["sweep", DONE] += sweep(_now(clock))
        except Exception:
            _broke(played, SWEEPS)


def _broke(played: Played, name: str) -> None:
    from django.db import connections

    played.became[name, "broke"] += 1
    played.broke.append(traceback.format_exc())
    connections.close_all()
