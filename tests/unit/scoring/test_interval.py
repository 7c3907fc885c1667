"""The exact interval of a share, against published values and against the distribution that it is made of."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.scoring.interval import exact_interval

ALMOST = Fraction(2, 1_000_000)
TAIL = Fraction(25, 1000)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Clopper and Pearson's chart, as tables of 95 % limits print it.
        (0, 10, "0", "0.3085"),
        (1, 10, "0.0025", "0.4450"),
        (5, 10, "0.1871", "0.8129"),
        (10, 10, "0.6915", "1"),
        (11, 12, "0.6152", "0.9979"),
    ],
)
def test_it_is_what_tables_print(part: int, whole: int, low: str, high: str) -> None:
    found = exact_interval(part, whole)
    assert found is not None
    assert abs(found[0] - Decimal(low)) < Decimal("0.0001")
    assert abs(found[1] - Decimal(high)) < Decimal("0.0001")


def at_least(k: int, n: int, p: Fraction) -> Fraction:
    """The chance of k or more of n, added up exactly."""
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)), Fraction(0))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_end_leaves_the_same_small_chance_outside(counted: tuple[int, int]) -> None:
    part, whole = counted
    found = exact_interval(part, whole)
    assert found is not None
    low, high = map(Fraction, found)
    if part:
        assert at_least(part, whole, low) <= TAIL  # rounded outwards
        assert at_least(part, whole, low + ALMOST) > TAIL
    else:
        assert low == 0
    if part < whole:
        assert 1 - at_least(part + 1, whole, high) <= TAIL
        assert 1 - at_least(part + 1, whole, high - ALMOST) > TAIL
    else:
        assert high == 1


def test_of_nothing_there_is_none_and_of_too_much_an_error() -> None:
    assert exact_interval(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        exact_interval(3, 2)
    low, high = exact_interval(999_000, 1_000_000) or (Decimal(0), Decimal(1))
    assert Decimal("0.998") < low < Decimal("0.999") < high < Decimal("0.9992")
