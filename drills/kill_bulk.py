"""Kills door and database (kill -9) in the middle of bulk calls: nothing answered is lost, nothing half, resending heals."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import cycle, islice
from random import Random

import asyncpg

from drills.killing.calls import Call, calls
from drills.killing.ledger import Ledger, sent_again
from drills.killing.processes import VICTIMS, Find, kill
from drills.killing.rising import READY_LIMIT, quiet, rise
from drills.killing.senders import Sender
from haochaping.cli import demo
from haochaping.cli.figures import Figure
from haochaping.cli.intake_services import intake_services
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.identity.records import PhraseBook, opened_records
from haochaping.identity.vault import Vault
from haochaping.intake.bulk import canonical
from haochaping.simulation.served import places
from haochaping.starter.progress import Say
from tests.verdicts.orders import standing

PLATFORMS = ("busy-a", "busy-b")
MOST_ANSWERS = 5
THEN_AFTER = (0.0, 0.3)
DIGESTS = """SELECT id, digest FROM cases_occasionversion
UNION ALL SELECT id, digest FROM cases_quarantinedoccasion"""


def run(*, quick: bool, say: Say) -> list[Figure]:
    """100 kills, or 5: each time another one dies."""
    kills = 5 if quick else 100
    random = Random(20_261_123)  # noqa: S311 - when and whom, no secret
    ledger, unanswered, stored = Ledger(), 0, 0
    slowest = 0.0
    with stage(say) as set_up:
        reported = _reported()
        senders = [_sender(name, reported(name)) for name in PLATFORMS]
        set_up.start_door()
        for number, (name, find) in enumerate(islice(cycle(VICTIMS.items()), kills), start=1):
            say(f"kill {number} of {kills}: {name}")
            asyncio.run(_send_and_kill(set_up, senders, ledger, find, random))
            unanswered += sum(sender.open is not None for sender in senders)
            slowest = max(slowest, rise(set_up, say))
            stored += asyncio.run(_look_and_heal(set_up, senders, ledger))
        say("the same calls again, undisturbed")
        unlike, unopened = asyncio.run(_compare(set_up, senders, reported))
    sent = sum(len(sender.sent) for sender in senders)
    wrong = sum(sender.wrong for sender in senders)
    return [
        Figure("kills", kills, "kills"),
        Figure("calls sent", sent, "calls"),
        Figure("not answered for a kill", unanswered, "calls", goal="value > 0",
               goal_met=unanswered > 0),
        Figure("of these stored all the same", stored, "calls"),
        Figure("acknowledged and missing", ledger.lost, "records", goal="value = 0", goal_met=ledger.lost == 0),
        Figure("figures that tell of half a call", len(ledger.half), "figures", goal="value = 0",
               goal_met=not ledger.half),
        Figure("another verdict than due, sent again or not", wrong, "records", goal="value = 0",
               goal_met=wrong == 0),
        Figure("rows that stand otherwise than undisturbed", unlike, "rows", goal="value = 0",
               goal_met=unlike == 0),
        Figure("sealed records that do not open to what was sent", unopened, "records", goal="value = 0",
               goal_met=unopened == 0),
        Figure("slowest rising", round(slowest * 1000), "ms", goal="value <= 60000", goal_met=slowest <= 60),
    ]  # fmt: skip


def _reported() -> Callable[[str], Iterator[Call]]:
    """Makes the calls of a business system by its name, the same ones each time, out of the registry of Kunming."""
    from haochaping.registry.operations import import_registry

    import_registry(directory=demo.CITY, now=now(), actor="drill")
    begun = now() - timedelta(hours=1)
    with asyncio.Runner() as runner, intake_services(runner) as services:
        windows = places(services.directory.current(), begun.date())
    return lambda name: calls(name, windows, begun)


def _sender(platform: str, stream: Iterator[Call]) -> Sender:
    from haochaping.accounts.operations.clients import Terms, create_client

    wide = Terms(limits=dict.fromkeys(("calls", "calls_burst", "records", "records_burst"), 1_000_000))
    issued = create_client(
        organisation=demo.AUTHORITY,
        rights=["report"],
        actor="drill",
        now=now(),
        platform=platform,
        terms=wide,
    )
    return Sender(platform, issued.key, issued.secret, stream)


async def _send_and_kill(
    set_up: Stage, senders: Sequence[Sender], ledger: Ledger, find: Find, random: Random
) -> None:
    """After a few answers, in the middle of what follows."""
    stop, soon = asyncio.Event(), asyncio.Event()
    answers = iter(range(random.randrange(MOST_ANSWERS)))

    def stored(sender: Sender, call: Call) -> None:
        ledger.book(sender, call)
        if next(answers, None) is None:
            soon.set()

    sending = [asyncio.create_task(each.send_until(set_up.port, stop, stored)) for each in senders]
    with suppress(TimeoutError):
        await asyncio.wait_for(soon.wait(), READY_LIMIT)
    await asyncio.sleep(random.uniform(*THEN_AFTER))
    kill(set_up, find(set_up, random))
    stop.set()
    await asyncio.gather(*sending)


async def _look_and_heal(set_up: Stage, senders: Sequence[Sender], ledger: Ledger) -> int:
    """How many calls were stored although nobody had been told so."""
    connection = await quiet(set_up.dsn)
    try:
        stored = await ledger.look(connection, senders)
        for sender in senders:
            call = sender.open
            if call is not None and sender.platform in stored:
                await sender.heal(set_up.port, call.again)
                ledger.add(sender, sent_again(call))
            elif call is not None:
                await sender.heal(set_up.port, call.due)
                ledger.book(sender, call)
        await ledger.look(connection, senders)
        return len(stored)
    finally:
        await connection.close()


async def _compare(
    set_up: Stage, senders: Sequence[Sender], reported: Callable[[str], Iterator[Call]]
) -> tuple[int, int]:
    """How many cases and occasions stand otherwise than after the same calls undisturbed; how many records do not open."""
    unlike = 0
    connection = await asyncpg.connect(set_up.dsn)
    try:
        for sender in senders:
            calm = await asyncio.to_thread(_sender, f"calm-{sender.platform}", reported(sender.platform))
            for _ in sender.sent:
                calm.open = next(calm.stream)
                await calm.heal(set_up.port, calm.open.due)
            one, other = [await standing(connection, each.platform, set()) for each in (sender, calm)]
            unlike += sum(one.get(key) != other.get(key) for key in one.keys() | other.keys()) + calm.wrong
        return unlike, await _unopened(connection)
    finally:
        await connection.close()


async def _unopened(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """How many versions and quarantined records lie in the vault otherwise than their digests say."""
    key, wrong = key_for("occasion digest"), 0
    digests = {row["id"]: row["digest"] for row in await connection.fetch(DIGESTS)}
    for row_id, record in (await opened_records(connection, Vault(), PhraseBook(), list(digests))).items():
        wrong += hmac_sm3(key, canonical(record)) != digests.pop(row_id)
    return wrong + len(digests)
