"""Working days and legal deadlines, counted on whole days of Asia/Shanghai.

A year's working days are known once the State Council's notice on its holidays is loaded. A deadline must
exist even when the notice is not in: weekdays are then assumed and the deadline is provisional (推定): shown,
re-derived when the notice arrives, and until then it sets nothing off.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple

from haochaping.foundation.clock import CN

Unit = Literal["workday", "calendar_day"]

# No case of ours lies beyond these years. All their days in one list make a deadline two look-ups.
FIRST_YEAR, LAST_YEAR = 1990, 2100
# A New Year's holiday may begin in December: these days are laid down by the notice for the following year.
DECEMBER_FROM_DAY = 20

_FIRST_DAY, _LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class CalendarMissing(LookupError):
    """The holiday notice for `year` is not loaded, so the working days asked for are not known."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no working-day calendar is loaded for {year}: load the notice on that year's holidays"
        )
        self.year = year


class Deadline(NamedTuple):
    """`due_at` (aware) is 00:00 Asia/Shanghai of the day after `last_day`; what arrives before it is in time.

    `provisional` (推定): counted over days that no notice has settled yet; it must set nothing off.
    """

    due_at: datetime
    last_day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's notice: days off and make-up working days.

    Both may reach back to 20-31 December of the year before. Raises ValueError naming the day when a day is
    both, or belongs to another year.
    """

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"{self.year} is not a year between {FIRST_YEAR} and {LAST_YEAR}")
        for day in sorted(self.holidays & self.workdays):
            raise ValueError(f"{day} is both a holiday and a working day in the notice for {self.year}")
        earliest = date(self.year - 1, 12, DECEMBER_FROM_DAY)
        for day in sorted(self.holidays | self.workdays):
            if not earliest <= day <= date(self.year, 12, 31):
                raise ValueError(f"{day} cannot be laid down by the notice for {self.year}")


def due_instant(last_day: date) -> datetime:
    """00:00 Asia/Shanghai of the day after the last day, aware. The last day itself is wholly in time."""
    after = last_day + _ONE_DAY
    return datetime(after.year, after.month, after.day, tzinfo=CN)


@cache
def _weekdays() -> tuple[date, ...]:
    """Monday to Friday of all years: what differs between calendars is little beside them."""
    days = (_FIRST_DAY + timedelta(days=n) for n in range((_LAST_DAY - _FIRST_DAY).days + 1))
    return tuple(day for day in days if day.weekday() < _SATURDAY)


class WorkCalendar:
    """The working days of all loaded years. Immutable; build one and share it.

    Raises ValueError naming the year or day when a year is given twice or two notices contradict each other.
    """

    def __init__(
        self,
        years: Iterable[CalendarYear],
        *,
        local_off: frozenset[date] = frozenset(),
        local_works: frozenset[date] = frozenset(),
    ) -> None:
        given = sorted(years, key=lambda each: each.year)
        self._given, self._local_off, self._local_works = given, local_off, local_works
        self.years = frozenset(each.year for each in given)
        if len(self.years) != len(given):
            raise ValueError("a year's calendar is given twice")
        self._holidays = frozenset[date]().union(*(each.holidays for each in given))
        self._makeup = frozenset[date]().union(*(each.workdays for each in given))
        for day in sorted(self._holidays & self._makeup):
            raise ValueError(f"{day} is a holiday in one year's notice and a working day in another's")
        for day in sorted(local_off & local_works):
            raise ValueError(f"{day} is a local day off and a local working day")
        self._workdays = self._all_workdays()
        # Spans of days that no notice has settled, first and last day of each, in order.
        spans = list(self._unsettled_spans())
        self._unsettled_first = [first for first, _ in spans]
        self._unsettled_last = [last for _, last in spans]

    def _all_workdays(self) -> list[date]:
        named = self._holidays | self._makeup | self._local_off | self._local_works
        plain = [day for day in _weekdays() if day not in named]
        return sorted(
            [*plain, *(day for day in named if _FIRST_DAY <= day <= _LAST_DAY and self._works(day))]
        )

    def with_local(self, off: frozenset[date], works: frozenset[date]) -> "WorkCalendar":
        """The same calendar where these days are off, and those worked, although the country's are not.

        Raises ValueError naming a day that is both.
        """
        return WorkCalendar(self._given, local_off=off, local_works=works)

    def _works(self, day: date) -> bool:
        if day in self._local_off or day in self._local_works:
            return day in self._local_works
        return day in self._makeup or (day.weekday() < _SATURDAY and day not in self._holidays)

    def _unsettled_spans(self) -> Iterable[tuple[date, date]]:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if year not in self.years:
                yield date(year, 1, 1), date(year, 12, 31)
            elif year + 1 not in self.years:
                yield date(year, 12, DECEMBER_FROM_DAY), date(year, 12, 31)
        yield date(LAST_YEAR + 1, 1, 1), date(MAXYEAR, 12, 31)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day. Raises CalendarMissing when the day's year is not loaded."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return self._works(day)

    def last_day(self, start: date, n: int, unit: Unit = "workday", *, count_first: bool = False) -> date:
        """The n-th day (n >= 1) counted from `start`, which is itself counted only with `count_first`.

        In working days the result is always a working day; a first day that is none is never counted.
        Raises CalendarMissing when the count runs over a year that is not loaded; ValueError for n < 1.
        """
        last = self._count(start, n, unit, count_first=count_first)
        if unit == "workday":
            for year in range(start.year, last.year + 1):
                if year not in self.years:
                    raise CalendarMissing(year)
        return last

    def deadline(self, start: date, n: int, unit: Unit = "workday", *, count_first: bool = False) -> Deadline:
        """The limit of `n` days from `start`, counted as `last_day` counts, but existing in every year.

        Where no notice has settled the days passed over (a year not loaded; 20-31 December while next year's
        notice is not in), weekdays are assumed and the deadline is provisional. Raises ValueError for n < 1
        and CalendarMissing beyond FIRST_YEAR..LAST_YEAR.
        """
        last = self._count(start, n, unit, count_first=count_first)
        provisional = False
        if unit == "workday":
            first = start if count_first else start + _ONE_DAY
            provisional = not self.settled(first, last)
        return Deadline(due_instant(last), last, provisional)

    def settled(self, first: date, last: date) -> bool:
        """Whether notices settle every day from `first` to `last` (both included); True for an empty span."""
        # The first unsettled span that ends on or after the first day: does it begin after the last one?
        return self._unsettled_first[bisect_left(self._unsettled_last, first)] > last

    def on_or_after(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is; weekdays assumed where unsettled.

        Raises CalendarMissing beyond FIRST_YEAR..LAST_YEAR.
        """
        return self._count(day, 1, "workday", count_first=True)

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; weekdays assumed where unsettled."""
        return max(0, bisect_right(self._workdays, last) - bisect_left(self._workdays, first))

    def back(self, start: date, n: int, *, count_first: bool) -> date:
        """The n-th working day (n >= 1) counted backward from `start`, itself counted only with `count_first`.

        Weekdays are assumed where unsettled. Raises CalendarMissing beyond FIRST_YEAR..LAST_YEAR, ValueError for n < 1.
        """
        if n < 1:
            raise ValueError("a limit counts at least one day")
        find = bisect_right if count_first else bisect_left
        index = find(self._workdays, start) - n
        if index < 0 or start.year > LAST_YEAR:
            raise CalendarMissing(FIRST_YEAR - 1 if index < 0 else start.year)
        return self._workdays[index]

    def _count(self, start: date, n: int, unit: Unit, *, count_first: bool) -> date:
        if n < 1:
            raise ValueError("a limit counts at least one day")
        if unit == "calendar_day":
            return start + timedelta(days=n - 1 if count_first else n)
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise CalendarMissing(start.year)
        find = bisect_left if count_first else bisect_right
        index = find(self._workdays, start) + n - 1
        if index >= len(self._workdays):
            raise CalendarMissing(LAST_YEAR + 1)
        return self._workdays[index]
