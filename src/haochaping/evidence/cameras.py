"""The cameras at windows, by day, and as far as an official manages them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.evidence.models import Camera
from haochaping.foundation.clock import local_day
from haochaping.registry.queries.offered import Rateable, rateable_windows

SHOWN = 500


@dataclass(frozen=True, slots=True)
class CameraRow:
    """A camera at a window; `valid_to` None: until further notice."""

    id: UUID
    window_code: str
    window: str
    code: str
    valid_from: date
    valid_to: date | None
    entered_by: str


def camera_at(window_id: int, day: date) -> str | None:
    """The camera that looked at a window on a local day, as the video platform names it; None for none."""
    rows = Camera.objects.filter(window_id=window_id, valid_from__lte=day).order_by("-valid_from")
    row = rows.first()
    return row.code if row is not None and (row.valid_to is None or day <= row.valid_to) else None


def windows_in_reach(official_id: UUID, now: datetime) -> tuple[Rateable, ...]:
    """The windows of today whose cameras the official may enter, by code."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.MANAGE_CAMERAS, on=today)
    return rateable_windows(reach, today)


def cameras_in_reach(*, official_id: UUID, now: datetime) -> tuple[tuple[CameraRow, ...], int]:
    """The registrations, by window and the latest first, at most SHOWN of them; and how many windows have no camera
    today."""
    today = local_day(now)
    windows = {each.id: each for each in windows_in_reach(official_id, now)}
    rows = list(Camera.objects.filter(window_id__in=windows))
    seen = {row.window_id for row in rows if row.valid_from <= today and (row.valid_to or today) >= today}
    ordered = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ordered.sort(key=lambda row: windows[row.window_id].code)
    return tuple(
        CameraRow(
            id=row.id,
            window_code=windows[row.window_id].code,
            window=windows[row.window_id].name,
            code=row.code,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            entered_by=row.entered_by,
        )
        for row in ordered[:SHOWN]
    ), len(windows) - len(seen)
