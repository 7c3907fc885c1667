"""Which organisation a body of the rules is: above or beside the one whose order it is, never itself."""

from datetime import date

import pytest

from haochaping.policy.vocabulary import BODIES
from haochaping.rectification.bodies import OWN, Bodies
from haochaping.registry import models as registry
from tests.orders import City, make_city

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def organisation_of(body: str, organisation_id: int, on: date = TODAY) -> int | None:
    return Bodies(on).organisation_of(body, organisation_id)


@pytest.fixture
def city() -> City:
    return make_city()


@pytest.fixture
def province(city: City) -> int:
    """The authority of the province above."""
    organisation = registry.Organisation.objects.create(credit_code="11530000MB0000000X")
    registry.OrganisationRecord.objects.create(
        organisation=organisation,
        name="云南省政务服务管理局",
        division=registry.Division.objects.get(code="530000"),
        kind="authority",
    )
    return organisation.id


def test_of_a_department_of_the_city(city: City, province: int) -> None:
    assert organisation_of("same_level_authority", city.police) == city.authority
    assert organisation_of("city_authority", city.police) == city.authority
    assert organisation_of("level_above_authority", city.police) == province
    assert organisation_of("province_authority", city.police) == province
    assert organisation_of("county_authority", city.police) is None


def test_of_a_department_of_a_county_without_an_authority(city: City, province: int) -> None:
    assert organisation_of("same_level_authority", city.county) is None
    assert organisation_of("level_above_authority", city.county) == city.authority
    assert organisation_of("province_authority", city.county) == province


def test_of_an_organisation_that_has_ended_and_of_one_that_never_was(city: City) -> None:
    registry.OrganisationRecord.objects.filter(organisation_id=city.police).update(
        valid_to=date(2026, 10, 31)
    )
    assert organisation_of("same_level_authority", city.police) == city.authority
    assert organisation_of("same_level_authority", 0) is None


def test_an_authority_is_that_of_its_own_level_and_not_above_itself(city: City) -> None:
    assert organisation_of("same_level_authority", city.authority) == city.authority
    assert organisation_of("level_above_authority", city.authority) is None


def test_organisations_that_nobody_spoke_of_before_are_looked_up_as_well(city: City, province: int) -> None:
    bodies = Bodies(TODAY, {city.police})
    assert bodies.organisation_of("same_level_authority", city.police) == city.authority
    assert bodies.organisation_of("level_above_authority", city.county) == city.authority
    assert bodies.organisation_of("level_above_authority", city.authority) == province


def test_of_a_division_that_has_ended(city: City, province: int) -> None:
    registry.DivisionRecord.objects.filter(division_id=city.division).update(valid_to=date(2026, 10, 31))
    assert organisation_of("level_above_authority", city.police) == province


def test_every_other_body_is_the_organisation_itself_or_none_of_the_registry(city: City) -> None:
    above = {
        *("same_level_authority", "level_above_authority"),
        *("province_authority", "city_authority", "county_authority"),
    }
    others = {*BODIES, "", "named:市营商环境办"} - above
    assert others > OWN
    assert {organisation_of(body, city.police) for body in others} == {None}
