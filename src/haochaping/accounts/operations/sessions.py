"""Sessions end: those that have run out, those that are too many, and those that their official ends himself."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import Official, OfficialSession
from haochaping.accounts.queries.officials import actor_of
from haochaping.audit.operations import record
from haochaping.foundation.errors import NotFound


def purge_sessions(*, now: datetime) -> int:
    """Removes what no cookie can bring back; returns how many."""
    return OfficialSession.objects.filter(expire_date__lte=now).delete()[0]


def make_room(*, official_id: UUID) -> int:
    """Ends the oldest sessions of an official, in the caller's transaction, so that one more may begin; how many.

    Who signs in is let in: it is the one that he forgot elsewhere that ends.
    """
    held = (
        OfficialSession.objects.select_for_update()
        .filter(official_id=official_id)
        .order_by("-begun_at", "label")
    )
    surplus = [row.session_key for row in held][settings.SIGN_IN_RULES.sessions - 1 :]
    return OfficialSession.objects.filter(session_key__in=surplus).delete()[0]


def end_all(*, official_id: UUID, but: UUID | None = None) -> int:
    """Ends all sessions of an official, in the caller's transaction, but for the one with that label; how many."""
    held = OfficialSession.objects.filter(official_id=official_id)
    return (held.exclude(label=but) if but else held).delete()[0]


@transaction.atomic
def end_session(*, official_id: UUID, label: UUID, now: datetime) -> None:
    """An official ends one of his own sessions. Raises NotFound for one that is over, or another's."""
    gone = OfficialSession.objects.filter(official_id=official_id, label=label, expire_date__gt=now).delete()[
        0
    ]
    if not gone:
        raise NotFound("session", _("这次登录已经结束。"))
    actor = actor_of(Official.objects.get(id=official_id).username)
    record(now=now, actor=actor, act="official.session.end", subject=actor)
