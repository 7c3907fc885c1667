"""The outbox of alarms: taken to be sent, and what became of it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.oversight.models import AlarmNotice

# 1, 2, 4 ... 128 minutes, then every four hours: two days and a half in all.
ATTEMPTS = 22
_LONGEST_PAUSE = timedelta(hours=4)


class Notice(NamedTuple):
    """What is to be sent now; `last`: there will be no further try."""

    id: UUID
    body: str
    last: bool


@transaction.atomic
def take(*, now: datetime, limit: int) -> tuple[Notice, ...]:
    """Notices that are due, the oldest first, each put off to its next try: who is killed while sending sends again."""
    due = AlarmNotice.objects.select_for_update(skip_locked=True).filter(
        sent_at=None, given_up_at=None, due_at__lte=now
    )
    taken = []
    for row in due.order_by("created_at", "id")[:limit]:
        row.due_at = now + min(timedelta(minutes=1 << min(row.attempts, 10)), _LONGEST_PAUSE)
        row.attempts += 1
        row.save(update_fields=["due_at", "attempts"])
        taken.append(Notice(row.id, row.body, row.attempts >= ATTEMPTS))
    return tuple(taken)


@transaction.atomic
def sent(notice: Notice, *, now: datetime) -> None:
    """It arrived."""
    AlarmNotice.objects.filter(id=notice.id).update(sent_at=now, last_error="")
    record(now=now, actor="system", act="alarm.told", subject=f"notice:{notice.id}")


@transaction.atomic
def not_sent(notice: Notice, *, error: str, now: datetime) -> None:
    """It did not arrive; `error` says in a word why. After the last try it is given up, and that is on record."""
    AlarmNotice.objects.filter(id=notice.id).update(
        last_error=error, given_up_at=now if notice.last else None
    )
    if notice.last:
        record(
            now=now,
            actor="system",
            act="alarm.told",
            subject=f"notice:{notice.id}",
            result="given up",
            detail={"error": error},
        )
