"""The evidence of an order as its pages show it, as far as whoever looks sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from haochaping.evidence.queries import FileView, files_about
from haochaping.evidence.states import Side
from haochaping.foundation.clock import local_day
from haochaping.rectification.contests import PENDING, By, Kind
from haochaping.rectification.course.steps import objections_of, parts_in
from haochaping.rectification.parts import PartState
from haochaping.rectification.sight import Looker, Place, Way, looker_at
from haochaping.rectification.states import State
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Contested:
    """An objection that evidence may be about. `pending`: it is undecided, so that some may still be brought."""

    id: UUID
    kind: Kind
    pending: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file with the name of the organisation that brought it; `contest`: the objection that it is about, None for none;
    `of_part`: it is about a part of a joint order. `himself`: who was rated brought it in his own name."""

    file: FileView
    organisation: str
    contest: Contested | None
    of_part: bool
    himself: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What a page shows. `may_add`: now, about the order or part itself (`open`) or about one of the `contests` that are
    pending. `left`: so many files more; `most`: bytes of each. `authority`: he sees what everybody brought. `number` is ""
    for who was rated himself and may not know it."""

    place: Place
    number: str
    files: tuple[FileRow, ...]
    contests: tuple[Contested, ...]
    may_add: bool
    open: bool
    left: int
    most: int
    authority: bool


def evidence_of(*, place: Place, official_id: UUID, now: datetime) -> EvidenceView:
    """The evidence of an order and of its objections, by the way by which somebody comes to it. Raises NotFound for whoever
    sees none of it."""
    return evidence_for(looker_at(place, official_id, now), now)


def evidence_for(found: Looker, now: datetime) -> EvidenceView:
    """The same for who was found to stand before it."""
    files = files_about(matter_id=found.order.id, sight=found.sight)
    adds, pending = found.adds, tuple(each for each in contests_for(found) if each.pending)
    still_open = may_be_added_to(found)
    mine = sum(each.organisation_id == found.organisation_id and each.side is found.side for each in files)
    return EvidenceView(
        place=found.place,
        number="" if found.place.way is Way.OWN else found.order.number,
        files=_rows(files, found, now, adds=adds),
        contests=pending,
        may_add=adds and (still_open or bool(pending)),
        open=still_open,
        left=max(0, settings.EVIDENCE_LIMITS.files - mine),
        most=settings.EVIDENCE_LIMITS.size,
        authority=found.side is Side.AUTHORITY,
    )


def may_be_added_to(found: Looker) -> bool:
    """Whether evidence about the order or the part itself may still be brought: as long as the order is not closed, nor the
    part released. By whom only the rating is about, for his objections alone."""
    if found.place.way in {Way.RATED, Way.OWN} or found.order.state == State.CLOSED:
        return False
    return found.part is None or found.part.state != PartState.RELEASED


def contests_for(found: Looker) -> tuple[Contested, ...]:
    """The objections, in the order of their filing, that he may bring evidence about once they are pending: who was rated
    himself about those that he filed himself, for a part about none."""
    filed = objections_of(found.order.id)
    match found.place.way:
        case Way.PART:
            filed = ()
        case Way.OWN:
            filed = tuple(each for each in filed if each.by == By.PERSON and each.filed_by == found.who.id)
    return tuple(Contested(each.id, Kind(each.kind), each.state in PENDING) for each in filed)


def _rows(files: tuple[FileView, ...], found: Looker, now: datetime, *, adds: bool) -> tuple[FileRow, ...]:
    names = registry.organisation_names({each.organisation_id for each in files}, local_day(now))
    contests = {each.id: each for each in contests_for(found)}
    parts = {found.part.id} if found.part else {each.id for each in parts_in(found.order.id)}
    return tuple(
        FileRow(
            file=each,
            organisation=names.get(each.organisation_id, ""),
            contest=contests.get(each.part_id) if each.part_id else None,
            of_part=each.part_id in parts,
            himself=each.side is Side.PERSON,
            may_withdraw=adds
            and each.withdrawn_at is None
            and each.organisation_id == found.organisation_id
            and each.side is found.side,
        )
        for each in files
    )
