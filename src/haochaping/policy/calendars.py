"""The working-day calendars: `rules/calendars/CN/YEAR.toml`, each citing the State Council's notice."""

from datetime import date, timedelta
from pathlib import Path

from haochaping.foundation.workdays import CalendarYear, WorkCalendar
from haochaping.policy.sources import RulesError, Section, read_toml
from haochaping.policy.values import cited, read_documents

_LONGEST_HOLIDAY = timedelta(days=31)


def load_calendar(rules_dir: Path) -> WorkCalendar:
    """All years that are there as one calendar. Raises RulesError naming file and key."""
    files = sorted((rules_dir / "calendars" / "CN").glob("*.toml"))
    years = [read_year(path, root=rules_dir) for path in files]
    try:
        return WorkCalendar(years)
    except ValueError as problem:
        raise RulesError("calendars/CN", "", str(problem)) from problem


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
