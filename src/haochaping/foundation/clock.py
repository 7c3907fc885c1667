"""The one place where the time of day enters. Everything below the edges gets `now` passed in."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CN = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# For journeys and drills that must play on the same day for ever; `up` says loudly when it is set.
_SHIFT = timedelta(seconds=int(os.environ.get("HAOCHAPING_CLOCK_SHIFT", "0")))


def now() -> datetime:
    """The present instant, aware (UTC). Called at the edges only: faces, jobs, commands, the door.

    HAOCHAPING_CLOCK_SHIFT (seconds, whole process) moves it, so that trials can set the clock.
    """
    return datetime.now(UTC) + _SHIFT


def shift() -> timedelta:
    """How far `now` is from the machine's clock: nothing, but in trials."""
    return _SHIFT


def local_day(instant: datetime) -> date:
    """The legal day (Asia/Shanghai) on which an aware instant falls. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(CN).date()


def microseconds(instant: datetime) -> int:
    """Since 1970 began (UTC): an aware instant as an exact whole number, as PostgreSQL keeps it too."""
    return (instant - _EPOCH) // _MICROSECOND


def at_microsecond(number: int) -> datetime:
    """The instant (UTC) that `microseconds` counted."""
    return _EPOCH + number * _MICROSECOND
