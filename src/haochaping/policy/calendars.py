"""The working-day calendars: `rules/calendars/CN/YEAR.toml`, each citing the State Council's notice."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

from haochaping.foundation.workdays import (
    DECEMBER_FROM_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    CalendarYear,
    WorkCalendar,
)
from haochaping.policy.jurisdictions import read_document_tables
from haochaping.policy.places import line_of, lines_of
from haochaping.policy.reading import WRONG, Reader
from haochaping.policy.rule_files import CALENDARS, calendars_in
from haochaping.policy.shapes import Loose, Range
from haochaping.policy.sources import Mistake, RulesError, read_content
from haochaping.policy.values import Document

_LONGEST_HOLIDAY: Final = timedelta(days=31)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Head:
    """What a calendar file says of itself."""

    year: Annotated[int, Range(FIRST_YEAR, LAST_YEAR), "the year, as in the file's name"]


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off, both ends included as the notice counts them (1月1日至3日放假,共3天), and the days worked instead."""

    name: Annotated[str, "its name"]
    from_: Annotated[date, "the first day off"]
    to: Annotated[date, "the last day off"]
    document: Annotated[str, "the key of the notice"]
    makeup: Annotated[tuple[date, ...], Loose(), "working days at a weekend instead"] = ()

    def days(self) -> Iterator[date]:
        """Every day off."""
        for offset in range((self.to - self.from_).days + 1):
            yield self.from_ + timedelta(days=offset)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if not self.from_ <= self.to < self.from_ + _LONGEST_HOLIDAY:
            yield "to", f"{self.to} is before {self.from_}, or more than a month after it"
        for index, day in enumerate(self.makeup):
            if day.weekday() < _SATURDAY:
                yield f"makeup[{index}]", f"{day} is a {day:%A}; expected a Saturday or Sunday that is worked"


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One year and the notices that lay it down, as a citation."""

    year: CalendarYear
    notice: str


def load_calendar(*rules_dirs: Path) -> WorkCalendar:
    """All years that are there as one calendar; of a year that is there twice, the later directory's.

    Raises RulesError with every mistake of every file.
    """
    return calendar_of(read_years(rules_dirs).values())


def calendar_of(years: Iterable[CalendarYear]) -> WorkCalendar:
    """These years as one calendar. Raises RulesError where two notices contradict each other."""
    try:
        return WorkCalendar(years)
    except ValueError as problem:
        raise RulesError(CALENDARS.as_posix(), "", str(problem)) from problem


def read_years(rules_dirs: Iterable[Path], *, without: Path | None = None) -> dict[int, CalendarYear]:
    """Every year that is there, a later directory's before an earlier one's; the file `without` is left aside.

    Raises RulesError with every mistake of every file.
    """
    years: dict[int, CalendarYear] = {}
    mistakes: list[Mistake] = []
    for rules_dir in rules_dirs:
        for path in calendars_in(rules_dir):
            if path == without:
                continue
            try:
                found = read_calendar(path, root=rules_dir).year
            except RulesError as error:
                mistakes += error.mistakes
            else:
                years[found.year] = found
    if mistakes:
        raise RulesError.of(mistakes)
    return years


def read_notices(rules_dirs: Iterable[Path]) -> dict[int, str]:
    """Year → the notices that lay it down, as a citation; of a year that is there twice, the later directory's. A file that
    is broken is left out."""
    found = {}
    for rules_dir in rules_dirs:
        for path in calendars_in(rules_dir):
            with suppress(RulesError):
                read = read_calendar(path, root=rules_dir)
                found[read.year.year] = read.notice
    return found


def year_file(rules_dir: Path, year: int) -> Path:
    """Where a year is kept in a directory of rules."""
    return rules_dir / CALENDARS / f"{year}.toml"


def missing_year(calendar: WorkCalendar, today: date) -> int | None:
    """The year whose notice should be in by now and is not: this one, or from 1 December the next one."""
    if today.year not in calendar.years:
        return today.year
    late = today.month == 12
    return today.year + 1 if late and today.year + 1 not in calendar.years else None


def read_calendar(path: Path, *, root: Path) -> CalendarFile:
    """One year's file; its name is the year. Raises RulesError with all its mistakes and their lines."""
    content, text = read_content(path, root=root)
    reader = Reader(path.relative_to(root).as_posix())
    documents = read_document_tables(reader, content)
    if "documents" not in content:
        reader.wrong("documents", "is missing; expected [documents.KEY] with the title of the notice")
    head = reader.table(Head, {name: said for name, said in content.items() if name == "year"}, "")
    reader.unknown(content, ["year", "documents", "holidays"], "")
    year = None if head is WRONG else head.year
    if year is not None and path.stem != str(year):
        reader.wrong("year", f"is {year}, but the file is named {path.name}; expected {year}.toml")
    holidays = _holidays(reader, content, documents)
    _note_days(reader, holidays, year)
    if reader.mistakes or year is None:
        lines = lines_of(text)
        placed = (replace(each, line=line_of(lines, each.key) or 1) for each in reader.mistakes)
        raise RulesError.of(sorted(placed, key=lambda each: each.line))
    off = frozenset(day for _, holiday in holidays for day in holiday.days())
    worked = frozenset(day for _, holiday in holidays for day in holiday.makeup)
    notice = "、".join(f"《{each.title}》{each.number or ''}" for each in documents.values())
    return CalendarFile(CalendarYear(year, off, worked), notice)


def _holidays(
    reader: Reader, content: Mapping[str, object], documents: Mapping[str, Document]
) -> list[tuple[str, Holiday]]:
    """The entries that could be read, each with its place."""
    entries = content.get("holidays")
    if not isinstance(entries, list) or not entries:
        reader.wrong("holidays", "expected a list of entries: write [[holidays]]")
        return []
    found = []
    for index, raw in enumerate(entries):
        place = f"holidays[{index}]"
        holiday = reader.table(Holiday, raw, place)
        if holiday is WRONG:
            continue
        if holiday.document not in documents:
            listed = ", ".join(documents) or "none given"
            reader.wrong(f"{place}.document", f"{holiday.document!r} is not among [documents]: {listed}")
        found.append((place, holiday))
    return found


def _note_days(reader: Reader, holidays: Iterable[tuple[str, Holiday]], year: int | None) -> None:
    """Notes days that are laid down twice, or that no notice for the year can lay down."""
    known: dict[date, str] = {}
    for place, holiday in holidays:
        days = [(f"{place}.from", day) for day in holiday.days()]
        days += [(f"{place}.makeup[{index}]", day) for index, day in enumerate(holiday.makeup)]
        for key, day in days:
            if day in known:
                reader.wrong(key, f"{day} is in {known[day]} already")
            elif year is not None and not date(year - 1, 12, DECEMBER_FROM_DAY) <= day <= date(year, 12, 31):
                first = date(year - 1, 12, DECEMBER_FROM_DAY)
                reader.wrong(key, f"{day} cannot be laid down for {year}; expected {first} to {year}-12-31")
            else:
                known[day] = key.rpartition(".")[0]
