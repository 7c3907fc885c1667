"""The calendars that are shipped, and what a bad calendar file is told."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from haochaping.foundation.workdays import CalendarMissing, CalendarYear, WorkCalendar
from haochaping.policy.calendars import (
    load_calendar,
    missing_year,
    read_calendar,
    read_notices,
    read_years,
    year_file,
)
from haochaping.policy.sources import RULES_DIR, RulesError

# Its data do not carry 《国务院办公厅关于调整2019年劳动节假期安排的通知》 (chinesecalendar does).
MISSED_BY_HOLIDAYS = {date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)}


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(RULES_DIR)


@pytest.fixture(scope="module")
def every_day() -> list[date]:
    first = date(2019, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(2027, 1, 1) - first).days)]


def test_eight_years_are_shipped(calendar: WorkCalendar, every_day: list[date]) -> None:
    assert calendar.years == frozenset(range(2019, 2027))
    assert len(every_day) == 2922


def test_each_year_names_its_notice_and_a_later_directory_goes_first(tmp_path: Path) -> None:
    shipped = read_notices((RULES_DIR,))
    assert shipped.keys() == set(range(2019, 2027))
    assert "国务院办公厅" in shipped[2026]
    own = year_file(tmp_path, 2026)
    own.parent.mkdir(parents=True)
    own.write_text("year = ", encoding="utf-8")
    assert read_notices((RULES_DIR, tmp_path)) == shipped  # a broken file says nothing
    own.write_text(year_file(RULES_DIR, 2025).read_text(encoding="utf-8"), encoding="utf-8")
    assert read_notices((tmp_path,)) == {}  # of another year than its name says


def test_every_day_agrees_with_chinesecalendar(calendar: WorkCalendar, every_day: list[date]) -> None:
    assert [day for day in every_day if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_agrees_with_holidays_but_for_what_it_misses(
    calendar: WorkCalendar, every_day: list[date]
) -> None:
    other = holidays.country_holidays("CN", years=range(2019, 2027))
    differing = {day for day in every_day if calendar.is_workday(day) != other.is_working_day(day)}
    assert differing == MISSED_BY_HOLIDAYS


@pytest.mark.parametrize(
    ("day", "works"),
    [
        # 2026年:春节 2月15日至23日放假调休,共9天。2月14日、2月28日上班。
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        # 2026年:国庆节 10月1日至7日放假调休,共7天。9月20日、10月10日上班。
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        # 延长2020年春节假期:1月31日、2月1日、2日不上班。
        (date(2020, 1, 31), False),
        (date(2020, 2, 1), False),
        (date(2020, 2, 3), True),
    ],
)
def test_the_notices_days(calendar: WorkCalendar, day: date, works: bool) -> None:
    assert calendar.is_workday(day) is works


GOOD = """
year = 2030
[documents.notice]
title = "国务院办公厅关于2030年部分节假日安排的通知"
[[holidays]]
name = "元旦"
from = 2029-12-31
to = 2030-01-01
makeup = [2029-12-29]
document = "notice"
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], RulesError]:
    """Reads a broken calendar file named 2030.toml and returns the error."""

    def read(text: str) -> RulesError:
        (tmp_path / "2030.toml").write_text(text, encoding="utf-8")
        with pytest.raises(RulesError) as caught:
            read_calendar(tmp_path / "2030.toml", root=tmp_path)
        return caught.value

    return read


