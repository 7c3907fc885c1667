"""The rating token: forty characters that nobody can make up."""

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.cases.token import LENGTH, ForgedToken, RatingToken, mint, read
from haochaping.foundation import base32

KEY = b"k" * 16
OCCASION = uuid.UUID("01996f00-1111-7222-8333-444455556666")


@given(st.uuids(), st.integers(1, 15))
def test_a_token_says_what_was_put_in_and_fits_a_small_qr_code(occasion: uuid.UUID, channel: int) -> None:
    token = mint(occasion, channel, KEY)
    assert len(token) == LENGTH == 40
    assert set(token) <= set(base32.ALPHABET)
    assert read(token, KEY) == read(token.lower(), KEY) == RatingToken(occasion, channel)


def test_the_same_occasion_and_channel_always_give_the_same_token() -> None:
    assert mint(OCCASION, 3, KEY) == mint(OCCASION, 3, KEY)
    assert mint(OCCASION, 3, KEY) != mint(OCCASION, 4, KEY)


@pytest.mark.parametrize("channel", [0, 16, -1])
def test_a_channel_out_of_range_gets_no_token(channel: int) -> None:
    with pytest.raises(ValueError, match="channel"):
        mint(OCCASION, channel, KEY)


def _accepted(text: str) -> bool:
    try:
        read(text, KEY)
    except ForgedToken:
        return False
    return True


def test_a_hundred_thousand_altered_and_invented_tokens_are_all_refused() -> None:
    chance = random.Random(20261123)
    genuine = mint(OCCASION, 3, KEY)
    accepted = []
    for n in range(100_000):
        if n % 2:
            place = chance.randrange(LENGTH)
            other = chance.choice(base32.ALPHABET.replace(genuine[place], ""))
            tried = genuine[:place] + other + genuine[place + 1 :]
        else:
            tried = base32.encode(chance.randbytes(25))
        if _accepted(tried):
            accepted.append(tried)
    assert accepted == []


def test_every_single_flipped_bit_is_seen() -> None:
    data = int.from_bytes(base32.decode(mint(OCCASION, 3, KEY), 25), "big")
    assert not any(_accepted(base32.encode((data ^ 1 << bit).to_bytes(25, "big"))) for bit in range(200))


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert not _accepted(text)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "0", lambda t: f"{t[:-2]}-{t[-2]}", lambda _: ""]
)
def test_a_token_of_another_form_is_refused(spoil) -> None:
    assert not _accepted(spoil(mint(OCCASION, 3, KEY)))


def test_a_token_under_another_key_is_refused() -> None:
    with pytest.raises(ForgedToken):
        read(mint(OCCASION, 3, KEY), b"j" * 16)
