"""Windows, halls, items and members of staff as of a day, each with whom it belongs to, by their ids."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Model

from haochaping.registry import models
from haochaping.registry.queries.records import latest

_RECORDS: Final[Mapping[str, type[Model]]] = {
    "staff": models.StaffRecord,
    "window": models.WindowRecord,
    "hall": models.HallRecord,
    "item": models.ItemRecord,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """What it was called, and the organisation to which it belonged; a hall may have none, and has a division instead."""

    name: str
    organisation_id: int | None
    division_id: int | None = None


def placed(kind: str, ids: Collection[int], on: date) -> dict[int, Placed]:
    """By id, as of the day (after the end: as it last was), without unknown ids; `kind` is "staff", "window", "hall" or
    "item", of others it raises KeyError."""
    records: Any = latest(_RECORDS[kind], kind, on).filter(**{f"{kind}_id__in": set(ids)})
    return {
        getattr(one, f"{kind}_id"): Placed(one.name, one.organisation_id, getattr(one, "division_id", None))
        for one in records
    }
