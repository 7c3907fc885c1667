"""Rows of the vault with the keys that open them, while both may be changing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from uuid import UUID

import msgspec

from haochaping.identity.models import DataKey, Phrase, VaultRecord
from haochaping.identity.packing import Phrase as PhraseSaid
from haochaping.identity.packing import phrases_of, unpacked
from haochaping.identity.vault import Vault


def sealed_rows(record_ids: Collection[UUID]) -> tuple[Vault, list[VaultRecord]]:
    """The rows that there are, and a vault that opens them. Raises MasterUnknown and SealBroken for a key.

    Keys before rows: a row that is sealed anew in between then names a newer key, which is there when we look again.
    """
    vault = Vault()
    while True:
        known = set()
        for key in DataKey.objects.all():
            vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
            known.add(key.id)
        rows = list(VaultRecord.objects.filter(pk__in=record_ids).order_by("id"))
        if all(vault.knows(row.key_id) for row in rows) or known == _keys():
            return vault, rows


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """What was reported, fields by name, and the phrases that it shares with others: of each of PHRASED the number, 0 where
    there is none, and what it says."""

    fields: dict[str, str]
    phrases: tuple[tuple[int, PhraseSaid], ...]


def opened_records(vault: Vault, rows: Sequence[VaultRecord]) -> dict[UUID, OpenedRecord]:
    """By vault record id. Raises SealBroken where one cannot be opened."""
    plain = {
        row.id: vault.open_bytes(bytes(row.record), row=row.id, column="record", key_id=row.key_id)
        for row in rows
    }
    numbers = {row_id: phrases_of(each) for row_id, each in plain.items()}
    texts = Phrase.objects.filter(pk__in={*chain(*numbers.values())}).values_list("id", "text")
    phrases = {number: msgspec.json.decode(text, type=dict[str, str]) for number, text in texts}
    return {
        row.id: OpenedRecord(
            unpacked(plain[row.id], partial(opened, vault, row), phrases),
            tuple((number, phrases.get(number, {})) for number in numbers[row.id]),
        )
        for row in rows
    }


def opened(vault: Vault, row: VaultRecord, column: str) -> str:
    """A column in plain, "" for what was not reported. Raises SealBroken."""
    sealed = getattr(row, column)
    return vault.open(bytes(sealed), row=row.id, column=column, key_id=row.key_id) if sealed else ""


def _keys() -> set[int]:
    return set(DataKey.objects.values_list("id", flat=True))
