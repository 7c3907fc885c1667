"""The one way into the audit trail from the rooms that speak Django."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.foundation.ids import new_id


class AuditOutsideTransaction(Exception):
    """An audit row must stand or fall with its act."""


def record(
    *,
    now: datetime,
    actor: str,
    act: str,
    subject: str = "",
    result: str = "done",
    clause: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Adds one row in the caller's transaction. `detail` holds counts and labels, never names or numbers of people.

    Raises AuditOutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise AuditOutsideTransaction(act)
    AuditEntry.objects.create(
        id=new_id(now),
        at=now,
        actor=actor,
        act=act,
        subject=subject,
        result=result,
        clause=clause,
        detail=dict(detail or {}),
    )
