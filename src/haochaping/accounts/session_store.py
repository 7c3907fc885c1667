"""Sessions that end when nobody was there for a while, and after some hours whoever is there.

Django's own store in the database, on our clock and in our table: whose it is, since when, last seen when.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from haochaping.accounts.models import OfficialSession
from haochaping.foundation.clock import now
from haochaping.foundation.ids import random_id

BROWSER: Final = "browser"
# When somebody was last there is kept to the minute: not every page costs a write.
_GRAIN: Final = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """`settings.SESSION_ENGINE`. Reading a session is being there."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: OfficialSession | None = None

    @classmethod
    def get_model_class(cls) -> type[OfficialSession]:
        """Our table."""
        return OfficialSession

    @property
    def label(self) -> UUID | None:
        """The name of this session in lists; None before it is kept."""
        return self._row.label if self._row else None

    def _get_session_from_db(self) -> OfficialSession | None:
        at = now()
        row = OfficialSession.objects.filter(session_key=self.session_key, expire_date__gt=at).first()
        if row is None:
            self._session_key = None
        elif at - row.seen_at >= _GRAIN:
            row.seen_at, row.expire_date = at, _end(row.begun_at, at)
            # Not by `save`: who signs out in another window at this moment takes the row away.
            OfficialSession.objects.filter(pk=row.pk).update(seen_at=at, expire_date=row.expire_date)
        self._row = row
        return row

    def create_model_instance(self, data: Mapping[str, Any]) -> OfficialSession:
        """The row to keep; one that is there already stays as old as it is."""
        at, key = now(), self._get_or_create_session_key()  # type: ignore[attr-defined]
        before = self._row if self._row and self._row.session_key == key else None
        begun = before.begun_at if before else at
        self._row = OfficialSession(
            session_key=key,
            session_data=self.encode(dict(data)),
            expire_date=_end(begun, at),
            label=before.label if before else random_id(),
            official_id=data.get(SESSION_KEY),
            begun_at=begun,
            seen_at=at,
            browser=str(data.get(BROWSER, ""))[:40],
        )
        return self._row


def _end(begun: datetime, seen: datetime) -> datetime:
    rules = settings.SIGN_IN_RULES
    return min(seen + rules.idle, begun + rules.longest)
