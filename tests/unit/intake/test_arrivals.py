"""When a rating was received that could not be stored at once: the first time, for a while, of so many."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from haochaping.intake.arrivals import KEPT, Arrivals
from haochaping.ratings.operations import GRACE

NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OCCASION = uuid.UUID(int=1)
SUBMISSION = "0" * 32


def test_the_first_attempt_counts_for_a_while() -> None:
    arrivals = Arrivals()
    arrivals.not_stored(OCCASION, SUBMISSION, NOW)
    arrivals.not_stored(OCCASION, SUBMISSION, NOW + SECOND)
    for by in (SECOND, KEPT):
        assert arrivals.received(OCCASION, SUBMISSION, NOW + by) == NOW
    much = NOW + KEPT + SECOND
    assert arrivals.received(OCCASION, SUBMISSION, much) == much


def test_another_occasion_or_submission_is_judged_by_its_own_time() -> None:
    arrivals = Arrivals()
    arrivals.not_stored(OCCASION, SUBMISSION, NOW)
    later = NOW + SECOND
    assert arrivals.received(uuid.UUID(int=2), SUBMISSION, later) == later
    assert arrivals.received(OCCASION, "1" * 32, later) == later


@pytest.mark.parametrize("sent", [None, 7, ["0" * 32], "", "0" * 31, "0" * 10_000])
def test_what_is_no_submission_id_is_not_kept(sent: object) -> None:
    arrivals = Arrivals()
    for submission in (SUBMISSION, sent):
        arrivals.not_stored(OCCASION, submission, NOW)
    later = NOW + SECOND
    assert arrivals.received(OCCASION, sent, later) == later


def test_the_oldest_make_room() -> None:
    arrivals = Arrivals(most=2)
    for number in range(3):
        arrivals.not_stored(uuid.UUID(int=number), SUBMISSION, NOW + number * SECOND)
    later = NOW + timedelta(minutes=1)
    found = [arrivals.received(uuid.UUID(int=number), SUBMISSION, later) for number in range(3)]
    assert found == [later, NOW + SECOND, NOW + 2 * SECOND]


def test_it_ends_before_the_sweep_stops_waiting_for_who_is_on_the_way() -> None:
    assert KEPT < GRACE
