"""Members of staff, by the codes that the organisations give them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from haochaping.registry import models
from haochaping.registry.queries.records import latest


def staff_id_by_code(code: str, *, organisations: Collection[int]) -> int | None:
    """The member of staff with that code who is or was in one of the organisations; None where there is none."""
    found = models.Staff.objects.filter(code=code, records__organisation_id__in=organisations)
    return found.values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class StaffPlace:
    """A member of staff as of a day: his name, and the organisation in which he was."""

    name: str
    organisation_id: int


def staff_places(ids: Collection[int], on: date) -> dict[int, StaffPlace]:
    """By id, as of the day (after the end: as it last was), without unknown ids."""
    records = latest(models.StaffRecord, "staff", on).filter(staff_id__in=set(ids))
    return {one.staff_id: StaffPlace(one.name, one.organisation_id) for one in records}


def staff_names_in(organisations: Collection[int]) -> frozenset[str]:
    """The names of everybody who is or ever was in one of the organisations."""
    found = models.StaffRecord.objects.filter(organisation_id__in=set(organisations))
    return frozenset(found.values_list("name", flat=True))
