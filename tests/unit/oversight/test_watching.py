"""What is watched, and when a silence is one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.config.asgi import ROUTES
from haochaping.oversight.watch_words import NOT_DRIVEN as NOT_DRIVEN_WORDS
from haochaping.oversight.watch_words import STEPS, WAYS
from haochaping.oversight.watching import (
    DRIVEN,
    LEVELS,
    NOT_DRIVEN,
    Arrived,
    Silence,
    Step,
    Way,
    cells,
    has_stopped,
    silences,
)
from haochaping.policy.watching import known_thresholds
from haochaping.ratings.states import Origin

# The four weeks before a Monday, and the working days among them.
LAST = date(2026, 11, 22)
DAYS = [LAST - timedelta(days=each) for each in range(55, -1, -1)]
WORKDAYS = [day for day in DAYS if day.weekday() < 5]
BY = known_thresholds(LAST)


def test_every_route_by_which_a_rating_comes_is_driven() -> None:
    """A new one fails here until the self-test drives it (`oversight.watching.DRIVEN`, `simulation.selftest.ways`)."""
    taken = {
        (route.method, route.pattern)
        for route in ROUTES
        if route.method == "POST" and route.permission in ("rating token", "client:rate")
    }
    assert taken == {driven.route for driven in DRIVEN}


def test_every_channel_of_the_convention_and_every_level_is_driven() -> None:
    assert {cell.channel for cell in cells()} == {*ONLINE, *ON_THE_SPOT}
    assert {driven.way for driven in DRIVEN} == set(Way)
    for driven in DRIVEN:
        for channel in driven.channels:
            assert [c.level for c in cells() if c[:2] == (driven.way, channel)] == list(LEVELS)


def test_every_origin_is_driven_or_said_not_to_be() -> None:
    driven = {Origin.CITIZEN, Origin.DEVICE, Origin.CLIENT, Origin.CLIENT_OF_RATED}
    assert driven | NOT_DRIVEN | {Origin.SIMULATION} == set(Origin)
    assert NOT_DRIVEN_WORDS.keys() == NOT_DRIVEN
    assert WAYS.keys() == set(Way)
    assert STEPS.keys() == set(Step)


@pytest.mark.parametrize(
    ("arrived", "exposure", "silent", "stopped"),
    [
        (20, 1000, 995, False),  # (1000/1995)^20 = 1.0e-6, a little more than one in a million
        (20, 1000, 996, True),
        (1, 10, 9_999_989, False),
        (1, 10, 9_999_990, True),
        (98, 20, 3, False),
        (99, 20, 3, True),
        (0, 9, 9, False),
        (9, 0, 9, False),
        (9, 9, 0, False),
    ],
)
def test_a_silence_is_told_from_one_in_a_million_on(
    arrived: int, exposure: int, silent: int, stopped: bool
) -> None:
    assert has_stopped(arrived=arrived, exposure=exposure, silent=silent, one_in=1_000_000) is stopped


def test_who_wants_to_know_earlier_is_told_earlier() -> None:
    assert not has_stopped(arrived=20, exposure=1000, silent=412, one_in=1000)
    assert has_stopped(arrived=20, exposure=1000, silent=413, one_in=1000)


def daily(
    channel: int, level: int, number: int, *, until: date = LAST, weekends: bool = True
) -> list[Arrived]:
    return [
        Arrived(channel, level, day, number)
        for day in DAYS
        if day <= until and (weekends or day.weekday() < 5)
    ]


def test_bad_ratings_that_stop_are_told_with_their_channel_and_last_day() -> None:
    stopped = LAST - timedelta(days=7)
    arrived = daily(3, 5, 900) + daily(3, 1, 4, until=stopped)
    assert silences(arrived, last=LAST, workdays=WORKDAYS, by=BY) == (Silence(3, 1, stopped),)


def test_a_rare_level_may_stay_away() -> None:
    arrived = [*daily(3, 5, 900), Arrived(3, 1, DAYS[3], 1), Arrived(3, 1, DAYS[30], 2)]
    assert silences(arrived, last=LAST, workdays=WORKDAYS, by=BY) == ()


def test_a_hall_that_rests_on_sunday_has_not_stopped_and_one_that_stays_silent_has() -> None:
    arrived = daily(4, 5, 300, weekends=False) + daily(1, 5, 300)
    assert silences(arrived, last=LAST, workdays=WORKDAYS, by=BY) == ()
    tuesday = LAST - timedelta(days=5)
    arrived = daily(4, 5, 300, weekends=False, until=tuesday) + daily(1, 5, 300)
    assert silences(arrived, last=LAST, workdays=WORKDAYS, by=BY) == (Silence(4, None, tuesday),)
    patient = replace(BY, least_workdays=4)
    assert silences(arrived, last=LAST, workdays=WORKDAYS, by=patient) == ()


def test_a_holiday_stops_nothing() -> None:
    spring = [day for day in WORKDAYS if day < LAST - timedelta(days=8)]
    arrived = daily(4, 5, 300, weekends=False, until=LAST - timedelta(days=9))
    assert silences(arrived, last=LAST, workdays=spring, by=BY) == ()
