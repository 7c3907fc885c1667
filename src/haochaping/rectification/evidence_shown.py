"""The evidence of an order as its pages show it, as far as whoever looks sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from haochaping.accounts.rules import Permission
from haochaping.evidence.queries import FileView, files_about
from haochaping.evidence.states import Side
from haochaping.foundation.clock import local_day
from haochaping.rectification.contests import PENDING, Kind
from haochaping.rectification.course.steps import objections_of
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.sight import Looker, looker
from haochaping.rectification.states import State
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Part:
    """An objection that evidence may be about. `pending`: it is undecided, so that some may still be brought."""

    id: UUID
    kind: Kind
    pending: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file with the name of the organisation that brought it; `part` None: it is about the order itself."""

    file: FileView
    organisation: str
    part: Part | None
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What a page shows. `may_add`: now, about the order itself or about one of the `parts` that are pending; `open`:
    about the order itself. `left`: so many files more; `most`: bytes of each. `authority`: he sees what everybody
    brought."""

    order_id: UUID
    number: str
    files: tuple[FileRow, ...]
    parts: tuple[Part, ...]
    may_add: bool
    open: bool
    left: int
    most: int
    authority: bool


def evidence_of(*, order_id: UUID, official_id: UUID, now: datetime) -> EvidenceView:
    """The evidence of an order and of its objections. Raises NotFound for whoever sees none of it."""
    return evidence_for(looker(order_id, official_id, Permission.VIEW_EVIDENCE, now), now)


def evidence_for(found: Looker, now: datetime) -> EvidenceView:
    """The same for who was found to stand before it."""
    files = files_about(matter_id=found.order.id, sight=found.sight)
    may_add = found.holds(Permission.ADD_EVIDENCE)
    parts = parts_of(found.order)
    still_open = may_be_added_to(found.order)
    mine = sum(each.organisation_id == found.organisation_id for each in files)
    return EvidenceView(
        order_id=found.order.id,
        number=found.order.number,
        files=_rows(files, parts, found if may_add else None, now),
        parts=tuple(each for each in parts if each.pending),
        may_add=may_add and (still_open or any(each.pending for each in parts)),
        open=still_open,
        left=max(0, settings.EVIDENCE_LIMITS.files - mine),
        most=settings.EVIDENCE_LIMITS.size,
        authority=found.side is Side.AUTHORITY,
    )


def may_be_added_to(order: WorkOrder) -> bool:
    """Whether evidence about the order itself may still be brought: as long as it is not closed."""
    return order.state != State.CLOSED


def parts_of(order: WorkOrder) -> tuple[Part, ...]:
    """Its objections in the order of their filing."""
    return tuple(Part(each.id, Kind(each.kind), each.state in PENDING) for each in objections_of(order.id))


def _rows(
    files: tuple[FileView, ...], parts: tuple[Part, ...], adder: Looker | None, now: datetime
) -> tuple[FileRow, ...]:
    names = registry.organisation_names({each.organisation_id for each in files}, local_day(now))
    by_id = {part.id: part for part in parts}
    return tuple(
        FileRow(
            file=each,
            organisation=names.get(each.organisation_id, ""),
            part=by_id.get(each.part_id) if each.part_id else None,
            may_withdraw=adder is not None
            and each.withdrawn_at is None
            and each.organisation_id == adder.organisation_id,
        )
        for each in files
    )
