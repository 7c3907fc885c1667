"""Which of an authority's own orders are late: its officers who handle them are told, and its leaders, who do not read them.

Nobody outside the authority is told, nor whom the report is about; the number tells nothing by itself (ADR 0029).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day, microseconds
from haochaping.notices.operations.telling import Saying, tell
from haochaping.notices.states import PRESSURE, Kind
from haochaping.oversight.models import PressureReport
from haochaping.oversight.queries.pressure import about_others
from haochaping.oversight.states import SETTLED

_SYSTEM: Final = "system"
_MOMENT: Final = timedelta(microseconds=1)


@transaction.atomic
def tell_late(*, now: datetime, limit: int = 500) -> int:
    """Tells of each order whose limit has passed, once for each end; of how many. A provisional limit (推定) is over for
    nobody. One audit row each, under the report's number."""
    late = PressureReport.objects.filter(due_at__lte=now, due_provisional=False).exclude(state__in=SETTLED)
    untold = late.filter(Q(late_for__isnull=True) | ~Q(late_for=F("due_at")))
    held = list(untold.select_for_update(skip_locked=True).order_by("due_at", "id")[:limit])
    for report in held:
        _tell(report, now)
    return len(held)


def _tell(report: PressureReport, now: datetime) -> None:
    today, due_at = local_day(now), report.due_at
    if due_at is None:
        return
    officers = _holding(Permission.HANDLE_PRESSURE, report, today)
    above = _holding(Permission.URGE_PRESSURE, report, today)
    leaders = [each for each in above if each not in officers]
    for reference, persons in ((report.pk, officers), (None, leaders)):
        said = Saying(
            cause=f"pressure:{report.pk}:late:{microseconds(due_at)}",
            kind=Kind.OVERDUE,
            subject=report.order_number,
            reference=reference,
            step=PRESSURE,
            last_day=local_day(due_at - _MOMENT),
            clause=report.due_clause,
        )
        tell(said, persons, now=now, superior=reference is None)
    report.late_for = due_at
    report.save(update_fields=["late_for"])
    audit.record(
        now=now,
        actor=_SYSTEM,
        act="pressure.late",
        subject=f"pressure:{report.number}",
        clause=report.due_clause,
        detail={"officers": len(officers), "leaders": len(leaders)},
    )


def _holding(permission: Permission, report: PressureReport, on: date) -> Collection[UUID]:
    """Of the receiving authority itself, but for whom the report is about."""
    held = holders(organisations={report.authority_id}, permission=permission, on=on)
    this = PressureReport.objects.filter(pk=report.pk)
    return [each for each in held[report.authority_id] if about_others(this, each, on).exists()]
