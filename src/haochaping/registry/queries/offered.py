"""What is there to be rated on a day: items, windows, staff and halls, each with the organisation that answers for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from haochaping.registry import models
from haochaping.registry.queries.records import valid
from haochaping.registry.rules import AUTHORITY


@dataclass(frozen=True, slots=True)
class Rateable:
    """One of them as it was on the day."""

    id: int
    code: str
    name: str
    organisation_id: int


def rateable_items(organisations: Collection[int], on: date) -> tuple[Rateable, ...]:
    """The items that these organisations accept, by handling-item code."""
    return _of(models.ItemRecord, "item", "handle_item", organisations, on)


def rateable_windows(organisations: Collection[int], on: date) -> tuple[Rateable, ...]:
    """The windows of these organisations, by code."""
    return _of(models.WindowRecord, "window", "code", organisations, on)


def rateable_staff(organisations: Collection[int], on: date) -> tuple[Rateable, ...]:
    """The staff of these organisations, by code."""
    return _of(models.StaffRecord, "staff", "code", organisations, on)


def rateable_halls(organisations: Collection[int], on: date) -> tuple[Rateable, ...]:
    """The halls for which one of these organisations answers, by code: the authority of the hall's division; where that is
    not among them, one that has a window there."""
    # By credit code backwards: of several the first by code is what stands at last.
    here = models.WindowRecord.objects.filter(valid(on), organisation_id__in=organisations)
    answering = dict(here.order_by("-organisation__credit_code").values_list("hall_id", "organisation_id"))
    authorities = models.OrganisationRecord.objects.filter(
        valid(on), kind=AUTHORITY, organisation_id__in=organisations
    )
    of_division = dict(
        authorities.order_by("-organisation__credit_code").values_list("division_id", "organisation_id")
    )
    records = models.HallRecord.objects.filter(valid(on)).select_related("hall").order_by("hall__code")
    found = ((one, of_division.get(one.division_id) or answering.get(one.hall_id)) for one in records)
    return tuple(
        Rateable(one.hall_id, one.hall.code, one.name, answers)
        for one, answers in found
        if answers is not None
    )


def windows_in_halls(halls: Collection[int], on: date) -> Mapping[int, int]:
    """Window → its hall, whosever the windows are."""
    here = models.WindowRecord.objects.filter(valid(on), hall_id__in=halls)
    return dict(here.values_list("window_id", "hall_id"))


def _of(
    record: type[Model], thing: str, key: str, organisations: Collection[int], on: date
) -> tuple[Rateable, ...]:
    code = f"{thing}__{key}"
    rows: Any = record._default_manager.filter(valid(on), organisation_id__in=organisations).order_by(code)
    return tuple(Rateable(*row) for row in rows.values_list(f"{thing}_id", code, "name", "organisation_id"))
