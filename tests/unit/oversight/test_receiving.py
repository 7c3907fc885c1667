"""Who receives a report: the authority of the level, past whom it is about."""

from datetime import date

import pytest

from haochaping.oversight.receiving import receiving_authority
from haochaping.registry.directory import Directory

DAY = date(2026, 11, 20)
PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4
CITY_AUTHORITY, SECOND, POLICE, COUNTY_AUTHORITY, COUNTY_POLICE, TOWN_OFFICE = 10, 11, 12, 13, 14, 15
ALWAYS = (None, None)


def directory(*without: int) -> Directory:
    """A city with two bodies that call themselves its authority, a county with one, a town with none."""
    organisations = [
        (CITY_AUTHORITY, "A1", CITY, "authority"),
        (SECOND, "A2", CITY, "authority"),
        (POLICE, "B", CITY, "department"),
        (COUNTY_AUTHORITY, "C", COUNTY, "authority"),
        (COUNTY_POLICE, "D", COUNTY, "department"),
        (TOWN_OFFICE, "E", TOWN, "department"),
    ]
    return Directory(
        edition=1,
        divisions=[
            (*ALWAYS, PROVINCE, "530000", "省", "province", None, None),
            (*ALWAYS, CITY, "530100", "市", "prefecture", PROVINCE, None),
            (*ALWAYS, COUNTY, "530102", "县", "county", CITY, None),
            (*ALWAYS, TOWN, "530102001", "镇", "township", COUNTY, None),
        ],
        organisations=[
            (*ALWAYS, number, code, code, division, "530100", kind, "")
            for number, code, division, kind in organisations
            if number not in without
        ],
        halls=[],
        windows=[],
        staff=[],
        items=[],
    )


@pytest.mark.parametrize(
    ("about", "place", "receives"),
    [
        (POLICE, CITY, CITY_AUTHORITY),
        (COUNTY_POLICE, COUNTY, COUNTY_AUTHORITY),
        # No authority of its own: the nearest one above.
        (TOWN_OFFICE, TOWN, COUNTY_AUTHORITY),
        (None, TOWN, COUNTY_AUTHORITY),
        (None, CITY, CITY_AUTHORITY),
        # Whom it is about decides, not where it was reported from.
        (POLICE, COUNTY, CITY_AUTHORITY),
        # The authority itself: the level above; nobody judges himself, nor his colleague of the same level.
        (COUNTY_AUTHORITY, COUNTY, CITY_AUTHORITY),
        (CITY_AUTHORITY, CITY, None),
        (SECOND, CITY, None),
        (None, PROVINCE, None),
    ],
)
def test_a_report_goes_past_whom_it_is_about(about: int | None, place: int, receives: int | None) -> None:
    found = receiving_authority(directory(), division_id=place, organisation_id=about, on=DAY)
    assert found == receives


def test_where_the_level_has_no_authority_the_next_one_above_receives() -> None:
    without = directory(COUNTY_AUTHORITY)
    found = receiving_authority(without, division_id=COUNTY, organisation_id=COUNTY_POLICE, on=DAY)
    assert found == CITY_AUTHORITY
