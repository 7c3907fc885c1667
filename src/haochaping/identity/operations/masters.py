"""A new master key: the vault's keys are wrapped anew, the rows stay as they are."""

from datetime import datetime

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.foundation.masters import Ring
from haochaping.identity.models import DataKey
from haochaping.identity.vault import key_place


@transaction.atomic
def rewrap_keys(*, ring: Ring, actor: str, now: datetime) -> int:
    """Wraps every key of the vault that the ring's current master key did not wrap; how many those were.

    All or nothing, one audit row; processes that have the keys open notice nothing. Raises MasterUnknown and SealBroken
    when the ring cannot open one of them.
    """
    count = 0
    for key in DataKey.objects.select_for_update(no_key=True).order_by("id"):
        if key.wrapped_by == ring.current.fingerprint:
            continue
        plain = ring.unwrap(bytes(key.wrapped), key_place(key.id), key.wrapped_by)
        key.wrapped, key.wrapped_by = ring.wrap(plain, key_place(key.id))
        key.save(update_fields=["wrapped", "wrapped_by"])
        count += 1
    record(
        now=now,
        actor=actor,
        act="identity.rewrap",
        subject=f"master key {ring.current.fingerprint}",
        detail={"keys": count},
    )
    return count
