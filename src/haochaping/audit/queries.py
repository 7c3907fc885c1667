"""What the audit trail tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, TextField, Value

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


def details(act: str) -> Mapping[str, Mapping[str, Any]]:
    """What every act of that name said, by its subject; of several the newest. Reads the whole trail."""
    return dict(AuditEntry.objects.filter(act=act).order_by("at", "id").values_list("subject", "detail"))


@dataclass(frozen=True, slots=True)
class Line:
    """One row whole. `id` grows with time: the next page begins before it."""

    id: UUID
    at: datetime
    actor: str
    act: str
    subject: str
    result: str
    clause: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which rows: from `since` on and before `until`; `actor`, `act` and `subject` as they begin; `acts`, one of them;
    `among`: by or about one of these, everybody where it is None. `before`: the last line of the page before."""

    since: datetime
    until: datetime
    actor: str = ""
    act: str = ""
    subject: str = ""
    acts: tuple[str, ...] = ()
    among: frozenset[str] | None = None
    before: UUID | None = None


def trail(filters: TrailFilter, *, most: int) -> tuple[Line, ...]:
    """The newest rows of the filter, at most so many."""
    rows = AuditEntry.objects.filter(at__gte=filters.since, at__lt=filters.until)
    for name in ("actor", "act", "subject"):
        if begun := getattr(filters, name):
            rows = rows.filter(**{f"{name}__startswith": begun})
    if filters.acts:
        rows = rows.filter(act__in=filters.acts)
    if filters.before is not None:
        rows = rows.filter(id__lt=filters.before)
    if filters.among is not None:
        # Whoever acts as a deputy is named first: "official:x for official:y".
        first = Func(F("actor"), Value(" for "), Value(1), function="split_part", output_field=TextField())
        rows = rows.annotate(first=first)
        rows = rows.filter(Q(first__in=filters.among) | Q(subject__in=filters.among))
    return tuple(
        Line(row.id, row.at, row.actor, row.act, row.subject, row.result, row.clause, row.detail)
        for row in rows.order_by("-id")[:most]
    )
