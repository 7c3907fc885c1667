"""The token of a window's static code: twenty-one characters that nobody can make up."""

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.cases import token, window_token
from haochaping.cases.token import ForgedToken
from haochaping.cases.window_token import LENGTH, mint, read
from haochaping.foundation import base32

KEY = b"k" * 16


@given(st.integers(0, 2**31 - 1))
def test_a_token_says_which_window_in_upper_and_lower_case(window: int) -> None:
    made = mint(window, KEY)
    assert len(made) == LENGTH == 21
    assert set(made) <= set(base32.ALPHABET)
    assert read(made, KEY) == read(made.lower(), KEY) == window


def test_what_was_changed_in_one_place_is_forged() -> None:
    made = mint(7, KEY)
    for place in range(LENGTH):
        for other in base32.ALPHABET.replace(made[place], ""):
            with pytest.raises(ForgedToken):
                read(made[:place] + other + made[place + 1 :], KEY)


def test_guesses_other_keys_and_tokens_of_occasions_are_forged() -> None:
    drawn = random.Random(7)
    guesses = ["".join(drawn.choices(base32.ALPHABET, k=LENGTH)) for _ in range(2000)]
    for text in [
        *guesses,
        mint(7, b"o" * 16),
        token.mint(uuid.uuid4(), 3, KEY),
        "",
        "用" * LENGTH,
        "U" * LENGTH,
    ]:
        with pytest.raises(ForgedToken):
            read(text, KEY)
    with pytest.raises(ForgedToken):
        token.read(mint(7, KEY), KEY)
    assert window_token.PURPOSE != "rating token"
