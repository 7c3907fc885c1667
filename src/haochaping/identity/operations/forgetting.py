"""Taking out of the vault what has been kept long enough; in the caller's transaction, which writes its audit row."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from haochaping.identity.masks import mask_text
from haochaping.identity.models import VaultRecord
from haochaping.identity.operations.masked import FORMED, NAMES, TEXTS
from haochaping.identity.operations.reading import opened_records, sealed_rows
from haochaping.identity.operations.rekeying import take_turn
from haochaping.identity.packing import UNSTORED, Phrase, packed


def forget_records(record_ids: Collection[UUID]) -> int:
    """Deletes whole records; how many there were."""
    return VaultRecord.objects.filter(pk__in=list(record_ids)).delete()[0]


def forget_people(record_ids: Collection[UUID]) -> int:
    """Deletes who it was about from records that stay: name, document, phone with their indexes, and of the reported record
    everything but codes, numbers, times and what was served, in which names and numbers are masked; how many records.

    What stays is what a later report of the same service is compared with. Raises SealBroken.
    """
    take_turn()  # a rotation of keys must not seal anew meanwhile what it has read before
    vault, rows = sealed_rows(record_ids)
    records = opened_records(vault, rows)
    for row in rows:
        left = _packed_again(_of_nobody(records[row.id].fields), records[row.id].phrases)
        row.record = vault.seal(left, row=row.id, column="record", key_id=row.key_id)
        for column in ("name", "document", "phone"):
            setattr(row, column, None)
            setattr(row, f"{column}_index", None)
        row.save()
    return len(rows)


def _of_nobody(record: Mapping[str, str]) -> dict[str, str]:
    names = [record[name] for name in NAMES if name in record]
    return {
        field: value if field in FORMED else mask_text(value, names)
        for field, value in record.items()
        if field in FORMED or field in TEXTS
    }


def _packed_again(left: Mapping[str, str], phrases: Sequence[tuple[int, Phrase]]) -> bytes:
    """With those of its phrases of which all is left."""
    kept = (
        (number, frozenset(said)) if said.items() <= left.items() else UNSTORED for number, said in phrases
    )
    return packed(left, {}, list(kept))
