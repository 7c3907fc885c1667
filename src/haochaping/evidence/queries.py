"""What there is about a matter, as far as somebody sees it; nothing of a file is opened here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from haochaping.evidence import shelf
from haochaping.evidence.models import EvidenceFile, VideoLook
from haochaping.evidence.rules import LONGEST_UPLOAD
from haochaping.evidence.sealed import opened_words
from haochaping.evidence.states import Format, Side, Sight


@dataclass(frozen=True, slots=True)
class FileView:
    """One file. `missing`: its row is there and it is not; `withdrawn_at` None: it stands."""

    id: UUID
    part_id: UUID | None
    side: Side
    organisation_id: int
    name: str
    form: Format
    size: int
    note: str
    adder: str
    added_by: UUID
    added_at: datetime
    sha256: str
    missing: bool
    withdrawn_at: datetime | None
    withdrawer: str
    withdrawal: str


def seen_files(matter_id: UUID, sight: Sight) -> QuerySet[EvidenceFile]:
    """The rows about a matter that somebody sees: for the room itself."""
    rows = EvidenceFile.objects.filter(matter_id=matter_id)
    if not sight.everything:
        rows = rows.filter(side=sight.side, organisation_id__in=sight.organisations)
    if sight.only_by is not None:
        rows = rows.filter(added_by=sight.only_by)
    return rows


def files_about(*, matter_id: UUID, sight: Sight) -> tuple[FileView, ...]:
    """The files about a matter that somebody sees, in the order of their coming. Raises SealBroken for an altered row."""
    return tuple(_view(row) for row in seen_files(matter_id, sight).order_by("added_at", "id"))


def matters() -> tuple[UUID, ...]:
    """Everything about which there is evidence, or of which video was looked at."""
    files = EvidenceFile.objects.values_list("matter_id", flat=True)
    looks = VideoLook.objects.values_list("matter_id", flat=True)
    return tuple(sorted({*files, *looks}))


def left_about(matter_ids: Collection[UUID], *, now: datetime) -> int:
    """How many files and looks at video there are about these matters, as rows, and how many files lie on the shelf that no
    row knows: for the proof that what is over is gone."""
    about = list(matter_ids)
    files = EvidenceFile.objects.filter(matter_id__in=about).count()
    looks = VideoLook.objects.filter(matter_id__in=about).count()
    return files + looks + len(strays(now=now))


def strays(*, now: datetime) -> tuple[Path, ...]:
    """What lies on the shelf without a row, for longer than any upload lasts: what a crash left there."""
    lying = list(shelf.lying(now - LONGEST_UPLOAD))
    known = set(EvidenceFile.objects.values_list("id", flat=True))
    return tuple(path for file_id, path in lying if file_id not in known or path.parent.name != shelf.KEPT)


def missing() -> tuple[UUID, ...]:
    """The files whose rows are there and that do not lie on the shelf."""
    rows = EvidenceFile.objects.order_by("id").values_list("id", flat=True)
    return tuple(each for each in rows if not _lies(each))


def _view(row: EvidenceFile) -> FileView:
    def opened(column: str) -> str:
        return opened_words(getattr(row, column), row=row.id, column=column)

    return FileView(
        id=row.id,
        part_id=row.part_id,
        side=Side(row.side),
        organisation_id=row.organisation_id,
        name=opened("name"),
        form=Format(row.form),
        size=row.size,
        note=opened("note"),
        adder=row.adder,
        added_by=row.added_by,
        added_at=row.added_at,
        sha256=row.sha256,
        missing=not _lies(row.id),
        withdrawn_at=row.withdrawn_at,
        withdrawer=row.withdrawer,
        withdrawal=opened("withdrawal"),
    )


def _lies(file_id: UUID) -> bool:
    try:
        return shelf.path_of(file_id).exists()
    except shelf.NoShelf:
        return False
