"""Rows of the vault with the keys that open them, while both may be changing."""

from collections.abc import Collection
from uuid import UUID

from haochaping.identity.models import DataKey, VaultRecord
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


def _keys() -> set[int]:
    return set(DataKey.objects.values_list("id", flat=True))
