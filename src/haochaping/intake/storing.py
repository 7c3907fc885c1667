"""Between the judge and the tables: what a call changes is written. What is held is read by `intake.holding`.

Set-based throughout: a call of ten thousand records costs a dozen statements.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from haochaping.audit.fragments import INSERT_ENTRY
from haochaping.cases import fragments as cases
from haochaping.cases import waiting
from haochaping.cases.formats import is_dummy
from haochaping.cases.instants import Progress
from haochaping.cases.rules import WHOLE, Record
from haochaping.foundation.ids import Ids, new_id
from haochaping.identity.fragments import RECORD_COLUMNS, RECORD_TABLE
from haochaping.identity.packing import packed
from haochaping.identity.records import PhraseBook
from haochaping.identity.vault import KeysInUse, Vault
from haochaping.intake.counting import OccasionCounts, Where
from haochaping.intake.judging import Judged, Version, Writes
from haochaping.intake.phrasing import Phrasing
from haochaping.intake.signature import Client
from haochaping.tallies.fragments import Fact, append

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# In the order of their ids: then what is new in an index is behind all that is there, and its pages are filled.
_ID: Final = itemgetter(0)
# An occasion that its sender moves to another window is counted there from now on, and no more where it was.
_MOVE: Final = f"""
WITH {cases.MOVE_OCCASIONS}, counted AS (
    {
    append(
        Fact("before", "occasions", sign=-1, only="NOT late"),
        Fact("after", "occasions", only="NOT late"),
        Fact("before", "late", sign=-1, only="late"),
        Fact("after", "late", only="late"),
    )
}
)
SELECT count(*) FROM moved
"""  # noqa: S608  (fragments of our own)


def sealed(
    vault: Vault, keys: KeysInUse, versions: Sequence[Version], book: PhraseBook, phrasing: Phrasing
) -> list[tuple[Any, ...]]:
    """The vault's rows (RECORD_COLUMNS) for these versions: each field sealed in its place, with blind indexes. What is kept
    aside is sealed as it is: it is looked at by people, and released.
    """
    rows, seal = [], vault.sealer(keys.data)
    for version in versions:
        record = version.reported.record
        people = (
            ("name", record.get("userName")),
            ("document", record.get("certKey") or record.get("certKeyGOV")),
            ("phone", record.get("mobile")),
        )
        whole: str | bytes = version.reported.text
        if version.occasion_id is not None:
            whole = packed(record, dict(people), phrasing.numbered(record, book))
        seals = seal(version.id, (*people, ("record", whole)))
        indexes = [
            vault.blind(kind, value, key_id=keys.index) if value and not is_dummy(value) else None
            for kind, value in people
        ]
        rows.append((version.id, keys.data, *seals, *indexes, keys.index))
    return rows


async def store(
    connection: "Connection",
    client: Client,
    writes: Writes,
    vault_rows: Sequence[tuple[Any, ...]],
    judged: Sequence[Judged],
    now: datetime,
    *,
    released: Sequence[UUID] = (),
) -> None:
    """Writes all that a call changes, in the caller's transaction, which holds its claims, with one audit row of counts.

    `released` are the kept records that a person let go, where it was no call of the client.
    """
    platform = client.platform
    await _copy(connection, RECORD_TABLE, RECORD_COLUMNS, sorted(vault_rows, key=_ID))
    await _copy(connection, cases.VERSION_TABLE, cases.VERSION_COLUMNS, _version_rows(client, writes, now))
    await _copy(
        connection, cases.QUARANTINED_TABLE, cases.QUARANTINED_COLUMNS, _aside_rows(client, writes, now)
    )
    if writes.healed:
        keys = sorted(writes.healed)
        await connection.execute(
            cases.CLOSE_QUARANTINED,
            *(platform, [key[0] for key in keys], [key[1] for key in keys], now, list(released)),
        )
    if writes.cases:
        await _store_occasions(connection, platform, writes, now)
    counts = Counter(str(each.verdict) for each in judged)
    await connection.execute(
        INSERT_ENTRY,
        new_id(now),
        now,
        "worker" if released else f"client {client.key_id}",
        "quarantine.release" if released else "occasions.report",
        f"platform {platform}",
        "done",
        "",
        json.dumps(counts),
    )


async def _store_occasions(connection: "Connection", platform: str, writes: Writes, now: datetime) -> None:
    case_ids = await _store_cases(connection, platform, writes, now)
    if earlier := writes.accepted_earlier:
        await connection.execute(cases.ACCEPTED_EARLIER, platform, list(earlier), list(earlier.values()))
    await _copy(connection, cases.OCCASION_TABLE, cases.OCCASION_COLUMNS, _occasion_rows(writes, case_ids))
    await _copy(
        connection,
        cases.KEY_TABLE,
        cases.KEY_COLUMNS,
        sorted((platform, *new.key, occasion_id) for occasion_id, new in writes.accepted.items()),
    )
    await _copy(connection, waiting.TABLE, waiting.ROW, _waiting_rows(writes, now))
    await _move(connection, writes)
    await _count(connection, writes)


async def _store_cases(
    connection: "Connection", platform: str, writes: Writes, now: datetime
) -> dict[str, UUID]:
    """The ids of all cases by number. New ones are copied: under the platform's turn nobody else brings them in."""
    make = Ids(now)
    # Numbers mostly rise: in their order as well, so that both indexes are filled behind what is there.
    opening = sorted(writes.opened)
    case_ids = dict(zip(opening, sorted(make() for _ in opening), strict=True))
    opened = [(case_ids[number], platform, number, *_columns(writes.cases[number])) for number in case_ids]
    await _copy(connection, cases.CASE_TABLE, cases.CASE_COLUMNS, opened)
    known = {number: case for number, case in writes.cases.items() if number not in writes.opened}
    if known:
        columns = zip(*(_columns(case) for case in known.values()), strict=True)
        rows = await connection.fetch(cases.MOVE_CASES, platform, list(known), *map(list, columns))
        case_ids.update((row["project_no"], row["id"]) for row in rows)
    return case_ids


