"""The beat goes on, whatever one job does."""

import logging
import threading
from datetime import datetime
from itertools import pairwise

import pytest

from haochaping.jobs.pulse import LONGEST_PAUSE, Pulse


class Watch:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def pulse(now: datetime, watch: Watch, **jobs: object) -> Pulse:
    return Pulse(jobs, clock=lambda: now, stop=threading.Event(), timer=watch)  # type: ignore[arg-type]


def test_every_job_is_called_with_the_instant_of_the_clock(now: datetime) -> None:
    called: list[tuple[str, datetime]] = []

    def first(*, now: datetime) -> int:
        called.append(("first", now))
        return 1

    def second(*, now: datetime) -> int:
        called.append(("second", now))
        return 0

    pulse(now, Watch(), first=first, second=second).round()
    assert called == [("first", now), ("second", now)]


def test_a_failing_job_pauses_longer_and_longer_and_holds_nobody_up(now: datetime) -> None:
    watch, failed, good = Watch(), [], []

    def broken(*, now: datetime) -> int:
        failed.append(watch.seconds)
        raise ValueError("张三 13800000000")

    def sound(*, now: datetime) -> int:
        good.append(watch.seconds)
        return 0

    heart = pulse(now, watch, broken=broken, sound=sound)
    for second in range(300):
        watch.seconds = float(second)
        heart.round()
    assert len(good) == 300
    gaps = [later - earlier for earlier, later in pairwise(failed)]
    assert gaps == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert max(gaps) == LONGEST_PAUSE


def test_the_log_says_what_failed_where_and_nothing_of_the_content(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*, now: datetime) -> int:
        raise ValueError("张三 13800000000")

    with caplog.at_level(logging.INFO):
        pulse(now, Watch(), **{"secondly.broken": broken}).round()
    assert "secondly.broken failed (ValueError at jobs/pulse.py:" in caplog.text
    assert "张三" not in caplog.text
    assert "138" not in caplog.text


def test_a_job_that_works_again_is_called_every_round_again(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    watch, calls = Watch(), []

    def sometimes(*, now: datetime) -> int:
        calls.append(watch.seconds)
        if watch.seconds == 0:
            raise OSError
        return 1

    heart = pulse(now, watch, sometimes=sometimes)
    with caplog.at_level(logging.INFO):
        for second in range(4):
            watch.seconds = float(second)
            heart.round()
    assert calls == [0, 1, 2, 3]
    assert caplog.text.count("sometimes works again") == 1


def test_when_asked_to_stop_the_call_under_way_is_the_last(now: datetime) -> None:
    stop, called = threading.Event(), []

    def first(*, now: datetime) -> int:
        stop.set()
        called.append("first")
        return 0

    def second(*, now: datetime) -> int:
        called.append("second")
        return 0

    Pulse({"first": first, "second": second}, clock=lambda: now, stop=stop).run()
    assert called == ["first"]
