"""Dated duties: the periods of a text and the days by which they are met."""

from datetime import date

import pytest

from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.calendars import load_calendar
from haochaping.policy.limits import Span
from haochaping.policy.owed import due_of, owed, period_of, periods
from haochaping.policy.publicity import DatedDuty, YearDay
from haochaping.policy.sources import RULES_DIR

DAY = date(2021, 8, 18)


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(RULES_DIR)


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [
        ("day", DAY, DAY),
        ("once", DAY, DAY),
        ("week", date(2021, 8, 16), date(2021, 8, 22)),
        ("month", date(2021, 8, 1), date(2021, 8, 31)),
        ("two_months", date(2021, 7, 1), date(2021, 8, 31)),
        ("quarter", date(2021, 7, 1), date(2021, 9, 30)),
        ("half_year", date(2021, 7, 1), date(2021, 12, 31)),
        ("year", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_periods(every: str, first: date, last: date) -> None:
    assert period_of(every, DAY) == (first, last)
    assert period_of(every, first) == period_of(every, last) == (first, last) or every in ("day", "once")


def test_the_end_of_a_year_is_its_own_month() -> None:
    assert period_of("month", date(2021, 12, 31)) == (date(2021, 12, 1), date(2021, 12, 31))
    assert period_of("month", date(2021, 1, 1)) == (date(2021, 1, 1), date(2021, 1, 31))


def test_periods_follow_each_other() -> None:
    found = [each.first for each in periods("quarter", date(2020, 11, 5), date(2021, 7, 1))]
    assert found == [date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1), date(2021, 7, 1)]
    assert [each.first for each in periods("once", DAY, date(2022, 1, 1))] == [DAY]


def test_a_duty_runs_from_its_first_to_its_last_period(calendar: WorkCalendar) -> None:
    duty = DatedDuty("报告", every="quarter", first=date(2020, 8, 1), last=date(2021, 2, 1))
    found = owed(duty, date(2020, 1, 1), date(2022, 1, 1), calendar)
    assert [each.period.first for each in found] == [date(2020, 7, 1), date(2020, 10, 1), date(2021, 1, 1)]
    assert [each.due for each in found] == [None, None, None]
    later = owed(duty, date(2020, 12, 1), date(2020, 12, 31), calendar)
    assert [each.period.first for each in later] == [date(2020, 10, 1)]


def test_a_day_of_the_year_that_the_month_does_not_have_is_its_last(calendar: WorkCalendar) -> None:
    duty = DatedDuty("报告", every="year", on=YearDay(2, 30))
    last = [
        each.due.last_day for each in owed(duty, date(2020, 3, 1), date(2021, 1, 1), calendar) if each.due
    ]
    assert last == [date(2020, 2, 29), date(2021, 2, 28)]
    december = due_of(DatedDuty("报告", every="year", on=YearDay(12, 31)), period_of("year", DAY), calendar)
    assert december is not None
    assert (december.last_day, december.provisional) == (date(2021, 12, 31), False)


@pytest.mark.parametrize(
    ("after", "last_day"), [("period_end", date(2021, 10, 12)), ("period_start", date(2021, 7, 5))]
)
def test_limits_after_a_period(calendar: WorkCalendar, after: str, last_day: date) -> None:
    span = Span(3, "workday", after, count_first=after == "period_start")
    found = due_of(DatedDuty("报告", every="quarter", limit=span), period_of("quarter", DAY), calendar)
    assert found is not None
    # July begins on a Thursday; after September come the holidays, then 8, 9 (a Saturday, worked), 11 October.
    assert found.last_day == (date(2021, 10, 11) if after == "period_end" else last_day)


def test_what_is_due_once_belongs_to_its_day(calendar: WorkCalendar) -> None:
    duty = DatedDuty("建立制度", every="once", first=date(2020, 7, 30), on=YearDay(9, 30))
    (found,) = owed(duty, date(2020, 1, 1), date(2022, 1, 1), calendar)
    assert owed(duty, date(2020, 9, 1), date(2020, 9, 30), calendar) == [found], "its day is not moved"
    assert found.period.first == date(2020, 7, 30)
    assert found.due is not None
    assert found.due.last_day == date(2020, 9, 30)
    assert owed(duty, date(2019, 1, 1), date(2020, 7, 29), calendar) == []


def test_a_day_of_the_year_after_the_one_that_is_reported(calendar: WorkCalendar) -> None:
    duty = DatedDuty("年度报告", every="year", on=YearDay(1, 31, following=True))
    (found,) = owed(duty, date(2021, 5, 1), date(2021, 12, 31), calendar)
    assert found.due is not None
    assert (found.period.first, found.due.last_day) == (date(2021, 1, 1), date(2022, 1, 31))
    leap = DatedDuty("年度报告", every="year", on=YearDay(2, 30, following=True))
    assert due_of(leap, period_of("year", date(2023, 1, 1)), calendar).last_day == date(2024, 2, 29)
