"""Between the tables and the judge: what is held under the keys of a call is read, set-based."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from haochaping.cases import fragments as cases
from haochaping.cases.instants import Progress
from haochaping.foundation.errors import Problem
from haochaping.identity.records import PhraseBook, opened_records
from haochaping.identity.vault import Vault
from haochaping.intake.bulk import Reported, read_again
from haochaping.intake.dialect_shelf import DialectShelf
from haochaping.intake.judging import Aside, Held, Holdings
from haochaping.intake.signature import Client

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# What an official wrote to the sender, by the code of the reason that tells it.
SAID: Final = {"asked": "管理人员询问：", "refused": "管理人员不予采信："}


async def holdings(
    connection: "Connection",
    vault: Vault,
    book: PhraseBook,
    client: Client,
    shelf: DialectShelf,
    reported: Sequence[Reported],
) -> tuple[Holdings, list[Reported]]:
    """What is held under the keys of these records; the last version is opened where a content is new.

    With it the records, each read as its occasion was read at the last time: a new edition of the sender's dialect is
    for what comes new, and what was accepted stays the same record for ever.
    """
    keys = sorted({record.key for record in reported if record.has_key})
    wanted = client.platform, [project_no for project_no, _ in keys], [number for _, number in keys]
    held = Holdings()
    by_id: dict[UUID, Held] = {}
    for row in await connection.fetch(cases.SELECT_KNOWN, *wanted):
        occasion = Held(
            row["occasion_id"],
            row["claim_id"],
            row["offered"],
            row["version_id"],
            set(),
            unratable=row["unratable"],
        )
        held.occasions[row["project_no"], row["service_number"]] = by_id[occasion.occasion_id] = occasion
    for project_no, *progress in await connection.fetch(cases.SELECT_PROGRESS, *wanted[:2]):
        held.cases[project_no] = Progress(*progress)
    for row in await connection.fetch(cases.SELECT_VERSIONS, list(by_id)):
        by_id[row["occasion_id"]].digests.add(row["digest"])
    if client.dialect is not None and by_id:
        reported = await _as_read_before(connection, client, shelf, held, by_id, reported)
    for row in await connection.fetch(cases.SELECT_QUARANTINED, *wanted):
        aside = held.quarantined.setdefault((row["project_no"], row["service_number"]), {})
        aside[row["digest"]] = Aside(_reasons(row), row["dialect_id"])
    await _open_changed(connection, vault, book, held, [record for record in reported if not record.problems])
    return held, list(reported)


def _reasons(row: "asyncpg.Record") -> tuple[Problem, ...]:
    """Why a record was kept aside, and what an official wrote to the sender since."""
    reasons = tuple(Problem(**reason) for reason in json.loads(row["reasons"]))
    if row["act"] is None:
        return reasons
    return (*reasons, Problem("", row["act"], f"{SAID[row['act']]}{row['note']}"))


async def _as_read_before(
    connection: "Connection",
    client: Client,
    shelf: DialectShelf,
    held: Holdings,
    by_id: Mapping[UUID, Held],
    reported: Sequence[Reported],
) -> list[Reported]:
    """Records of occasions that another edition of this client's dialect accepted, read by that one."""
    rows = await connection.fetch(cases.SELECT_OWN_READINGS, list(by_id), client.id)
    editions = {row["occasion_id"]: await shelf.edition(connection, row["dialect_id"]) for row in rows}
    result = []
    for record in reported:
        occasion = held.occasions.get(record.key) if record.has_key and record.sent else None
        if occasion is not None and occasion.occasion_id in editions:
            edition = editions[occasion.occasion_id]
            if (edition.id if edition else None) != record.dialect_id:
                record = read_again(record, edition)
        result.append(record)
    return result


async def _open_changed(
    connection: "Connection", vault: Vault, book: PhraseBook, held: Holdings, sound: Sequence[Reported]
) -> None:
    changed = {
        occasion.version_id: occasion
        for record in sound
        if (occasion := held.occasions.get(record.key)) and record.digest not in occasion.digests
    }
    if not changed:
        return
    for version_id, record in (await opened_records(connection, vault, book, list(changed))).items():
        changed[version_id].record = record
