"""Members of staff, by the codes that the organisations give them."""

from collections.abc import Collection

from haochaping.registry import models


def staff_id_by_code(code: str, *, organisations: Collection[int]) -> int | None:
    """The member of staff with that code who is or was in one of the organisations; None where there is none."""
    found = models.Staff.objects.filter(code=code, records__organisation_id__in=organisations)
    return found.values_list("id", flat=True).first()


def staff_names_in(organisations: Collection[int]) -> frozenset[str]:
    """The names of everybody who is or ever was in one of the organisations."""
    found = models.StaffRecord.objects.filter(organisation_id__in=set(organisations))
    return frozenset(found.values_list("name", flat=True))
