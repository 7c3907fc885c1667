"""What the public may see, and how a figure is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.publication.rules import FEW, MINIMUM, TOGETHER, by_the_day, hidden, hidden_cells, percent
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


def test_a_division_of_few_organisations_is_shown_by_the_day_together_with_the_next() -> None:
    assert by_the_day({"甲": 1, "乙": 4, "丙": 9}, closed=()) == {"甲", "乙"}
    assert by_the_day({"甲": 1, "乙": 2, "丙": 9}, closed=()) == {"甲", "乙"}
    assert by_the_day({"甲": 3, "乙": 4}, closed=()) == set()
    assert by_the_day({"甲": 0, "乙": 4}, closed=()) == set()
    # What is not shown at all moves as little as what is shown by the day.
    assert by_the_day({"甲": 1, "乙": 4, "丙": 9}, closed={"甲"}) == {"乙"}
    assert by_the_day({"甲": 1, "乙": 2, "丙": 9}, closed={"乙"}) == {"甲"}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), min_size=1, max_size=8), st.data())
def test_two_looks_never_tell_what_fewer_organisations_were_rated(
    groups: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Between the looks one rating comes in. What the two tell apart, each live figure and the total less all of them, is of
    TOGETHER organisations at least, or of all there are."""
    rated = {number: min(units, ratings) for number, (units, ratings) in enumerate(groups)}
    closed = hidden(sizes(*(ratings for _units, ratings in groups)))
    daily = by_the_day(rated, closed=closed)
    live = rated.keys() - closed - daily
    moved = data.draw(st.sampled_from(sorted(rated)))
    seen_in = {moved} if moved in live else rated.keys() - live
    number = sum(rated[key] for key in seen_in)
    assert number >= TOGETHER or number == 0 or seen_in == rated.keys()


def test_a_small_cell_is_hidden_with_others_of_its_row_and_column() -> None:
    cells = {("北", 1): 3, ("北", 2): 50, ("北", 3): 40, ("南", 1): 60, ("南", 2): 70, ("南", 3): 80}
    assert hidden_cells(cells, closed=()) == {("北", 1), ("北", 3), ("南", 1), ("南", 3)}
    assert hidden_cells({**cells, ("北", 1): 0}, closed=()) == set()
    assert ("北", 2) in hidden_cells(cells, closed={"北"})


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("北南东"), st.integers(1, 4)), st.integers(0, 30), min_size=1, max_size=12
    )
)
def test_no_small_cell_follows_from_the_totals_of_lines(cells: dict[tuple[str, int], int]) -> None:
    shut = hidden_cells(cells, closed=())
    assert all(number == 0 or number >= FEW for key, number in cells.items() if key not in shut)
    for axis in (0, 1):
        for line in {key[axis] for key in cells}:
            out = [cells[key] for key in shut if key[axis] == line]
            whole = sum(1 for key, number in cells.items() if key[axis] == line and number)
            assert not out or (len(out) > 1 and sum(out) >= FEW) or len(out) == whole
