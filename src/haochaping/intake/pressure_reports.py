"""Keeps what a citizen reports of pressure: the report, its contact in the vault, and the audit row, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from haochaping.audit.fragments import INSERT_ENTRY
from haochaping.foundation.ids import new_id
from haochaping.identity.fragments import RECORD_COLUMNS, RECORD_TABLE
from haochaping.identity.vault import KeysInUse, KeyUnknown, Vault
from haochaping.intake.asking import asking
from haochaping.intake.services import Services
from haochaping.intake.submission import DatabaseAway
from haochaping.oversight.fragments import INSERT_PRESSURE_REPORT, SELECT_PRESSURE_REPORT_KEPT
from haochaping.oversight.reporting import ReportContent
from haochaping.oversight.sealed import Reference, issued, sealed_reference, sealed_words
from haochaping.oversight.states import Source
from haochaping.ratings.receipt import Issued, Receipt

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]

_PATIENCE_SECONDS: Final = 5
# Nobody is named: who reports is not known, and must not be.
_ACTOR: Final = "citizen"


@dataclass(frozen=True, slots=True)
class PressureReport:
    """A report that was checked, and to whom it goes. Registry ids."""

    content: ReportContent
    source: Source
    division_id: int
    organisation_id: int | None
    authority_id: int
    reference: Reference | None
    received_at: datetime


class TooMany(Exception):
    """Whoever sends this has sent enough for now; the same submission again is still answered."""


async def keep_report(services: Services, report: PressureReport, *, more: bool) -> tuple[Receipt, bool]:
    """The reporter's receipt, and whether the report is new: the same submission again gets the same receipt.

    `more`: whether another one is taken at all. Raises TooMany, and DatabaseAway when nothing may be called kept.
    """
    report_id, receipt = issued(report.content.submission)
    try:
        async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
            if not more:
                if await connection.fetchrow(SELECT_PRESSURE_REPORT_KEPT, report_id) is None:
                    raise TooMany
                return receipt.receipt, False
            if report.content.may_contact:
                await services.vault.prepare(connection, report.received_at)
            async with connection.transaction():
                return receipt.receipt, await _stored(connection, services.vault, report, report_id, receipt)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KeyUnknown) as problem:
        raise DatabaseAway from problem


async def _stored(
    connection: "Connection", vault: Vault, report: PressureReport, report_id: UUID, receipt: Issued
) -> bool:
    content, now = report.content, report.received_at
    new = await connection.fetchrow(
        INSERT_PRESSURE_REPORT,
        report_id,
        receipt.number,
        receipt.kept,
        [matter.value for matter in content.matters],
        report.source.value,
        report.division_id,
        report.organisation_id,
        report.authority_id,
        sealed_words(content.text, row=report_id, column="text"),
        sealed_reference(report.reference, row=report_id),
        content.may_contact,
        now,
    )
    if new is None:
        return False
    if content.may_contact:
        row = _contact(vault, await vault.hold(connection, now), report_id, content)
        await connection.copy_records_to_table(RECORD_TABLE, columns=RECORD_COLUMNS, records=[row])
    subject = f"pressure:{receipt.number}"
    await connection.execute(
        INSERT_ENTRY, new_id(now), now, _ACTOR, "pressure.receive", subject, "done", "", "{}"
    )
    return True


def _contact(vault: Vault, keys: KeysInUse, report_id: UUID, content: ReportContent) -> tuple[object, ...]:
    """The vault's row (RECORD_COLUMNS). No blind indexes: who looks somebody up must not find that he reported."""
    people = (("name", content.name), ("document", None), ("phone", content.phone), ("record", "{}"))
    seals = vault.sealer(keys.data)(report_id, people)
    return (report_id, keys.data, *seals, None, None, None, keys.index)
