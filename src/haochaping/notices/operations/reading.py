"""An official has read what the console tells him."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haochaping.accounts.queries import officials
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.notices.models import Notice
from haochaping.notices.states import Channel


@transaction.atomic
def mark_read(*, official_id: UUID, now: datetime, notices: Collection[UUID] | None = None) -> int:
    """Marks these notices of his as read, or all (None) that there are by now; how many were unread. One audit row.

    Others' notices and unknown ids are passed over.
    """
    who = officials.official(official_id=official_id, on=local_day(now))
    unread = Notice.objects.filter(
        official_id=official_id, channel=Channel.CONSOLE, read_at=None, created_at__lte=now
    )
    if notices is not None:
        unread = unread.filter(id__in=notices)
    number = unread.update(read_at=now)
    if number and who is not None:
        record(now=now, actor=who.actor, act="notice.read", subject="notices", detail={"number": number})
    return number
