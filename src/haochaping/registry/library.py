"""The item library by its codes, for comparing what senders report with it. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from haochaping.registry import models
from haochaping.registry.queries import organisation_names


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """An item as the library has it on a day: handling-item code, implementing code, name, and whose it is."""

    code: str
    task_code: str
    name: str
    organisation_id: int
    organisation: str


def entries_by_code(
    *, handling: Collection[str], implementing: Collection[str], on: date
) -> Mapping[str, tuple[LibraryEntry, ...]]:
    """Handling-item code or implementing code → the entries of that code that are valid on the day, by code; codes that
    the library does not have on that day are left out."""
    valid = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    valid &= Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    wanted = Q(item__handle_item__in=handling) | Q(task_code__in=implementing)
    rows = list(
        models.ItemRecord.objects.filter(valid & wanted).select_related("item").order_by("item__handle_item")
    )
    names = organisation_names({row.organisation_id for row in rows}, on)
    found: dict[str, list[LibraryEntry]] = {}
    for row in rows:
        entry = LibraryEntry(
            row.item.handle_item,
            row.task_code,
            row.name,
            row.organisation_id,
            names.get(row.organisation_id, ""),
        )
        found.setdefault(entry.code, []).append(entry)
        found.setdefault(entry.task_code, []).append(entry)
    return {code: tuple(entries) for code, entries in found.items()}
