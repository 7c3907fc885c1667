"""Which piece of a camera's record shows what happened at a window. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# How long after a purpose was stated the clip can be opened, and how long the address that opens it is good.
OPEN_FOR: Final = timedelta(minutes=10)
ADDRESS_FOR: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_OWN_MINUTES: Final = 15
_MOST_MINUTES: Final = 120


@dataclass(frozen=True, slots=True)
class Clip:
    """So much of the record of a camera, which is named as the video platform names it. Aware instants, half-open."""

    camera: str
    begins_at: datetime
    ends_at: datetime


def margin(environment: Mapping[str, str]) -> timedelta:
    """How long before and after the service a clip is: HAOCHAPING_VIDEO_MINUTES, 1 to 120, without it 15: no document lays
    it down. Raises ValueError."""
    text = environment.get("HAOCHAPING_VIDEO_MINUTES", "").strip() or str(_OWN_MINUTES)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= _MOST_MINUTES):
        raise ValueError(
            f"HAOCHAPING_VIDEO_MINUTES is {text!r}: a whole number from 1 to {_MOST_MINUTES} is wanted"
        )
    return timedelta(minutes=int(text))


def clip_of(camera: str, at: datetime, *, around: timedelta, widened: bool) -> Clip:
    """The clip around an instant. `widened`, for anonymous ratings: from the beginning of the hour before to the end of the
    hour after, so that whoever runs the platform does not read from it who was just being served."""
    if not widened:
        return Clip(camera, at - around, at + around)
    begins = (at - max(around, _HOUR)).replace(minute=0, second=0, microsecond=0)
    ends = (at + max(around, _HOUR)).replace(minute=0, second=0, microsecond=0) + _HOUR
    return Clip(camera, begins, ends)
