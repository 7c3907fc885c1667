"""Which orders are over since before an instant, for the terms of keeping: closed, and no objection of them goes on.

What is to go and what is left are asked for by questions that share nothing: the one proves the other.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from haochaping.rectification.contests import UNENDED
from haochaping.rectification.models import Objection, WorkOrder

_HANDLED: Final = """
SELECT id FROM rectification_workorder WHERE state = 'closed' AND closed_at < %(before)s
EXCEPT SELECT order_id FROM rectification_objection
WHERE state = ANY(%(unended)s) OR decided_at >= %(before)s
"""


def done_with(orders: Collection[UUID], before: datetime) -> tuple[UUID, ...]:
    """Of these orders those that are over, or are not there at all."""
    objections = Objection.objects.filter(order=OuterRef("pk"))
    go_on = objections.filter(Q(state__in=UNENDED) | Q(decided_at__gte=before))
    running = WorkOrder.objects.filter(
        Exists(go_on) | Q(closed_at__isnull=True) | Q(closed_at__gte=before), id__in=list(orders)
    )
    kept = set(running.values_list("id", flat=True))
    return tuple(each for each in orders if each not in kept)


def handled_before(before: datetime) -> tuple[UUID, ...]:
    """All that are over."""
    with connection.cursor() as cursor:
        cursor.execute(_HANDLED, {"before": before, "unended": sorted(UNENDED)})
        return tuple(row[0] for row in cursor.fetchall())
