"""The clock stands still while a step is pending: which days and hours that takes out of a limit."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import CalendarYear, WorkCalendar
from haochaping.policy.counting import Course, Due, due
from haochaping.policy.limits import Limit
from haochaping.policy.office_time import Pause
from haochaping.policy.publicity import OfficeHours

CALENDAR = WorkCalendar([CalendarYear(year, frozenset(), frozenset()) for year in (2025, 2026, 2027)])
HOURS = (OfficeHours(time(9), time(12)), OfficeHours(time(13), time(17)))


def at(day: int, hour: int = 10) -> datetime:
    """An instant of November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=CN)


def counted(unit: str, n: int, *pauses: Pause, words: tuple[str, ...] = ("objection",)) -> Due | None:
    """A limit from Monday the 2nd at ten."""
    count_first = False if unit in ("workday", "calendar_day") else None
    limit = Limit(n, unit, "verification", count_first=count_first, suspended_by=words)
    course = Course({"verification": at(2)}, {"objection": pauses})
    return due(limit, course, CALENDAR, hours=HOURS)


@pytest.mark.parametrize(
    ("unit", "pauses", "last"),
    [
        ("calendar_day", (), 7),
        # The day on which a pause begins is counted, the one on which it ends is not.
        ("calendar_day", (Pause(at(3), at(5)),), 9),
        ("calendar_day", (Pause(at(3), at(3, 17)),), 7),
        ("calendar_day", (Pause(at(3, 23), at(4, 0)),), 8),
        # Two that overlap stop it once, two apart twice.
        ("calendar_day", (Pause(at(3), at(5)), Pause(at(4), at(6))), 10),
        ("calendar_day", (Pause(at(3), at(6)), Pause(at(4), at(5))), 10),
        ("calendar_day", (Pause(at(5), at(6)), Pause(at(3), at(4))), 9),
        # One that began before the event stops it from the event on; one that was over by then does not.
        ("calendar_day", (Pause(at(1), at(4)),), 9),
        ("calendar_day", (Pause(at(1), at(2, 9)),), 7),
        ("calendar_day", (Pause(at(1), at(2)),), 7),
        # On the last day it still stops it, afterwards it does not.
        ("calendar_day", (Pause(at(6), at(9)),), 10),
        ("calendar_day", (Pause(at(7), at(9)),), 7),
        ("calendar_day", (Pause(at(8), at(9)),), 7),
        # Working days: a weekend within the pause takes nothing out.
        ("workday", (), 9),
        ("workday", (Pause(at(3), at(5)),), 11),
        ("workday", (Pause(at(6), at(8)),), 9),
        ("workday", (Pause(at(6), at(9)),), 10),
    ],
)
def test_days_that_a_pause_takes_out(unit: str, pauses: tuple[Pause, ...], last: int) -> None:
    assert counted(unit, 5, *pauses) == Due(
        datetime(2026, 11, last + 1, tzinfo=CN), date(2026, 11, last), False
    )


@pytest.mark.parametrize(
    ("unit", "n", "pauses", "end"),
    [
        ("hour", 24, (), at(3)),
        ("hour", 24, (Pause(at(2, 12), at(2, 15)),), at(3, 13)),
        ("hour", 24, (Pause(at(1), at(2, 15)),), at(3, 15)),
        ("hour", 24, (Pause(at(3, 10), at(3, 15)),), at(3)),
        ("hour", 24, (Pause(at(2, 12), at(2, 15)), Pause(at(2, 13), at(2, 14))), at(3, 13)),
        ("hour", 24, (Pause(at(2, 12), at(2, 15)), Pause(at(3, 11), at(3, 12))), at(3, 14)),
        # Office hours from nine to twelve and from one to five.
        ("working_hour", 4, (), at(2, 15)),
        ("working_hour", 4, (Pause(at(2, 11), at(2, 14)),), at(2, 17)),
        ("working_hour", 4, (Pause(at(2, 11), at(3, 11)),), at(3, 15)),
        ("working_hour", 4, (Pause(at(2, 12), at(2, 13)),), at(2, 15)),
        ("working_hour", 4, (Pause(at(2, 16), at(2, 17)),), at(2, 15)),
        ("working_hour", 4, (Pause(at(2, 10), at(2, 11)), Pause(at(2, 13), at(2, 14))), at(2, 17)),
        ("working_hour", 2, (Pause(at(2, 11), at(2, 12)),), at(2, 14)),
    ],
)
def test_hours_that_a_pause_takes_out(unit: str, n: int, pauses: tuple[Pause, ...], end: datetime) -> None:
    assert counted(unit, n, *pauses) == Due(end, None, False)


@pytest.mark.parametrize(
    "pauses", [(Pause(at(3), None),), (Pause(at(3), at(4)), Pause(at(3), None)), (Pause(at(1), None),)]
)
def test_while_a_pause_is_open_nothing_is_due(pauses: tuple[Pause, ...]) -> None:
    assert counted("calendar_day", 5, *pauses) is None
    assert counted("hour", 24, *pauses) is None


def test_only_what_the_limit_names_stops_it() -> None:
    found = counted("calendar_day", 5, Pause(at(3), None), words=("appeal",))
    assert found == Due(at(8, 0), date(2026, 11, 7), False)
    assert counted("calendar_day", 5, Pause(at(3), None), words=()) == found


@pytest.mark.parametrize(("end", "provisional"), [(date(2027, 12, 16), False), (date(2027, 12, 22), True)])
def test_a_pause_over_days_that_no_notice_settles_makes_it_provisional(end: date, provisional: bool) -> None:
    begun = datetime(2027, 12, 13, 10, tzinfo=CN)
    ended = datetime(end.year, end.month, end.day, 10, tzinfo=CN)
    limit = Limit(1, "workday", "verification", count_first=False, suspended_by=("objection",))
    course = Course({"verification": begun}, {"objection": [Pause(begun, ended)]})
    found = due(limit, course, CALENDAR)
    assert found is not None
    assert found.provisional is provisional


@pytest.mark.parametrize(("ended", "last"), [(at(3, 0), 7), (at(3, 1), 8)])
def test_what_is_over_when_the_limit_begins_takes_no_day_out(ended: datetime, last: int) -> None:
    # The end of Monday the 2nd is 00:00 of the 3rd, and from there it is counted.
    limit = Limit(5, "calendar_day", "due", count_first=False, suspended_by=("objection",))
    course = Course({"due": at(3, 0)}, {"objection": [Pause(at(2), ended)]})
    assert due(limit, course, CALENDAR) == Due(at(last + 1, 0), date(2026, 11, last), False)


def test_hours_from_the_end_of_a_day_begin_with_that_day() -> None:
    # Friday the 6th ends with 00:00 of Saturday: a working day has ended, so it is counted at once.
    limit = Limit(2, "hour", "period_end", start_on_workday=True)
    found = due(limit, Course({"period_end": at(7, 0)}), CALENDAR)
    assert found == Due(at(7, 2), None, False)
    somebody = replace(limit, after="verification")
    assert due(somebody, Course({"verification": at(7, 0)}), CALENDAR) == Due(at(9, 2), None, False)
