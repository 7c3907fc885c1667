"""Exact numbers: rounding, bounds, means, and how they are shown."""

import pytest

from haochaping.policy.bands import Bounds
from haochaping.policy.exact import clipped, mean, rounded, shown, within
from haochaping.policy.measures import Rounding
from tests.unit.policy.scored import D, F


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("half_up", F(125, 100), F(13, 10)),
        ("half_up", F(-125, 100), F(-13, 10)),
        ("half_up", F(1249, 1000), F(12, 10)),
        ("half_even", F(125, 100), F(12, 10)),
        ("half_even", F(135, 100), F(14, 10)),
        ("half_even", F(1251, 1000), F(13, 10)),
        ("down", F(129, 100), F(12, 10)),
        ("down", F(-129, 100), F(-12, 10)),
        ("up", F(121, 100), F(13, 10)),
        ("up", F(12, 10), F(12, 10)),
    ],
)
def test_rounding(mode: str, value: F, expected: F) -> None:
    assert rounded(value, Rounding(1, mode)) == expected
    assert rounded(value, None) == value


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("half_up", F(8604, 100), F(86)),
        ("half_up", F(8625, 100), F(865, 10)),
        ("half_up", F(-8625, 100), F(-865, 10)),
        ("half_even", F(8625, 100), F(86)),
        ("down", F(8699, 100), F(865, 10)),
        ("up", F(8601, 100), F(865, 10)),
    ],
)
def test_rounding_in_steps(mode: str, value: F, expected: F) -> None:
    assert rounded(value, Rounding(mode=mode, step=D("0.5"))) == expected


def test_bounds() -> None:
    assert [within(F(n), Bounds(D(1), None, D(3))) for n in range(5)] == [False, True, True, True, False]
    assert [within(F(n), Bounds(None, D(1), None, D(3))) for n in range(5)] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert within(F(9), Bounds())
    assert (clipped(F(5), D(6), D(7)), clipped(F(8), D(6), D(7)), clipped(F(8), None, None)) == (6, 7, 8)
    assert mean([]) is None
    assert [shown(each) for each in (F(1, 2), F(2, 3), F(100), F(-1, 3))] == [
        "0.5",
        "≈0.666667",
        "100",
        "≈-0.333333",
    ]
