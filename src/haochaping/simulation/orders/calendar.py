"""When somebody does something: on a working day, within office hours. Pure."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.simulation.spread import kind_of_day

_OPENS: Final = time(9, 0)
_MINUTES: Final = 7 * 60


def later(since: datetime, random: Random, calendar: WorkCalendar, *, least: int, most: int) -> datetime:
    """An instant in office hours between `least` and `most` working days after another."""
    day, left = local_day(since), random.randint(least, most)
    while left:
        day += timedelta(days=1)
        left -= kind_of_day(calendar, day) < 5
    at = datetime.combine(day, _OPENS, CN) + timedelta(seconds=random.randrange(_MINUTES * 60))
    return max(at, since + timedelta(minutes=random.randrange(5, 60)))
