"""What the public may see, and how a figure is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.publication.rules import MINIMUM, hidden, percent
from haochaping.tallies.rules import Counts, share


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (0, 0, "—"),
        (0, 5, "0.00%"),
        (5, 5, "100.00%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (999_999, 1_000_000, "99.99%"),
        (1, 1_000_000, "0.01%"),
        (9, 8, "112.50%"),
    ],
)
def test_a_share_is_written_with_two_decimals(part: int, whole: int, written: str) -> None:
    assert percent(share(part, whole)) == written


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_all_and_none_are_never_rounded_to(part: int, whole: int) -> None:
    written = percent(share(min(part, whole), whole))
    assert (written == "100.00%") == (part >= whole)
    assert (written == "0.00%") == (part == 0)
    assert abs(Decimal(written.rstrip("%")) * whole - 100 * min(part, whole)) <= Decimal("0.01") * whole


def sizes(*rated: int) -> dict[int, Counts]:
    return {number: Counts(n5=count) for number, count in enumerate(rated)}


def test_a_small_group_is_hidden_together_with_the_next_smallest() -> None:
    assert hidden(sizes(100, 19, 30, 50)) == {1, 2}


def test_enough_small_groups_hide_each_other() -> None:
    assert hidden(sizes(100, 19, 12, 50)) == {1, 2}


def test_a_group_without_any_rating_gives_nobody_away() -> None:
    assert hidden(sizes(100, 0, 30)) == {1}


def test_the_only_group_is_hidden_when_it_is_small() -> None:
    assert hidden(sizes(3)) == {0}


@given(st.lists(st.integers(0, 60), max_size=12))
def test_no_small_number_follows_from_what_is_shown(rated: list[int]) -> None:
    groups = sizes(*rated)
    closed = hidden(groups)
    assert all(groups[key].rated >= MINIMUM for key in groups if key not in closed)
    rest = sum(groups[key].rated for key in closed)
    assert rest == 0 or rest >= MINIMUM or len(closed) == len(groups)