def _columns(case: Progress) -> tuple[Any, ...]:
    return case.status, case.accepted_at, case.result_at, case.delivered_at


async def _move(connection: "Connection", writes: Writes) -> None:
    if not writes.moved:
        return
    moves = list(writes.moved.items())
    await connection.execute(
        _MOVE,
        [occasion_id for occasion_id, _ in moves],
        [moved.version_id for _, moved in moves],
        [moved.served_by is not None for _, moved in moves],
        [moved.served_by and moved.served_by.hall_id for _, moved in moves],
        [moved.served_by and moved.served_by.window_id for _, moved in moves],
        [moved.served_by and moved.served_by.staff_id for _, moved in moves],
    )


async def _count(connection: "Connection", writes: Writes) -> None:
    """Of what may be rated, and of what came too late for it."""
    counts = OccasionCounts()
    for new in writes.accepted.values():
        facts, by = new.place.facts, new.place.served_by
        where = Where(
            *(facts.organisation_id, facts.service_day),
            *(by.hall_id, by.window_id, facts.item_id, by.staff_id),
        )
        counts.add(where, new.weight, late=new.place.late)
    await counts.append(connection)


def _told_of_group(record: Record) -> tuple[bool, int | None]:
    """Whether the record stands for the whole group, and how many cases it is said to have."""
    size = record.get("groupSize")
    return record.get("groupRole") == WHOLE, int(size) if size else None


async def _copy(
    connection: "Connection", table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    if rows:
        await connection.copy_records_to_table(table, columns=list(columns), records=rows)


def _version_rows(client: Client, writes: Writes, now: datetime) -> list[tuple[Any, ...]]:
    return [
        (
            *(version.id, version.occasion_id, version.reported.digest, now, client.id),
            version.reported.dialect_id,
        )
        for version in sorted(writes.versions, key=attrgetter("id"))
    ]


def _aside_rows(client: Client, writes: Writes, now: datetime) -> list[tuple[Any, ...]]:
    return [
        (
            version.id,
            client.platform,
            *version.key,
            version.reported.digest,
            msgspec.json.encode(version.reasons).decode(),
            now,
            client.id,
            version.reported.dialect_id,
            now if version.closed else None,
        )
        for version in writes.aside
    ]


def _occasion_rows(writes: Writes, case_ids: Mapping[str, UUID]) -> list[tuple[Any, ...]]:
    rows = []
    for occasion_id, new in sorted(writes.accepted.items(), key=_ID):
        (project_no, number), place = new.key, new.place
        by, facts = place.served_by, place.facts
        rows.append(
            (
                *(occasion_id, case_ids[project_no], number, new.record["serviceName"]),
                *(
                    place.service_at,
                    facts.service_day,
                    facts.accepted_day,
                    facts.division_id,
                    facts.organisation_id,
                ),
                *(by.hall_id, by.window_id, by.staff_id, facts.item_id),
                *(facts.place, facts.case_type, facts.rater, facts.form, facts.stage),
                *(new.unratable, new.unit_id, *_told_of_group(new.record), new.weight),
                *(place.late and new.weight > 0, new.offered, place.profile.label),
                new.version_id if new.version_id != occasion_id else None,
            )
        )
    return rows


def _waiting_rows(writes: Writes, now: datetime) -> list[tuple[Any, ...]]:
    return [
        waiting.row(occasion_id, new.place.instants, now)
        for occasion_id, new in sorted(writes.accepted.items(), key=_ID)
        if not new.place.late and new.weight
    ]
