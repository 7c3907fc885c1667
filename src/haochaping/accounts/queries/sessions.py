"""The sessions of an official, for himself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haochaping.accounts.models import OfficialSession


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session that is not over. `browser` in words, "" where it did not say."""

    label: UUID
    begun_at: datetime
    seen_at: datetime
    browser: str


def sessions_of(*, official_id: UUID, now: datetime) -> tuple[SessionView, ...]:
    """His sessions, the newest first."""
    rows = OfficialSession.objects.filter(official_id=official_id, expire_date__gt=now).order_by(
        "-begun_at", "label"
    )
    return tuple(SessionView(row.label, row.begun_at, row.seen_at, row.browser) for row in rows)
