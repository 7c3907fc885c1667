"""Where a limit meets the first or the last day that notices settle: what it rests on decides if it is provisional."""

from datetime import date, datetime

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import CalendarYear, WorkCalendar
from haochaping.policy.counting import Course, due
from haochaping.policy.limits import Limit
from haochaping.policy.office_time import Pause

# Settled from Monday 1 January 2024 to Saturday 19 December 2026; what comes then is of the notice for 2027.
CALENDAR = WorkCalendar([CalendarYear(year, frozenset(), frozenset()) for year in (2024, 2025, 2026)])


@pytest.mark.parametrize(
    ("roll", "day", "rolled", "provisional"),
    [
        # From a Sunday that no notice settles to a Monday that one does, and the other way round.
        ("next_workday", date(2023, 12, 30), date(2024, 1, 1), True),
        ("next_workday", date(2024, 1, 5), date(2024, 1, 8), False),
        ("next_workday", date(2026, 12, 11), date(2026, 12, 14), False),
        ("next_workday", date(2026, 12, 18), date(2026, 12, 21), True),
        ("previous_workday", date(2026, 12, 18), date(2026, 12, 18), False),
        ("previous_workday", date(2026, 12, 19), date(2026, 12, 18), True),
        ("previous_workday", date(2024, 1, 6), date(2024, 1, 5), False),
    ],
)
def test_a_last_day_that_is_moved(roll: str, day: date, rolled: date, provisional: bool) -> None:
    course = Course({"service": datetime(day.year, day.month, day.day, 10, tzinfo=CN)})
    in_days = due(Limit(1, "calendar_day", "service", count_first=False, roll=roll), course, CALENDAR)
    in_hours = due(Limit(24, "hour", "service", roll=roll), course, CALENDAR)
    assert in_days is not None
    assert in_hours is not None
    assert (in_days.last_day, in_days.provisional) == (rolled, provisional)
    assert in_hours.provisional is provisional


@pytest.mark.parametrize(
    ("day", "start", "provisional"),
    [
        (date(2023, 12, 31), date(2024, 1, 1), True),
        (date(2024, 1, 6), date(2024, 1, 8), False),
        (date(2026, 12, 19), date(2026, 12, 21), True),
    ],
)
def test_a_beginning_that_is_moved(day: date, start: date, provisional: bool) -> None:
    course = Course({"service": datetime(day.year, day.month, day.day, 10, tzinfo=CN)})
    limit = Limit(0, "calendar_day", "service", start_on_workday=True)
    found = due(limit, course, CALENDAR)
    assert found is not None
    assert (found.last_day, found.provisional) == (start, provisional)


@pytest.mark.parametrize(
    ("begun", "ended", "last", "provisional"),
    [
        (date(2026, 12, 15), date(2026, 12, 16), date(2026, 12, 18), False),
        (date(2026, 12, 15), date(2026, 12, 17), date(2026, 12, 21), True),
        # One that begins after the last day takes nothing out, whatever it lies over.
        (date(2026, 12, 18), date(2026, 12, 20), date(2026, 12, 17), False),
    ],
)
def test_working_days_beyond_a_pause(begun: date, ended: date, last: date, provisional: bool) -> None:
    at = [datetime(each.year, each.month, each.day, 10, tzinfo=CN) for each in (begun, ended)]
    course = Course({"service": datetime(2026, 12, 14, 10, tzinfo=CN)}, {"objection": [Pause(*at)]})
    limit = Limit(3, "workday", "service", count_first=False, suspended_by=("objection",))
    found = due(limit, course, CALENDAR)
    assert found is not None
    assert (found.last_day, found.provisional) == (last, provisional)
