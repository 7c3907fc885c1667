"""What a citizen wrote is kept unreadable, comes back as it was, and opens in its own rating only."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.sealing import SealBroken
from haochaping.ratings.wording import opened_number, opened_text, sealed_number, sealed_text

RATING, OTHER = UUID(int=1), UUID(int=2)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    kept = sealed_text(text, RATING)
    assert opened_text(kept, RATING) == text
    assert kept == text == "" or text not in kept.removeprefix("\x02") or len(text) < 4


def test_a_text_opens_in_its_own_rating_only() -> None:
    kept = sealed_text("我是李小明，电话13812345678", RATING)
    assert kept.isascii()
    assert "\x00" not in kept
    with pytest.raises(SealBroken):
        opened_text(kept, OTHER)
    with pytest.raises(SealBroken):
        opened_text(kept[:-8] + "AAAAAAA=", RATING)


def test_what_was_kept_before_is_read_as_it_is() -> None:
    assert opened_text("慢", RATING) == "慢"
    assert sealed_text("", RATING) == opened_text("", RATING) == ""


def test_the_number_of_a_case_is_sealed_for_its_rating_and_is_no_text() -> None:
    kept = sealed_number("530100202611190001", RATING)
    assert opened_number(kept, RATING) == "530100202611190001"
    assert "5301002026" not in kept
    for opens, rating in ((opened_number, OTHER), (opened_text, RATING)):
        with pytest.raises(SealBroken):
            opens(kept, rating)
    assert sealed_number("", RATING) == opened_number("", RATING) == ""
