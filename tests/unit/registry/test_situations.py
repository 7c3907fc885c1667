"""In which division an occasion is: a record tells the county at most, the registry what lies below it."""

import pytest

from haochaping.policy.occasions import tier_of
from haochaping.registry.situations import narrowest

COUNTY, TOWNSHIP, VILLAGE = "530102", "530102001000", "530102001203"


@pytest.mark.parametrize(
    ("within", "found"),
    [
        ((), COUNTY),
        ((COUNTY, "530100"), COUNTY),
        ((TOWNSHIP, COUNTY), TOWNSHIP),
        ((COUNTY, TOWNSHIP), TOWNSHIP),
        ((TOWNSHIP, VILLAGE), VILLAGE),
        # The hall goes before the organisation, and another county's township does not count.
        ((TOWNSHIP, "530102002000"), TOWNSHIP),
        (("530103001000", COUNTY), COUNTY),
    ],
)
def test_the_narrowest_division_below_the_one_that_was_reported(within: tuple[str, ...], found: str) -> None:
    assert narrowest(COUNTY, *within) == found


def test_so_rules_of_townships_and_villages_are_chosen() -> None:
    assert [tier_of(narrowest(COUNTY, code)) for code in (COUNTY, TOWNSHIP, VILLAGE)] == [
        "county",
        "township",
        "village",
    ]


def test_a_city_that_was_reported_holds_its_townships_too() -> None:
    assert narrowest("530100", TOWNSHIP) == TOWNSHIP
