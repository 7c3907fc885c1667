"""Carries out what officials released from the quarantine: the records are placed as intake places all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import msgspec

from haochaping.accounts.clients import Reach
from haochaping.cases import fragments as cases
from haochaping.cases.states import Step, in_the_way
from haochaping.cases.verdicts import Verdict
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.identity.records import PhraseBook, opened_records
from haochaping.identity.vault import Vault
from haochaping.intake import units
from haochaping.intake.bulk import Reported, canonical
from haochaping.intake.claiming import hold_claims
from haochaping.intake.dialect_shelf import DialectShelf
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.holding import holdings
from haochaping.intake.judging import Judge, Judged
from haochaping.intake.phrasing import Phrasing
from haochaping.intake.recounting import recount
from haochaping.intake.scope import Reached
from haochaping.intake.sender_counts import count
from haochaping.intake.signature import Client
from haochaping.intake.storing import sealed, store
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

ACTOR = "worker"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Tools:
    vault: Vault
    phrases: PhraseBook
    phrasing: Phrasing
    dialects: DialectShelf
    directory: Directory
    rulebook: Rulebook
    now: datetime


async def release_wished(dsn: str, *, rulebook: Rulebook, now: datetime) -> int:
    """How many records were released, or sent back to the desk because they still cannot be placed; at most 500.

    One transaction for each sender, under its platform's turn: what it corrects meanwhile is never accepted twice.
    Raises what asyncpg raises; what was done for other senders stands.
    """
    connection: Connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(cases.SELECT_WISHED, AT_ONCE)
        if not rows:
            return 0
        keeper, vault = DirectoryKeeper(), Vault()
        await keeper.refresh(connection)
        await vault.prepare(connection, now)
        directory = keeper.current()
        tools = _Tools(vault, PhraseBook(), Phrasing(directory), DialectShelf(), directory, rulebook, now)
        done = 0
        for (platform, client_id), wished in groupby(rows, itemgetter("platform", "client_id")):
            # Whom the records are from; nobody calls, so there is no key. What it may report for was asked before.
            client = Client(client_id, "", 0, platform, frozenset(), Reach.PLATFORM)
            async with connection.transaction():
                done += await _release(connection, client, [row["id"] for row in wished], tools)
        return done
    finally:
        await connection.close()


async def _release(connection: "Connection", client: Client, wished: Sequence[UUID], tools: _Tools) -> int:
    await connection.execute(cases.TAKE_TURN, client.platform)
    keys = await tools.vault.hold(connection, tools.now)
    rows = await connection.fetch(cases.TAKE_WISHED, wished)
    kept = await _kept(connection, rows, tools)
    held, _ = await holdings(
        connection, tools.vault, tools.phrases, client, tools.dialects, list(kept.values())
    )
    reached = Reached(client.scope, tools.directory, local_day(tools.now))
    judge = Judge(held, directory=tools.directory, rulebook=tools.rulebook, now=tools.now, reached=reached)
    judged = {identifier: judge.released(each) for identifier, each in kept.items()}
    writes = judge.finished()
    accepted = [each for each in judged.values() if each.verdict is Verdict.ACCEPTED]
    if accepted:
        vault_rows = sealed(tools.vault, keys, writes.versions, tools.phrases, tools.phrasing)
        await units.take(connection, client.platform, writes)
        await hold_claims(connection, client.platform, writes)
        await store(connection, client, writes, vault_rows, accepted, tools.now, released=wished)
        await units.settle(
            connection,
            writes,
            accepted,
            directory=tools.directory,
            rulebook=tools.rulebook,
            now=tools.now,
        )
        await count(connection, client.platform, accepted, writes, tools.directory, tools.now, called=False)
        await recount(
            connection,
            client.platform,
            writes,
            directory=tools.directory,
            rulebook=tools.rulebook,
            now=tools.now,
        )
    for identifier, each in judged.items():
        await _tell(connection, identifier, each, tools.now)
    return len(judged)


async def _kept(
    connection: "Connection", rows: Sequence["asyncpg.Record"], tools: _Tools
) -> dict[UUID, Reported]:
    """The records as they were reported, by the ids under which they were kept."""
    records = await opened_records(connection, tools.vault, tools.phrases, [row["id"] for row in rows])
    return {
        row["id"]: Reported(
            line=0,
            record=records[row["id"]],
            problems=(),
            project_no=row["project_no"],
            service_number=str(row["service_number"]),
            text=canonical(records[row["id"]]).decode(),
            digest=row["digest"],
            dialect=await tools.dialects.edition(connection, row["dialect_id"]),
        )
        for row in rows
    }


async def _tell(connection: "Connection", identifier: UUID, judged: Judged, now: datetime) -> None:
    """The history of the record; one that is still in doubt goes back to the desk with today's doubts."""
    step, note = Step.RELEASED, ""
    if judged.verdict is not Verdict.ACCEPTED:
        blocking = in_the_way(reason.code for reason in judged.reasons)
        step, note = Step.HELD, " ".join(each.message for each in judged.reasons if each.code in blocking)
        reasons = msgspec.json.encode(judged.reasons).decode()
        await connection.execute(cases.HOLD_WISHED, identifier, reasons)
    await connection.execute(cases.INSERT_STEP, new_id(now), identifier, step, note[:500], ACTOR, now)
