"""Division codes as a tree."""

import pytest

from haochaping.policy.divisions import stem


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("000000", ""),
        ("530000", "53"),
        ("530100", "5301"),
        ("530102", "530102"),
        ("530100000000", "5301"),
        ("530102000000", "530102"),
        ("530000000000", "53"),
        ("000000000000", ""),
        # A township has three digits, a village three more.
        ("530102001000", "530102001"),
        ("530102010000", "530102010"),
        ("530102001010", "530102001010"),
        # A nought inside the code of a level belongs to it.
        ("100000", "10"),
        ("531000", "5310"),
    ],
)
def test_the_code_without_the_levels_below(code: str, expected: str) -> None:
    assert stem(code) == expected


@pytest.mark.parametrize(
    "code", ["", "53", "53010", "5301000", "53010200100", "5301020010000", "53010a", "５３０１００"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="6 or 12 digits"):
        stem(code)