def test_a_holiday_may_begin_in_december(tmp_path: Path) -> None:
    (tmp_path / "2030.toml").write_text(GOOD, encoding="utf-8")
    year = read_calendar(tmp_path / "2030.toml", root=tmp_path).year
    assert year.holidays == {date(2029, 12, 31), date(2030, 1, 1)}
    assert year.workdays == {date(2029, 12, 29)}


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("year = 2030", "year = 2031", "2: year", "is 2031, but the file is named 2030.toml; expected 2031.toml"),
        ("year = 2030", "", "1: year", "is missing; expected a whole number"),
        ("year = 2030", "year = 1949", "2: year", "1949 is not between 1990 and 2100"),
        ("[documents.notice]", "[document.notice]", "1: documents", "is missing; expected [documents.KEY]"),
        ("[documents.notice]", "[document.notice]", "3: document", "unknown key; did you mean 'documents'?"),
        ("title =", "titel =", "4: documents.notice.titel", "did you mean 'title'?"),
        ('document = "notice"', 'document = "decree"', "10: holidays[0].document", "'decree' is not among [documents]: notice"),
        ('document = "notice"', "", "5: holidays[0].document", "is missing"),
        ("[[holidays]]", "[holidays]", "5: holidays", "expected a list of entries: write [[holidays]]"),
        ("to = 2030-01-01", "to = 2029-12-30", "8: holidays[0].to", "2029-12-30 is before 2029-12-31"),
        ("to = 2030-01-01", "to = 2030-01-31", "8: holidays[0].to", "more than a month"),
        ("to = 2030-01-01", "till = 2030-01-01", "5: holidays[0].to", "is missing"),
        ("makeup =", "make_up =", "9: holidays[0].make_up", "did you mean 'makeup'?"),
        ("[2029-12-29]", "[2029-12-29T08:00:00]", "9: holidays[0].makeup[0]", "expected a date"),
        ("[2029-12-29]", '["2029-12-29"]', "9: holidays[0].makeup[0]", "expected a date"),
        ("[2029-12-29]", "[2029-12-28]", "9: holidays[0].makeup[0]", "2029-12-28 is a Friday; expected a Saturday or Sunday"),
        ("[2029-12-29]", "[2029-12-29, 2029-12-29]", "9: holidays[0].makeup[1]", "is given twice"),
        ("[2029-12-29]", "[2029-12-15]", "9: holidays[0].makeup[0]", "2029-12-15 cannot be laid down for 2030; expected 2029-12-20 to 2030-12-31"),
        ("[2029-12-29]", "[2031-01-04]", "9: holidays[0].makeup[0]", "2031-01-04 cannot be laid down for 2030"),
        ("from = 2029-12-31", "from = 2029-12-19", "7: holidays[0].from", "2029-12-19 cannot be laid down for 2030"),
        ("from = 2029-12-31", "from = 2029-12-31T00:00:00", "7: holidays[0].from", "expected a date"),
        ("year = 2030", "year = 2030\nregion = 1", "3: region", "unknown key"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(
    read: Callable[[str], RulesError], old: str, new: str, place: str, problem: str
) -> None:
    told = [str(each) for each in read(GOOD.replace(old, new, 1)).mistakes]
    assert any(each.startswith(f"2030.toml:{place}: ") and problem in each for each in told), told


TWICE = '[[holidays]]\nname = "元旦"\nfrom = 2030-01-01\nto = 2030-01-02\ndocument = "notice"\n'


def test_all_mistakes_are_told_at_once(read: Callable[[str], RulesError]) -> None:
    text = GOOD.replace("year = 2030", "year = 2029").replace("[2029-12-29]", "[2029-12-28]")
    told = [str(each) for each in read(text + TWICE + "makeup = [2030-01-01]").mistakes]
    assert [each.partition(" is ")[0] for each in told] == [
        "2030.toml:2: year:",
        "2030.toml:9: holidays[0].makeup[0]: 2029-12-28",
        "2030.toml:16: holidays[1].makeup[0]: 2030-01-01",
    ]


@pytest.mark.parametrize(
    ("more", "key"),
    [("", "holidays[1].from"), ("makeup = [2029-12-29]", "holidays[1].makeup[0]")],
)
def test_a_day_that_is_laid_down_twice_is_named(
    read: Callable[[str], RulesError], more: str, key: str
) -> None:
    text = TWICE if not more else TWICE.replace("2030-01-01", "2030-01-02") + more
    error = read(GOOD + text)
    assert error.key == key
    assert "is in holidays[0] already" in error.problem


def test_two_files_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "calendars" / "CN"
    folder.mkdir(parents=True)
    (folder / "2030.toml").write_text(GOOD, encoding="utf-8")
    entry = '[[holidays]]\nname = "x"\nfrom = 2029-12-29\nto = 2029-12-29\ndocument = "n"\n'
    (folder / "2029.toml").write_text('year = 2029\n[documents.n]\ntitle = "x"\n' + entry, encoding="utf-8")
    with pytest.raises(RulesError, match="2029-12-29") as caught:
        load_calendar(tmp_path)
    assert caught.value.file == "calendars/CN"


def test_no_calendar_at_all_still_counts_provisionally(tmp_path: Path) -> None:
    assert load_calendar(tmp_path).deadline(date(2026, 11, 3), 5).provisional


def test_a_later_directory_goes_first_and_one_file_may_be_left_aside(tmp_path: Path) -> None:
    kept = year_file(tmp_path, 2030)
    kept.parent.mkdir(parents=True)
    kept.write_text(GOOD, encoding="utf-8")
    (kept.parent / "2026.toml").write_text(
        GOOD.replace("2030", "2026").replace("2029", "2025").replace("makeup = [2025-12-29]", ""),
        encoding="utf-8",
    )
    years = read_years([RULES_DIR, tmp_path])
    assert set(years) == {*range(2019, 2027), 2030}
    assert years[2026].workdays == frozenset()
    assert 2030 not in read_years([RULES_DIR, tmp_path], without=kept)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 12, 1), None),
        (date(2018, 6, 1), 2018),
    ],
)
def test_from_december_on_a_missing_year_is_named(
    calendar: WorkCalendar, today: date, missing: int | None
) -> None:
    assert missing_year(calendar, today) == missing


