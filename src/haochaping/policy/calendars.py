"""The working-day calendars: `rules/calendars/CN/YEAR.toml`, each citing the State Council's notice."""

from datetime import date, timedelta
from pathlib import Path

from haochaping.foundation.workdays import CalendarYear, WorkCalendar
from haochaping.policy.rule_files import CALENDARS, calendars_in
from haochaping.policy.sources import Mistake, RulesError, Section, read_toml
from haochaping.policy.values import cited, read_documents

_LONGEST_HOLIDAY = timedelta(days=31)


def load_calendar(*rules_dirs: Path, also: CalendarYear | None = None) -> WorkCalendar:
    """All years that are there as one calendar; of a year that is there twice, the later directory's.

    `also`: one year more, which goes before all of them. Raises RulesError naming file and key.
    """
    years: dict[int, CalendarYear] = {}
    mistakes: list[Mistake] = []
    for rules_dir in rules_dirs:
        for path in calendars_in(rules_dir):
            try:
                found = read_year(path, root=rules_dir)
            except RulesError as error:
                mistakes += error.mistakes
            else:
                years[found.year] = found
    if mistakes:
        raise RulesError.of(mistakes)
    if also is not None:
        years[also.year] = also
    try:
        return WorkCalendar(years.values())
    except ValueError as problem:
        raise RulesError(CALENDARS.as_posix(), "", str(problem)) from problem


def year_file(rules_dir: Path, year: int) -> Path:
    """Where a year is kept in a directory of rules."""
    return rules_dir / CALENDARS / f"{year}.toml"


def notice_of(path: Path) -> str:
    """The notices that a calendar file cites, as a citation. Raises RulesError."""
    documents = read_documents(read_toml(path, root=path.parent)).values()
    return "、".join(f"《{each.title}》{each.number or ''}" for each in documents)


def missing_year(calendar: WorkCalendar, today: date) -> int | None:
    """The year whose notice should be in by now and is not: this one, or from 1 December the next one."""
    if today.year not in calendar.years:
        return today.year
    late = today.month == 12
    return today.year + 1 if late and today.year + 1 not in calendar.years else None


def read_year(path: Path, *, root: Path) -> CalendarYear:
    """One year's file; its name is the year. Raises RulesError naming file and key."""
    file = read_toml(path, root=root)
    year = file.integer("year", least=1, most=9999)
    if path.stem != str(year):
        raise file.error("year", f"is {year}, but the file is named {path.name}")
    documents = read_documents(file)
    holidays: set[date] = set()
    workdays: set[date] = set()
    for entry in file.sections("holidays"):
        entry.text("name")
        cited(entry, documents)
        for day in _span(entry):
            if day in holidays:
                raise entry.error("from", f"{day} is in another holiday already")
            holidays.add(day)
        workdays.update(entry.days("makeup"))
        entry.finish()
    file.finish()
    try:
        return CalendarYear(year, frozenset(holidays), frozenset(workdays))
    except ValueError as problem:
        raise file.error("holidays", str(problem)) from problem


def _span(entry: Section) -> list[date]:
    """The days off, the last one (`to`) included, as the notice counts them: 1月1日至3日放假,共3天."""
    first, last = entry.day("from"), entry.day("to")
    if not first <= last < first + _LONGEST_HOLIDAY:
        raise entry.error("to", f"{last} is before {first}, or more than a month after it")
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
