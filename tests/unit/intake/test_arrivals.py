"""When a rating was received that could not be stored at once: the first time, for a while, of so many; and what a mark
says of it to a process that has not seen it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from haochaping.intake.arrivals import KEPT, Arrivals, mark_of, marked_instant
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
        mark = arrivals.not_stored(OCCASION, submission, NOW)
    assert mark == mark_of(OCCASION, sent, NOW) == ""
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


def test_a_mark_is_of_one_subject_one_submission_and_a_while() -> None:
    mark = Arrivals().not_stored(OCCASION, SUBMISSION, NOW)
    for by in (timedelta(0), SECOND, KEPT):
        assert Arrivals().received(OCCASION, SUBMISSION, NOW + by, mark) == NOW
    later = NOW + SECOND
    for subject, submission in ((uuid.UUID(int=2), SUBMISSION), (OCCASION, "1" * 32), (OCCASION, None)):
        assert Arrivals().received(subject, submission, later, mark) == later
    much = NOW + KEPT + SECOND
    assert Arrivals().received(OCCASION, SUBMISSION, much, mark) == much


@pytest.mark.parametrize("place", [0, 15, 16, 17, 48])
def test_a_mark_of_which_a_character_is_another_says_nothing(place: int) -> None:
    mark = mark_of(OCCASION, SUBMISSION, NOW)
    forged = mark[:place] + ("1" if mark[place] != "1" else "2") + mark[place + 1 :]
    later = NOW + SECOND
    assert marked_instant(OCCASION, SUBMISSION, later, mark) == NOW
    assert marked_instant(OCCASION, SUBMISSION, later, forged) == later


@pytest.mark.parametrize("said", ["x", "0" * 16, "\ud800" * 49, "9" * 16 + "." + "0" * 32, "\uff11" * 16])
def test_what_is_no_mark_says_nothing(said: str) -> None:
    assert marked_instant(OCCASION, SUBMISSION, NOW, said) == NOW


def test_a_mark_of_a_clock_that_is_ahead_makes_nobody_later() -> None:
    ahead = mark_of(OCCASION, SUBMISSION, NOW + SECOND)
    assert marked_instant(OCCASION, SUBMISSION, NOW, ahead) == NOW


def test_of_memory_and_mark_the_earlier_counts() -> None:
    first = mark_of(OCCASION, SUBMISSION, NOW)
    arrivals = Arrivals()
    arrivals.not_stored(OCCASION, SUBMISSION, NOW + SECOND)
    later = NOW + 2 * SECOND
    assert arrivals.received(OCCASION, SUBMISSION, later, first) == NOW
    second = mark_of(OCCASION, SUBMISSION, later)
    assert arrivals.received(OCCASION, SUBMISSION, later + SECOND, second) == NOW + SECOND
