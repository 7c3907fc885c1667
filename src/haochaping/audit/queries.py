"""What the audit trail tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haochaping.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, as far as pages show it."""

    at: datetime
    result: str
    detail: Mapping[str, Any]


def recorded(act: str, *, subject: str = "") -> bool:
    """Whether an act of that name was ever recorded, or one about this subject."""
    found = AuditEntry.objects.filter(act=act)
    return (found.filter(subject=subject) if subject else found).exists()


def last(act: str, *, subject: str) -> Entry | None:
    """The newest row of an act about a subject; None when there is none."""
    row = AuditEntry.objects.filter(subject=subject, act=act).order_by("-at", "-id").first()
    return Entry(row.at, row.result, row.detail) if row else None
