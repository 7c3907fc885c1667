"""Working days and deadlines, by hand-made calendars; the real years are tested with the policy room."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.workdays import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarMissing,
    CalendarYear,
    Unit,
    WorkCalendar,
    due_instant,
)

NATIONAL_DAY = frozenset(date(2026, 10, day) for day in range(1, 8))
YEAR_2026 = CalendarYear(2026, NATIONAL_DAY, frozenset({date(2026, 9, 20), date(2026, 10, 10)}))
YEAR_2027 = CalendarYear(
    2027, frozenset({date(2026, 12, 31), date(2027, 1, 1)}), frozenset({date(2026, 12, 26)})
)

ONLY_2026 = WorkCalendar([YEAR_2026])
BOTH = WorkCalendar([YEAR_2027, YEAR_2026])

DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
COUNTS = st.integers(1, 60)
UNITS: st.SearchStrategy[Unit] = st.sampled_from(("workday", "calendar_day"))


def test_weekdays_work_and_weekends_do_not() -> None:
    assert ONLY_2026.is_workday(date(2026, 9, 18))
    assert not ONLY_2026.is_workday(date(2026, 9, 19))
    assert not ONLY_2026.is_workday(date(2026, 9, 27))


def test_a_holiday_is_off_and_a_make_up_sunday_works() -> None:
    assert not ONLY_2026.is_workday(date(2026, 10, 1))
    assert ONLY_2026.is_workday(date(2026, 9, 20))


def test_the_notice_for_the_next_year_lays_down_the_last_days_of_this_one() -> None:
    assert not BOTH.is_workday(date(2026, 12, 31))
    assert BOTH.is_workday(date(2026, 12, 26))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_day_of_a_year_that_is_not_loaded_is_an_error_that_names_the_year(day: date) -> None:
    with pytest.raises(CalendarMissing, match=str(day.year)) as caught:
        ONLY_2026.is_workday(day)
    assert caught.value.year == day.year


@pytest.mark.parametrize(
    ("start", "n", "count_first", "last"),
    [
        # Tuesday; the day itself is not counted.
        (date(2026, 11, 3), 5, False, date(2026, 11, 10)),
        (date(2026, 11, 3), 5, True, date(2026, 11, 9)),
        (date(2026, 11, 3), 1, True, date(2026, 11, 3)),
        # Saturday: never counted as a working day, whether the first day counts or not.
        (date(2026, 11, 7), 1, False, date(2026, 11, 9)),
        (date(2026, 11, 7), 1, True, date(2026, 11, 9)),
        # Over the seven days of National Day and the make-up Saturday after it.
        (date(2026, 9, 30), 3, False, date(2026, 10, 10)),
        # A make-up Sunday counts.
        (date(2026, 9, 18), 1, False, date(2026, 9, 20)),
    ],
)
def test_working_days_are_counted_from_the_day_after(
    start: date, n: int, count_first: bool, last: date
) -> None:
    assert ONLY_2026.last_day(start, n, count_first=count_first) == last


@pytest.mark.parametrize(("count_first", "last"), [(False, date(2026, 10, 7)), (True, date(2026, 10, 6))])
def test_calendar_days_run_through_holidays_and_need_no_calendar(count_first: bool, last: date) -> None:
    assert WorkCalendar([]).last_day(date(2026, 9, 30), 7, "calendar_day", count_first=count_first) == last
    deadline = WorkCalendar([]).deadline(date(2026, 9, 30), 7, "calendar_day", count_first=count_first)
    assert deadline.last_day == last
    assert not deadline.provisional


def test_counting_into_a_year_without_notice_is_an_error_that_names_it() -> None:
    with pytest.raises(CalendarMissing) as caught:
        ONLY_2026.last_day(date(2026, 12, 30), 5)
    assert caught.value.year == 2027


@pytest.mark.parametrize("n", [0, -1])
def test_a_limit_of_no_days_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        ONLY_2026.last_day(date(2026, 11, 3), n)


@pytest.mark.parametrize(
    ("start", "n", "year"),
    [
        (date(FIRST_YEAR - 1, 12, 31), 1, FIRST_YEAR - 1),
        (date(LAST_YEAR + 1, 1, 1), 1, LAST_YEAR + 1),
        (date(LAST_YEAR, 12, 31), 1, LAST_YEAR + 1),
    ],
)
def test_beyond_all_calendars_nothing_is_assumed(start: date, n: int, year: int) -> None:
    with pytest.raises(CalendarMissing) as caught:
        ONLY_2026.deadline(start, n)
    assert caught.value.year == year


def test_the_first_and_the_last_working_day_of_all_can_be_counted_to() -> None:
    assert ONLY_2026.deadline(date(FIRST_YEAR, 1, 1), 1, count_first=True).last_day == date(FIRST_YEAR, 1, 1)
    # 31 December 2100 is a Friday.
    assert ONLY_2026.deadline(date(LAST_YEAR, 12, 30), 1).last_day == date(LAST_YEAR, 12, 31)
    assert ONLY_2026.deadline(date(LAST_YEAR, 12, 31), 1, count_first=True).provisional
    # 1 January 2027 is a Friday.
    assert ONLY_2026.deadline(date(2027, 1, 1), 1, count_first=True).provisional


def test_the_due_instant_is_midnight_in_china_after_the_last_day() -> None:
    due = due_instant(date(2026, 12, 31))
    assert due == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert due.isoformat() == "2027-01-01T00:00:00+08:00"


def test_a_deadline_carries_its_last_day_and_due_instant() -> None:
    due_at, last_day, provisional = ONLY_2026.deadline(date(2026, 11, 3), 5)
    assert last_day == date(2026, 11, 10)
    assert due_at == datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
    assert provisional is False


@pytest.mark.parametrize(
    ("start", "n", "last", "provisional"),
    [
        # Ends on Friday 18 December: no day of the open end of the year is touched.
        (date(2026, 12, 15), 3, date(2026, 12, 18), False),
        # Passes over Sunday the 20th, which next year's notice may turn into a working day.
        (date(2026, 12, 15), 4, date(2026, 12, 21), True),
        # Runs into 2027: weekdays are assumed, 1 January included.
        (date(2026, 12, 30), 2, date(2027, 1, 1), True),
        (date(2027, 3, 1), 5, date(2027, 3, 8), True),
        # Begins in the year before the first notice.
        (date(2025, 12, 30), 3, date(2026, 1, 2), True),
        (date(2025, 12, 31), 1, date(2026, 1, 1), False),
    ],
)
def test_where_no_notice_settles_the_days_the_deadline_is_provisional(
    start: date, n: int, last: date, provisional: bool
) -> None:
    deadline = ONLY_2026.deadline(start, n)
    assert (deadline.last_day, deadline.provisional) == (last, provisional)


def test_the_first_day_settles_nothing_unless_it_is_counted() -> None:
    start = date(2025, 12, 31)
    assert not ONLY_2026.deadline(start, 1).provisional
    before_the_notice = WorkCalendar([CalendarYear(2025, frozenset(), frozenset())])
    assert before_the_notice.deadline(start, 1, count_first=True).provisional


def test_once_the_next_notice_is_in_the_same_deadline_is_final_and_may_move() -> None:
    start = date(2026, 12, 30)
    assert ONLY_2026.deadline(start, 2).last_day == date(2027, 1, 1)
    assert BOTH.deadline(start, 2).last_day == date(2027, 1, 5)
    assert not BOTH.deadline(start, 2).provisional


def test_a_gap_between_loaded_years_is_provisional_and_the_years_around_it_are_not() -> None:
    gap = WorkCalendar([CalendarYear(year, frozenset(), frozenset()) for year in (2024, 2026)])
    assert not gap.deadline(date(2024, 6, 3), 5).provisional
    assert gap.deadline(date(2024, 12, 16), 5).provisional
    assert gap.deadline(date(2025, 6, 3), 5).provisional
    assert not gap.deadline(date(2026, 6, 3), 5).provisional


@pytest.mark.parametrize(
    ("year", "holidays", "workdays", "problem"),
    [
        (2026, [date(2026, 5, 1)], [date(2026, 5, 1)], "2026-05-01 is both"),
        (2026, [date(2027, 1, 1)], [], "2027-01-01 cannot"),
        (2026, [date(2025, 12, 19)], [], "2025-12-19 cannot"),
        (2026, [], [date(2025, 12, 19)], "2025-12-19 cannot"),
        (FIRST_YEAR - 1, [], [], str(FIRST_YEAR - 1)),
        (LAST_YEAR + 1, [], [], str(LAST_YEAR + 1)),
    ],
)
def test_a_year_that_contradicts_itself_is_refused(
    year: int, holidays: list[date], workdays: list[date], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        CalendarYear(year, frozenset(holidays), frozenset(workdays))


def test_two_notices_that_contradict_each_other_are_refused() -> None:
    works = CalendarYear(2026, frozenset(), frozenset({date(2026, 12, 31)}))
    with pytest.raises(ValueError, match="2026-12-31"):
        WorkCalendar([works, YEAR_2027])


def test_a_year_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        WorkCalendar([YEAR_2026, YEAR_2026])


@given(start=DAYS, n=COUNTS, count_first=st.booleans())
def test_the_last_day_of_a_count_of_working_days_is_a_working_day(
    start: date, n: int, count_first: bool
) -> None:
    assert BOTH.is_workday(BOTH.last_day(start, n, count_first=count_first))


@given(start=DAYS, n=COUNTS, count_first=st.booleans())
def test_exactly_n_working_days_lie_between_the_start_and_the_last_day(
    start: date, n: int, count_first: bool
) -> None:
    last = BOTH.last_day(start, n, count_first=count_first)
    first = start if count_first else start + timedelta(days=1)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert sum(BOTH.is_workday(day) for day in days) == n


@given(start=DAYS, n=COUNTS, later=st.integers(0, 30), unit=UNITS, count_first=st.booleans())
def test_deadlines_are_monotone(start: date, n: int, later: int, unit: Unit, count_first: bool) -> None:
    base = BOTH.deadline(start, n, unit, count_first=count_first)
    assert (
        BOTH.deadline(start + timedelta(days=later), n, unit, count_first=count_first).due_at >= base.due_at
    )
    assert BOTH.deadline(start, n + 1, unit, count_first=count_first).due_at > base.due_at
    assert BOTH.deadline(start, n, unit, count_first=False).due_at >= base.due_at


@given(start=DAYS, n=COUNTS, unit=UNITS, count_first=st.booleans())
def test_a_deadline_is_where_the_strict_count_ends_and_lies_in_the_future(
    start: date, n: int, unit: Unit, count_first: bool
) -> None:
    deadline = BOTH.deadline(start, n, unit, count_first=count_first)
    assert deadline.last_day == BOTH.last_day(start, n, unit, count_first=count_first)
    assert deadline.due_at == due_instant(deadline.last_day)
    assert deadline.due_at > due_instant(start) - timedelta(days=1)


@given(start=DAYS, n=COUNTS)
def test_what_is_final_stays_as_it_is_when_the_next_notice_comes(start: date, n: int) -> None:
    before = ONLY_2026.deadline(start, n)
    assert before.provisional or BOTH.deadline(start, n) == before


@pytest.mark.parametrize("year", [FIRST_YEAR, LAST_YEAR])
def test_the_first_and_the_last_year_may_have_a_notice_from_20_december_to_their_end(year: int) -> None:
    off, worked = frozenset({date(year, 12, 31)}), frozenset({date(year - 1, 12, 20)})
    calendar = WorkCalendar([CalendarYear(year, off, worked)])
    assert calendar.years == {year}
    assert not calendar.is_workday(date(year, 12, 31))
    assert not calendar.deadline(date(year, 3, 1), 5).provisional


def test_the_first_day_is_not_counted_unless_it_is_said() -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert BOTH.last_day(monday, 1) == BOTH.deadline(monday, 1).last_day == tuesday
    assert BOTH.last_day(monday, 1, count_first=True) == monday


def test_the_first_and_the_last_day_of_all_count_where_a_place_names_them_as_worked() -> None:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    calendar = ONLY_2026.with_local(frozenset(), frozenset({first, last}))
    assert calendar.deadline(first, 1, count_first=True).last_day == first
    assert calendar.deadline(last, 1, count_first=True).last_day == last
