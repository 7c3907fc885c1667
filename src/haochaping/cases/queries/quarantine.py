"""The records that were kept aside, as officials see them: with masked people, and beside the item library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.queries import senders as accounts
from haochaping.accounts.rules import Permission
from haochaping.cases.facts import service_day
from haochaping.cases.models import QuarantinedOccasion
from haochaping.cases.states import Outcome, Step, in_the_way
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound, Problem
from haochaping.identity.operations import masked_records
from haochaping.registry.library import LibraryEntry, entries_by_code

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """Which records; "" and None: all. `page` counts from 1."""

    platform: str = ""
    reason: str = ""
    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One kept record. `wished`: a release was decided and is being carried out."""

    id: UUID
    platform: str
    project_no: str
    service_number: int
    received_at: datetime
    reasons: tuple[Problem, ...]
    outcome: Outcome
    wished: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of the list with the numbers of both lists."""

    rows: tuple[KeptRow, ...]
    open: int
    closed: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the history."""

    act: Step
    note: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptView:
    """All that the page of one record shows. `fields` are those sent, masked; `library` what the item library has under
    the codes on the day of the service; `in_the_way` the doubts that a release cannot settle."""

    row: KeptRow
    fields: Mapping[str, str]
    library: tuple[LibraryEntry, ...]
    in_the_way: tuple[Problem, ...]
    history: tuple[StepView, ...]


def kept(*, official_id: UUID, now: datetime, filters: KeptFilter) -> KeptPage:
    """The records in reach, the longest waiting first; closed ones by when they were closed, the last first."""
    chosen = _in_reach(official_id, now)
    if filters.platform:
        chosen = chosen.filter(platform=filters.platform)
    if filters.reason:
        chosen = chosen.filter(reasons__contains=[{"code": filters.reason}])
    still_open, closed = chosen.filter(closed_at__isnull=True), chosen.filter(closed_at__isnull=False)
    counts = still_open.count(), closed.count()
    pages = max(1, -(-counts[filters.closed] // PAGE_SIZE))
    page = min(max(1, filters.page), pages)
    listed = (
        closed.order_by("-closed_at", "id") if filters.closed else still_open.order_by("received_at", "id")
    )
    shown = listed.prefetch_related("steps")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return KeptPage(tuple(map(_row, shown)), *counts, page, pages)


def kept_record(*, official_id: UUID, record_id: UUID, now: datetime) -> KeptView:
    """One record. Raises NotFound when there is none such within reach."""
    found = _in_reach(official_id, now).filter(pk=record_id).first()
    if found is None:
        raise NotFound("quarantined", "")
    fields = masked_records(record_ids=[found.pk]).get(found.pk, {})
    row = _row(found)
    blocking = in_the_way(reason.code for reason in row.reasons)
    steps = found.steps.order_by("at", "id")
    return KeptView(
        row=row,
        fields=fields,
        library=_library(fields),
        in_the_way=tuple(reason for reason in row.reasons if reason.code in blocking),
        history=tuple(StepView(Step(step.act), step.note, step.actor, step.at) for step in steps),
    )


def release_wished() -> bool:
    """Whether releases wait to be carried out."""
    return QuarantinedOccasion.objects.filter(release_wished_at__isnull=False).exists()


def _in_reach(official_id: UUID, now: datetime) -> QuerySet[QuarantinedOccasion]:
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.DECIDE_QUARANTINE, on=today)
    return QuarantinedOccasion.objects.filter(client_id__in=accounts.clients_of(organisations=reach))


def _row(row: QuarantinedOccasion) -> KeptRow:
    return KeptRow(
        id=row.pk,
        platform=row.platform,
        project_no=row.project_no,
        service_number=row.service_number,
        received_at=row.received_at,
        reasons=tuple(Problem(**reason) for reason in row.reasons),
        outcome=Outcome(row.outcome),
        wished=row.release_wished_at is not None,
        asked=any(step.act == Step.ASKED for step in row.steps.all()),
    )


def _library(fields: Mapping[str, str]) -> tuple[LibraryEntry, ...]:
    if "serviceTime" not in fields:
        return ()
    on: date = service_day(fields)
    found = entries_by_code(
        handling=_present(fields, "taskHandleItem"), implementing=_present(fields, "taskCode"), on=on
    )
    by_code = {entry.code: entry for entries in found.values() for entry in entries}
    return tuple(by_code.values())


def _present(fields: Mapping[str, str], *names: str) -> list[str]:
    return [fields[name] for name in names if name in fields]
