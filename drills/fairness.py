"""One sender reports seven times its usual volume: how much longer the others wait for their answers."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import HOST, stage
from haochaping.foundation.clock import now
from haochaping.simulation.reporters import signed
from haochaping.simulation.served import Place, ndjson, places, record
from haochaping.starter.progress import Say

AUTHORITY = "11535863MB36169043"
CITY = Path(__file__).resolve().parents[1] / "src/haochaping/simulation/cities/kunming"
OTHERS = 8
# What a sender sends as a rule: calls a second, records a call.
USUAL, RECORDS = 1, 20
LOUDER = 7
MOST_SLOWER = Decimal("1.2")
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Sender:
    """A client with its key, and the place it reports from."""

    name: str
    key: str
    secret: str


@dataclass(slots=True)
class Heard:
    """What the others were answered in one kind of time: seconds of each answer; and the loud one's statuses."""

    seconds: list[float] = field(default_factory=list)
    loud: Counter[int] = field(default_factory=Counter)

    def percentile(self, share: float) -> Decimal:
        """In milliseconds."""
        ordered = sorted(self.seconds)
        found = ordered[min(len(ordered) - 1, int(len(ordered) * share))]
        return Decimal(found * 1000).quantize(Decimal("0.1"))


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Usual and loud times in turn, so that what else the machine does falls on all: five rounds of 3 x 20 s, or two of
    3 x 5 s. In the three times of a round the others send at the same moments: who meets whom by chance would else weigh
    more than the loud one."""
    rounds, seconds = (2, 5) if quick else (5, 20)
    with stage(say) as set_up:
        from haochaping.registry.operations import import_registry

        import_registry(directory=CITY, now=now(), actor="drill")
        loud, *others = (_sender(f"drill-{number}", _twice()) for number in range(OTHERS + 1))
        free = _sender("drill-free", {})
        with asyncio.Runner() as runner, intake_services(runner) as services:
            windows = places(services.directory.current(), now().date())
        set_up.start_door()
        usual, louder, freely = Heard(), Heard(), Heard()
        asyncio.run(_time(set_up.port, loud, others, windows, Heard(), 1, 3, -1))
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}: as usual, then {LOUDER} times as much from one sender")
            asyncio.run(_time(set_up.port, loud, others, windows, usual, 1, seconds, turn))
            asyncio.run(_time(set_up.port, loud, others, windows, louder, LOUDER, seconds, turn))
            asyncio.run(_time(set_up.port, free, others, windows, freely, LOUDER, seconds, turn))
    ratio = (louder.percentile(0.95) / usual.percentile(0.95)).quantize(Decimal("0.01"))
    broken = sum(
        count
        for status, count in (usual.loud + louder.loud + freely.loud).items()
        if status not in (200, 429)
    )
    return [
        Figure("the others' p95 as usual", usual.percentile(0.95), "ms"),
        Figure(
            "the others' p95 beside the loud one",
            louder.percentile(0.95),
            "ms",
            usual.percentile(0.95),
            ratio,
            f"ratio < {MOST_SLOWER}",
            ratio < MOST_SLOWER,
        ),
        Figure(
            "the others' p95 beside one without a limit of its own",
            freely.percentile(0.95),
            "ms",
            usual.percentile(0.95),
            (freely.percentile(0.95) / usual.percentile(0.95)).quantize(Decimal("0.01")),
        ),
        Figure("the others' median as usual", usual.percentile(0.5), "ms"),
        Figure("the others' median beside the loud one", louder.percentile(0.5), "ms"),
        Figure("answers to the others, each time", len(usual.seconds), "answers"),
        Figure("the loud one's calls let in", louder.loud[200], "calls", usual.loud[200]),
        Figure("the loud one's calls told to wait", louder.loud[429], "calls"),
        Figure("other answers to the loud one", broken, "calls", goal="value = 0", goal_met=broken == 0),
    ]


def _twice() -> dict[str, int | None]:
    """The limits that docs/api.md advises to lay down: twice what is usual, and ten seconds of it at once."""
    calls, at_once = 2 * USUAL, 10 * USUAL
    return {
        "calls": calls,
        "calls_burst": at_once,
        "records": calls * RECORDS,
        "records_burst": at_once * RECORDS,
    }


def _sender(name: str, limits: Mapping[str, int | None]) -> Sender:
    from haochaping.accounts.operations.clients import Terms, create_client

    issued = create_client(
        organisation=AUTHORITY,
        rights=["report"],
        actor="drill",
        now=now(),
        platform=name,
        terms=Terms(limits=limits),
    )
    return Sender(name, issued.key, issued.secret)


async def _time(
    port: int,
    loud: Sender,
    others: list[Sender],
    windows: tuple[Place, ...],
    heard: Heard,
    times: int,
    seconds: int,
    turn: int,
) -> None:
    """Everybody sends as often as is due, whatever the answers are: nobody waits for the one before."""
    random = Random(time.time_ns())  # noqa: S311 - invented people
    statuses: Counter[int] = Counter()
    async with asyncio.TaskGroup() as group:
        for sender in others:
            bodies = _bodies(random, windows, sender, USUAL * seconds)
            moments = Random(f"{sender.name} {turn}")  # noqa: S311 - the same in each time of the round
            group.create_task(_send(port, sender, bodies, USUAL, heard.seconds, statuses, moments))
        bodies = _bodies(random, windows, loud, USUAL * times * seconds)
        group.create_task(_send(port, loud, bodies, USUAL * times, [], heard.loud, random))
    if set(statuses) != {200}:
        raise CouldNotRun(f"the others were not served: {statuses}")


def _bodies(random: Random, windows: tuple[Place, ...], sender: Sender, calls: int) -> list[bytes]:
    at = now() - timedelta(hours=1)
    run = f"{sender.name}-{time.time_ns()}"
    return [
        ndjson([record(random, random.choice(windows), f"{run}-{call}-{one}", at) for one in range(RECORDS)])
        for call in range(calls)
    ]


async def _send(
    port: int,
    sender: Sender,
    bodies: list[bytes],
    per_second: int,
    seconds: list[float],
    statuses: Counter[int],
    moments: Random,
) -> None:
    """One call each 1/`per_second` s, at any moment of it; each answer is waited for beside the next call."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    connections = asyncio.Semaphore(CONNECTIONS)

    async def call(body: bytes) -> None:
        async with connections:
            started = time.perf_counter()
            status = await _answered(port, signed(sender.key, sender.secret, body, now=now()))
            seconds.append(time.perf_counter() - started)
            statuses[status] += 1

    async with asyncio.TaskGroup() as group:
        for number, body in enumerate(bodies):
            due = begin + (number + moments.random()) / per_second
            await asyncio.sleep(max(0.0, due - loop.time()))
            group.create_task(call(body))


async def _answered(port: int, request: bytes) -> int:
    """The status of one call on a connection of its own, after the whole answer came."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        return int(head.split(" ", 2)[1])
    finally:
        writer.close()
