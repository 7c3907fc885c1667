"""The figures of a page of counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import MEASURES, Counts, share

counts = st.builds(Counts, *(st.integers(0, 10**9) for _ in MEASURES))


def test_two_and_one_are_bad_and_defaults_are_nobodys_praise() -> None:
    page = Counts(occasions=100, late=7, n1=1, n2=2, n3=3, n4=4, n5=30, d3=50)
    assert (page.rated, page.good, page.bad, page.default, page.unrated) == (40, 37, 3, 50, 10)
    assert page.active_good_rate == Decimal("0.925")
    assert page.inclusive_good_rate == Decimal(87) / Decimal(90)
    assert page.participation == Decimal("0.4")


def test_where_nothing_was_counted_there_is_no_rate() -> None:
    assert Counts().active_good_rate is None
    assert Counts(occasions=3).participation == 0
    assert Counts(d3=2).active_good_rate is None
    assert Counts(d3=2).inclusive_good_rate == 1


@given(counts, counts)
def test_counts_add_up_measure_by_measure(one: Counts, other: Counts) -> None:
    both = one + other
    assert both.rated == one.rated + other.rated
    assert both.unrated == one.unrated + other.unrated
    assert both.good + both.bad == both.rated
    assert both - other == one


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_is_exact_to_the_last_of_its_digits(part: int, whole: int) -> None:
    value = share(part, whole)
    assert value is not None
    assert abs(value * whole - part) <= Decimal(part) * Decimal("1e-26")


def test_a_measure_that_is_not_declared_is_refused() -> None:
    with pytest.raises(KeyError, match="n6"):
        append(Fact("source", "n6"))


def test_only_the_columns_of_what_is_counted_are_written() -> None:
    statement = append(Fact("gone", "d", sign=-1))
    assert "d1, d2, d3, d4, d5) SELECT" in statement
    assert "occasions" not in statement
    assert "-1 * weight AS more" in statement
    assert "occasions) SELECT" in append(Fact("told", "occasions"))
