"""A static code: twenty-one characters that nobody can make up, and what they are of."""

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.cases import static_code, token
from haochaping.cases.static_code import LENGTH, SUBJECTS, StaticCode, mint, rated_by, read
from haochaping.cases.token import ForgedToken
from haochaping.foundation import base32
from haochaping.foundation.sealing import hmac_sm3

KEY = b"k" * 16
SEVEN = StaticCode("window", 7)


@given(st.sampled_from(sorted(SUBJECTS)), st.integers(0, 2**31 - 1))
def test_a_code_says_what_it_is_of_in_upper_and_lower_case(subject: str, thing: int) -> None:
    code = StaticCode(subject, thing)
    made = mint(code, KEY)
    assert len(made) == LENGTH == 21
    assert set(made) <= set(base32.ALPHABET)
    assert read(made, KEY) == read(made.lower(), KEY) == code


def test_the_first_codes_of_windows_stay_good() -> None:
    signed = b"\x01" + (7).to_bytes(4)
    assert mint(SEVEN, KEY) == base32.encode(signed + hmac_sm3(KEY, signed)[:8])


def test_what_was_changed_in_one_place_is_forged() -> None:
    made = mint(SEVEN, KEY)
    for place in range(LENGTH):
        for other in base32.ALPHABET.replace(made[place], ""):
            with pytest.raises(ForgedToken):
                read(made[:place] + other + made[place + 1 :], KEY)


def test_guesses_other_keys_other_kinds_and_tokens_of_occasions_are_forged() -> None:
    drawn = random.Random(7)
    guesses = ["".join(drawn.choices(base32.ALPHABET, k=LENGTH)) for _ in range(2000)]
    unknown = b"\x05" + (7).to_bytes(4)
    for text in [
        *guesses,
        mint(SEVEN, b"o" * 16),
        base32.encode(unknown + hmac_sm3(KEY, unknown)[:8]),
        token.mint(uuid.uuid4(), 3, KEY),
        "",
        "用" * LENGTH,
        "U" * LENGTH,
    ]:
        with pytest.raises(ForgedToken):
            read(text, KEY)
    with pytest.raises(ForgedToken):
        token.read(mint(SEVEN, KEY), KEY)
    assert static_code.PURPOSE != "rating token"


@pytest.mark.parametrize(
    ("window", "hall", "item", "code"),
    [
        (1, 2, None, StaticCode("window", 1)),
        (None, 2, None, StaticCode("hall", 2)),
        (None, None, 3, StaticCode("guide", 3)),
        (None, None, None, StaticCode("platform", 4)),
    ],
)
def test_what_was_rated_is_told_by_what_the_rating_copied(
    window: int | None, hall: int | None, item: int | None, code: StaticCode
) -> None:
    assert rated_by(window_id=window, hall_id=hall, item_id=item, organisation_id=4) == code
