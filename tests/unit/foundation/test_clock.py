from datetime import UTC, date, datetime

import pytest

from haochaping.foundation.clock import local_day, now


def test_the_legal_day_is_that_of_shanghai() -> None:
    assert local_day(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 11, 23))  # noqa: DTZ001


def test_now_is_aware() -> None:
    assert now().tzinfo is UTC