BY_NOW = WorkCalendar([CalendarYear(year, frozenset(), frozenset()) for year in (2026, 2028)])


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 12, 1), 2027),
        (date(2028, 1, 1), None),
    ],
)
def test_the_notice_for_next_year_should_be_in_from_december_on(today: date, year: int | None) -> None:
    assert missing_year(BY_NOW, today) == year


def test_a_file_can_be_left_aside(tmp_path: Path) -> None:
    path = year_file(tmp_path, 2030)
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    assert set(read_years([tmp_path])) == {2030}
    assert read_years([tmp_path], without=path) == {}


def test_days_beyond_the_calendar_are_never_settled(calendar: WorkCalendar) -> None:
    assert calendar.settled(date(2101, 1, 1), date(2101, 1, 1)) is False
    assert calendar.settled(date(2026, 12, 19), date(2026, 12, 19)) is True
    assert calendar.settled(date(2026, 12, 20), date(2026, 12, 19)) is True
    assert calendar.settled(date(2026, 12, 20), date(2026, 12, 20)) is False


def test_working_days_backward(calendar: WorkCalendar) -> None:
    assert calendar.back(date(2020, 10, 9), 1, count_first=False) == date(2020, 9, 30)
    assert calendar.back(date(2020, 10, 9), 1, count_first=True) == date(2020, 10, 9)
    assert calendar.back(date(1990, 1, 1), 1, count_first=True) == date(1990, 1, 1)
    for day, n in ((date(2020, 10, 9), 0), (date(2020, 10, 9), -1)):
        with pytest.raises(ValueError, match="at least one day"):
            calendar.back(day, n, count_first=True)
    with pytest.raises(CalendarMissing) as before:
        calendar.back(date(1990, 1, 1), 2, count_first=True)
    assert before.value.year == 1989
    with pytest.raises(CalendarMissing) as after:
        calendar.back(date(2101, 1, 3), 1, count_first=True)
    assert after.value.year == 2101
    assert calendar.back(date(2100, 12, 31), 1, count_first=True) == date(2100, 12, 31)


def test_how_many_working_days_lie_between(calendar: WorkCalendar) -> None:
    assert calendar.workdays_between(date(2020, 9, 28), date(2020, 10, 9)) == 4
    assert calendar.workdays_between(date(2020, 10, 9), date(2020, 10, 9)) == 1
    assert calendar.workdays_between(date(2020, 10, 9), date(2020, 10, 8)) == 0
    assert calendar.workdays_between(date(2020, 10, 9), date(2020, 9, 1)) == 0


def test_a_day_that_is_off_and_worked_is_refused(calendar: WorkCalendar) -> None:
    both = frozenset({date(2020, 6, 12)})
    with pytest.raises(ValueError, match="2020-06-12 is a local day off and a local working day"):
        calendar.with_local(both, both)


@pytest.mark.parametrize("year", [1990, 2100])
def test_the_first_and_the_last_year_have_calendars(year: int) -> None:
    assert CalendarYear(year, frozenset(), frozenset()).year == year
    for beyond in (1989, 2101):
        with pytest.raises(ValueError, match="is not a year between 1990 and 2100"):
            CalendarYear(beyond, frozenset(), frozenset())
