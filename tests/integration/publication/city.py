"""A city small enough to count by hand."""

from dataclasses import dataclass
from datetime import date

from haochaping.registry import models
from haochaping.tallies.models import Change


@dataclass(frozen=True)
class City:
    bureau: int
    north: int
    south: int


def division(code: str, name: str, level: str, parent: models.Division | None) -> models.Division:
    thing = models.Division.objects.create(code=code)
    models.DivisionRecord.objects.create(division=thing, name=name, level=level, parent=parent)
    return thing


def organisation(code: str, name: str, place: models.Division, valid_to: date | None = None) -> int:
    thing = models.Organisation.objects.create(credit_code=code)
    models.OrganisationRecord.objects.create(
        organisation=thing, name=name, division=place, kind="department", valid_to=valid_to
    )
    return thing.pk


def build() -> City:
    """A city with a bureau of its own and two districts with one each."""
    province = division("530000", "云南省", "province", None)
    city = division("530100", "昆明市", "prefecture", province)
    north = division("530102", "五华区", "county", city)
    south = division("530103", "盘龙区", "county", city)
    return City(
        bureau=organisation("1" * 18, "昆明市公安局", city),
        north=organisation("2" * 18, "五华区民政局", north),
        south=organisation("3" * 18, "盘龙区民政局", south),
    )


def count(organisation_id: int, day: date, **measures: int) -> None:
    Change.objects.create(organisation_id=organisation_id, day=day, **measures)


def spread(organisation_id: int, day: date, ratings: int) -> None:
    """So many good ratings in the division of an organisation: one each of two others beside it, the rest its own."""
    place = models.OrganisationRecord.objects.get(organisation_id=organisation_id).division
    for number in range(2):
        count(organisation(f"{organisation_id:09}{number:09}", f"旁边的局{number}", place), day, n5=1)
    count(organisation_id, day, n5=ratings - 2)
