"""New keys for old rows: every row is opened, sealed and indexed anew, batch by batch, while others read and write.

Begin, batch after batch, destroy. What a crash leaves undone the next run finds by itself: rows that hang on
keys of an older generation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.fragments import RECORD_COLUMNS
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.queries import outdated_keys
from haochaping.identity.vault import ALL_YEARS, DATA, INDEX, Vault

_PEOPLE = ("name", "document", "phone")
_TURN = "SELECT pg_advisory_xact_lock(hashtext('identity.rekey'))"
_NEW_ROWS = "CREATE TEMPORARY TABLE identity_sealed_anew (old_key_id smallint, {})".format(
    ", ".join(
        f"{column} {'uuid' if column == 'id' else 'smallint' if column.endswith('key_id') else 'bytea'}"
        for column in RECORD_COLUMNS
    )
)
_REPLACE = "UPDATE identity_vaultrecord r SET {} FROM identity_sealed_anew n WHERE r.id = n.id AND r.key_id = n.old_key_id"
_REPLACE_ROWS = _REPLACE.format(", ".join(f"{column} = n.{column}" for column in RECORD_COLUMNS[1:]))
_COPY = f"COPY identity_sealed_anew (old_key_id, {', '.join(RECORD_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_USED_KEYS = "SELECT key_id FROM identity_vaultrecord UNION SELECT index_key_id FROM identity_vaultrecord"
_TYPES = ("int2", "uuid", "int2", *("bytea",) * 7, "int2")


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did. `last` is the row to go on after, None at the end; `broken` rows could not be opened."""

    done: int
    broken: tuple[UUID, ...]
    last: UUID | None


@transaction.atomic
def begin_rekeying(*, actor: str, now: datetime) -> int:
    """A new generation of every key of the vault, one audit row; writers use it from their next transaction on.

    How many keys were made: 0 when rows still hang on an older generation (go on with those), or when nothing
    was ever sealed.
    """
    take_turn()
    if outdated_keys():
        return 0
    keys = list(DataKey.objects.order_by("id"))
    wanted = [(key.kind, key.year, key.generation + 1) for key in keys]
    if keys and all(key.kind != INDEX for key in keys):  # sealed before index keys had a place of their own
        wanted.append((INDEX, ALL_YEARS, 1))
    vault = Vault()
    for key_id, (kind, year, generation) in enumerate(wanted, keys[-1].id + 1 if keys else 1):
        wrapped, by = vault.wrap_new(key_id)
        DataKey.objects.create(
            id=key_id,
            kind=kind,
            year=year,
            generation=generation,
            wrapped=wrapped,
            wrapped_by=by,
            created_at=now,
        )
    if wanted:
        detail = {"keys": len(wanted)}
        record(now=now, actor=actor, act="identity.rekey.begin", subject="vault", detail=detail)
    return len(wanted)


@transaction.atomic
def rekey_batch(*, after: UUID | None, size: int, actor: str, now: datetime) -> Batch:
    """Seals up to `size` rows after `after` anew that hang on old keys; one transaction, one audit row.

    A row that cannot be opened stays as it is and is named. Rows that nobody changes but this, and readers, who
    take row and key in one snapshot, are in nobody's way.
    """
    take_turn()
    vault, current = _open_keys()
    if (INDEX, ALL_YEARS) not in current:
        return Batch(0, (), None)
    index = current[INDEX, ALL_YEARS]
    rows = VaultRecord.objects.order_by("id").exclude(key_id__in=current.values(), index_key_id=index)
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = list(rows[:size])
    anew, broken = [], []
    years = dict(DataKey.objects.values_list("id", "year"))
    for row in found:
        try:
            anew.append(_sealed_anew(vault, row, current[DATA, years[row.key_id]], index))
        except (SealBroken, KeyError):
            broken.append(row.id)
    _write(anew)
    if found:
        detail = {"rows": len(anew), "broken": len(broken)}
        record(now=now, actor=actor, act="identity.rekey.batch", subject="vault", detail=detail)
    return Batch(len(anew), tuple(broken), found[-1].id if len(found) == size else None)


@transaction.atomic
def destroy_old_keys(*, actor: str, now: datetime) -> tuple[int, int]:
    """Destroys the keys of older generations that no row hangs on; (destroyed, left), one audit row.

    Waits for transactions that write under them. What only such a key could open, in a stolen copy of the rows,
    is closed for ever; a backup of the database has its keys with it.
    """
    take_turn()
    old = outdated_keys()
    list(DataKey.objects.select_for_update().filter(pk__in=old))
    # Looked at only now: whoever held one of them has committed his rows.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT key_id FROM identity_vaultrecord UNION SELECT index_key_id FROM identity_vaultrecord"
        )
        used = {row[0] for row in cursor.fetchall()}
    gone = [key for key in old if key not in used]
    DataKey.objects.filter(pk__in=gone).delete()
    record(
        now=now,
        actor=actor,
        act="identity.rekey.destroy",
        subject="vault",
        detail={"keys": gone, "left": len(old) - len(gone)},
    )
    return len(gone), len(old) - len(gone)


def take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TURN)


def _open_keys() -> tuple[Vault, Mapping[tuple[str, int], int]]:
    """A vault that knows all keys, and for each kind and year the id of the one in use."""
    vault = Vault()
    current: dict[tuple[str, int], int] = {}
    for key in DataKey.objects.order_by("generation"):
        vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
        current[key.kind, key.year] = key.id
    return vault, current


def _sealed_anew(vault: Vault, row: VaultRecord, key_id: int, index_key_id: int) -> tuple[Any, ...]:
    """The row for _COPY. Raises SealBroken. What had no index, such as a dummy, gets none."""
    seals, indexes = [], []
    for column in (*_PEOPLE, "record"):
        sealed = getattr(row, column)
        plain = vault.open_bytes(sealed, row=row.id, column=column, key_id=row.key_id) if sealed else None
        seals.append(vault.seal(plain, row=row.id, column=column, key_id=key_id) if plain else None)
        if column in _PEOPLE:
            indexed = plain and getattr(row, f"{column}_index") is not None
            indexes.append(
                vault.blind(column, plain.decode(), key_id=index_key_id) if plain and indexed else None
            )
    return row.key_id, row.id, key_id, *seals, *indexes, index_key_id


def _write(rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ROWS)
        with cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row(row)
        cursor.execute(_REPLACE_ROWS)
        cursor.execute("DROP TABLE identity_sealed_anew")
