"""A missing notice is said in the log every day from 1 December on."""

import logging
from datetime import UTC, datetime

import pytest

from haochaping.jobs.daily.calendar import run


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), 1),
        (datetime(2027, 6, 1, tzinfo=UTC), 1),
    ],
)
def test_the_alarm_begins_on_the_first_of_december_in_china(
    now: datetime, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert run(now=now) == told
    assert ("holidays of 2027 is not loaded" in caplog.text) is bool(told)
