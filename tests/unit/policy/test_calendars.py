"""The calendars that are shipped, and what a bad calendar file is told."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.calendars import load_calendar, read_year
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
            read_year(tmp_path / "2030.toml", root=tmp_path)
        return caught.value

    return read


def test_a_holiday_may_begin_in_december(tmp_path: Path) -> None:
    (tmp_path / "2030.toml").write_text(GOOD, encoding="utf-8")
    year = read_year(tmp_path / "2030.toml", root=tmp_path)
    assert year.holidays == {date(2029, 12, 31), date(2030, 1, 1)}
    assert year.workdays == {date(2029, 12, 29)}


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("year = 2030", "year = 2031", "year", "2030.toml"),
        ('document = "notice"', 'document = "decree"', "holidays[0].document", "'decree' is not among"),
        ('document = "notice"', "", "holidays[0].document", "is missing"),
        ("to = 2030-01-01", "to = 2029-12-30", "holidays[0].to", "before"),
        ("to = 2030-01-01", "to = 2030-01-31", "holidays[0].to", "more than a month"),
        ("to = 2030-01-01", "till = 2030-01-01", "holidays[0].to", "is missing"),
        ("makeup =", "make_up =", "holidays[0].make_up", "did you mean 'makeup'?"),
        ("makeup = [2029-12-29]", "makeup = [2029-12-29T08:00:00]", "holidays[0].makeup", "expected dates"),
        ("makeup = [2029-12-29]", 'makeup = ["2029-12-29"]', "holidays[0].makeup", "expected dates"),
        ("makeup = [2029-12-29]", "makeup = 2029-12-29", "holidays[0].makeup", "expected a list"),
        ("makeup = [2029-12-29]", "makeup = [2030-01-01]", "holidays", "2030-01-01 is both"),
        ("year = 2030", "year = 2030\nregion = 1", "region", "unknown key"),
        ("from = 2029-12-31", "from = 2029-12-31T00:00:00", "holidays[0].from", "expected a date"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(
    read: Callable[[str], RulesError], old: str, new: str, key: str, problem: str
) -> None:
    error = read(GOOD.replace(old, new, 1))
    assert error.file == "2030.toml"
    assert error.key == key
    assert problem in error.problem
    assert str(error) == f"2030.toml: {key}: {error.problem}"


def test_a_day_in_two_holidays_is_named(read: Callable[[str], RulesError]) -> None:
    twice = '[[holidays]]\nname = "元旦"\nfrom = 2030-01-01\nto = 2030-01-02\ndocument = "notice"\n'
    error = read(GOOD + twice)
    assert error.key == "holidays[1].from"
    assert "2030-01-01" in error.problem


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
