"""The frame of a sample of ratings is the same for everybody who makes it, and leads to no rating."""

import hashlib
import hmac
from datetime import date
from uuid import UUID

import pytest

from haochaping.oversight.drawing import Frame, drawn, first_by_rank, frame
from haochaping.oversight.numbering import Numbers, cut, numbered, told

OF = Frame("good", "11530000MB00000001", date(2026, 11, 1), ())
IDS = [UUID(int=number) for number in range(300)]
KEY = bytes(range(32))


def test_a_number_is_made_of_the_rating_by_a_key_for_this_frame_alone() -> None:
    number = numbered(KEY, OF)
    said = b"haochaping frame 1\ngood\n11530000MB00000001\n2026-11-01\n" + IDS[1].bytes
    assert number(IDS[1]) == hmac.digest(KEY, said, "sha256")[:10]
    others = (
        numbered(bytes(32), OF),
        numbered(KEY, Frame("all", OF.scope, OF.first_day, ())),
        numbered(KEY, Frame(OF.rule, OF.scope, date(2026, 12, 1), ())),
    )
    assert not {other(each) for other in others for each in IDS} & {number(each) for each in IDS}


def test_numbers_are_in_ascending_order_and_their_digest_is_that_of_their_texts() -> None:
    number = numbered(KEY, OF)
    made = [number(each) for each in IDS]
    numbers = Numbers([*made, made[0]])
    assert list(numbers) == sorted(made)
    assert len(numbers) == 300
    texts = list(numbers.texts())
    assert texts == sorted(texts)
    assert numbers.digest() == hashlib.sha256("\n".join(texts).encode()).hexdigest()
    assert numbers.digest() == frame(OF.rule, OF.scope, OF.first_day, texts).digest()
    assert Numbers([numbers.packed()]).digest() == numbers.digest()
    assert Numbers([]).digest() == hashlib.sha256().hexdigest()
    assert list(cut(numbers.packed())) == list(numbers)
    with pytest.raises(ValueError, match="ten bytes"):
        list(cut(b"123"))


def test_the_sample_is_that_of_the_whole_frame() -> None:
    texts = [told(numbered(KEY, OF)(each)) for each in IDS]
    whole = frame(OF.rule, OF.scope, OF.first_day, texts)
    assert first_by_rank(KEY, OF, iter(texts), 30) == drawn(KEY, whole, 30)
