"""How far a client reaches, by the registry of the day: above, beside, below, merged and unknown."""

from datetime import date

import pytest

from haochaping.accounts.clients import Reach, Scope
from haochaping.intake.scope import Reached
from haochaping.registry.directory import Directory

TODAY = date(2026, 11, 23)
MERGED = date(2017, 1, 1)
CITY, COUNTY, OLD, NEW, FAR = 1, 2, 3, 4, 5
AUTHORITY, COUNTY_AUTHORITY, BUREAU, OFFICE, OLD_OFFICE, STRANGER = range(11, 17)


def code(number: int) -> str:
    return f"CODE{number}"


def directory() -> Directory:
    """A city with a county and a county that went into another at the beginning of 2017; another city far away."""
    before = date(2016, 12, 31)
    divisions = [
        (None, None, CITY, "530100", "市", "prefecture", None, None),
        (None, None, COUNTY, "530102", "区", "county", CITY, None),
        (None, before, OLD, "530122", "旧县", "county", CITY, NEW),
        (MERGED, None, NEW, "530115", "新区", "county", CITY, None),
        (None, None, FAR, "440100", "外市", "prefecture", None, None),
    ]
    organisations = [
        (None, None, AUTHORITY, code(AUTHORITY), "市局", CITY, "530100", "authority"),
        (None, None, COUNTY_AUTHORITY, code(COUNTY_AUTHORITY), "区局", NEW, "530115", "authority"),
        (None, None, BUREAU, code(BUREAU), "市人社局", CITY, "530100", "department"),
        (None, None, OFFICE, code(OFFICE), "区人社局", COUNTY, "530102", "department"),
        (None, before, OLD_OFFICE, code(OLD_OFFICE), "旧县人社局", OLD, "530122", "department"),
        (None, None, STRANGER, code(STRANGER), "外市人社局", FAR, "440100", "department"),
    ]
    return Directory(
        edition=1,
        divisions=divisions,
        organisations=organisations,
        halls=[],
        windows=[],
        staff=[],
        items=[],
    )


def reached(number: int, reach: Reach, listed: frozenset[int] = frozenset()) -> set[int]:
    """Whom of all it may report for, services of today (of the old office: of its last day)."""
    asked = Reached(Scope(number, reach, listed), directory(), TODAY)
    at = dict.fromkeys(range(AUTHORITY, STRANGER + 1), "2026-11-20 09:00:00")
    at[OLD_OFFICE] = "2016-12-31 09:00:00"
    allowed = {
        each for each, when in at.items() if asked.allows({"deptCode": code(each), "serviceTime": when})
    }
    by_id = {
        each for each, when in at.items() if asked.allows_organisation(each, date.fromisoformat(when[:10]))
    }
    assert allowed == by_id
    return allowed


EVERY = set(range(AUTHORITY, STRANGER + 1))


@pytest.mark.parametrize(
    ("number", "reach", "due"),
    [
        (BUREAU, Reach.PLATFORM, EVERY),
        (BUREAU, Reach.OWN, {BUREAU}),
        (AUTHORITY, Reach.OWN, EVERY - {STRANGER}),
        # Where the old county went, its history is reached as well; the county beside is not, nor the city above.
        (COUNTY_AUTHORITY, Reach.OWN, {COUNTY_AUTHORITY, OLD_OFFICE}),
        (STRANGER, Reach.OWN, {STRANGER}),
    ],
)
def test_how_far(number: int, reach: Reach, due: set[int]) -> None:
    assert reached(number, reach) == due


def test_a_list_is_a_list_and_does_not_hold_the_client_itself() -> None:
    assert reached(AUTHORITY, Reach.LISTED, frozenset({OFFICE, STRANGER})) == {OFFICE, STRANGER}


@pytest.mark.parametrize("reach", list(Reach))
def test_who_is_unknown_is_for_the_quarantine_when_reporting_and_for_nobody_when_rating(reach: Reach) -> None:
    asked = Reached(Scope(BUREAU, reach), directory(), TODAY)
    assert asked.allows({"deptCode": "UNKNOWN", "serviceTime": "2026-11-20 09:00:00"})
    assert asked.allows_organisation(99, TODAY) is (reach is Reach.PLATFORM)
    # No longer there on that day: as unknown as one that never was.
    assert asked.allows({"deptCode": code(OLD_OFFICE), "serviceTime": "2026-11-20 09:00:00"})
