"""What can be told of the vault without opening it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.vault import INDEX


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key of the vault: `rows` hang on it, `current` is what new rows are written with."""

    id: int
    kind: str
    year: int
    generation: int
    wrapped_by: str
    created_at: datetime
    current: bool
    rows: int


def outdated_keys() -> list[int]:
    """The ids of keys of which there is a newer generation."""
    newest: dict[tuple[str, int], int] = {}
    outdated = []
    for key in DataKey.objects.order_by("generation"):
        if (before := newest.get((key.kind, key.year))) is not None:
            outdated.append(before)
        newest[key.kind, key.year] = key.id
    return outdated


def key_states() -> tuple[KeyState, ...]:
    """All keys by kind, year and generation; counts the rows of the whole vault."""
    outdated = set(outdated_keys())
    rows = dict(VaultRecord.objects.values_list("key_id").annotate(Count("id")))
    indexed = dict(VaultRecord.objects.values_list("index_key_id").annotate(Count("id")))
    return tuple(
        KeyState(
            id=key.id,
            kind=key.kind,
            year=key.year,
            generation=key.generation,
            wrapped_by=key.wrapped_by,
            created_at=key.created_at,
            current=key.id not in outdated,
            rows=(indexed if key.kind == INDEX else rows).get(key.id, 0),
        )
        for key in DataKey.objects.order_by("kind", "year", "generation")
    )


def rows_on_old_keys() -> int:
    """How many rows `rekey_batch` has still to seal anew."""
    current = DataKey.objects.exclude(pk__in=outdated_keys())
    data = [key.id for key in current if key.kind != INDEX]
    index = [key.id for key in current if key.kind == INDEX]
    return VaultRecord.objects.exclude(key_id__in=data, index_key_id__in=index).count()
