"""Notices that have been kept long enough; in the caller's transaction, which writes its audit row."""

from datetime import datetime

from haochaping.notices.models import Notice
from haochaping.notices.states import State


def forget_notices(before: datetime, *, limit: int) -> int:
    """Deletes up to `limit` notices put out before an instant that are not waiting any more; how many."""
    over = Notice.objects.filter(created_at__lt=before).exclude(state=State.WAITING)
    return Notice.objects.filter(id__in=list(over.values_list("id", flat=True)[:limit])).delete()[0]
