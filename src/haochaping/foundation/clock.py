"""The one place where the time of day enters. Everything below the edges gets `now` passed in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CN = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware (UTC). Called at the edges only: faces, jobs, commands, the door."""
    return datetime.now(UTC)


def local_day(instant: datetime) -> date:
    """The legal day (Asia/Shanghai) on which an aware instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(CN).date()
