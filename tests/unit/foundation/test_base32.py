import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation import base32


@given(st.binary(min_size=1, max_size=40))
def test_what_was_encoded_comes_back(data: bytes) -> None:
    assert base32.decode(base32.encode(data), len(data)) == data


@given(st.binary(min_size=1, max_size=40))
def test_people_may_type_it_in_their_way(data: bytes) -> None:
    typed = "-".join(base32.encode(data)).lower().replace("0", "o").replace("1", "l")
    assert base32.decode(typed, len(data)) == data


@pytest.mark.parametrize("text", ["", "A", "AAA", "U!", "张三"])
def test_what_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        base32.decode(text, 1)


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        base32.decode("ZZ", 1)


@given(st.binary(min_size=5, max_size=20), st.data())
def test_the_check_character_finds_every_single_slip(data: bytes, draw: st.DataObject) -> None:
    text = base32.encode(data)
    place = draw.draw(st.integers(0, len(text) - 1))
    other = draw.draw(st.sampled_from([c for c in base32.ALPHABET if c != text[place]]))
    assert base32.check_character(text) != base32.check_character(text[:place] + other + text[place + 1 :])


@given(st.binary(min_size=1, max_size=20))
def test_the_check_character_of_bytes_is_that_of_their_text(data: bytes) -> None:
    assert base32.check_character_of(data) == base32.check_character(base32.encode(data))
