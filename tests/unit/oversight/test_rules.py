"""Shares are never shown better than they are."""

import pytest

from haochaping.oversight.rules import Covered


@pytest.mark.parametrize(
    ("covered", "total", "tenths"), [(0, 0, None), (0, 3, 0), (9_999, 10_000, 999), (3, 3, 1000), (1, 3, 333)]
)
def test_a_share_is_rounded_down(covered: int, total: int, tenths: int | None) -> None:
    assert Covered(covered, total).tenths == tenths


def test_counts_add_up() -> None:
    assert Covered(1, 2) + Covered(3, 5) == Covered(4, 7)
    assert Covered(4, 7).missing == 3
