from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.ids import Ids, new_id, random_id

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS)
def test_an_id_is_version_7_and_carries_its_millisecond(now: datetime) -> None:
    value = new_id(now)
    assert (value.version, value.variant) == (7, "specified in RFC 4122")
    assert timedelta(milliseconds=value.int >> 80) == (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        milliseconds=1
    ) * timedelta(milliseconds=1)


@given(INSTANTS, st.integers(1, 10**9))
def test_later_ids_sort_later(now: datetime, milliseconds: int) -> None:
    assert new_id(now).int < new_id(now + timedelta(milliseconds=milliseconds)).int


def test_the_same_entropy_gives_the_same_id(now: datetime) -> None:
    assert new_id(now, b"0123456789") == new_id(now, b"0123456789") != new_id(now, b"9876543210")


def test_the_random_part_is_random(now: datetime) -> None:
    assert len({new_id(now) for _ in range(10_000)}) == 10_000


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        new_id(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_random_id_tells_no_time() -> None:
    assert random_id().version == 4


@given(INSTANTS)
def test_many_at_once_are_made_as_one_is(now: datetime) -> None:
    make, one = Ids(now), new_id(now)
    made = [make() for _ in range(300)]
    assert len(set(made)) == 300
    assert {value.int >> 80 for value in made} == {one.int >> 80}
    assert {(value.version, value.variant) for value in made} == {(7, "specified in RFC 4122")}
    # Every random bit is used.
    assert sum(1 << place for place in range(128) if len({value.int >> place & 1 for value in made}) > 1) == (
        (1 << 62) - 1 | 0xFFF << 64
    )


def test_many_of_a_naive_instant_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Ids(datetime(2026, 1, 1))  # noqa: DTZ001
