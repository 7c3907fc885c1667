"""What is over goes, row and file; what a crash left without a row is swept away, and what is missing is told."""

import logging
from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.evidence import shelf
from haochaping.evidence.models import EvidenceFile, VideoLook
from haochaping.evidence.queries import missing, strays

ACTOR: Final = "system"
_TOLD: Final = 20

_log = logging.getLogger(__name__)


class Swept(NamedTuple):
    """What a night found: so many strays were taken away, so many files are missing."""

    removed: int
    missing: int


def forget_about(matter_ids: Collection[UUID], *, limit: int) -> int:
    """Deletes up to `limit` files, row and file, and looks at video, about matters that are done with; how many. In the
    caller's transaction, which writes its audit row: the files go once it is committed, so that no row is ever left without
    its file."""
    rows = EvidenceFile.objects.filter(matter_id__in=list(matter_ids)).order_by("id")
    over = list(rows.values_list("id", flat=True)[:limit])
    EvidenceFile.objects.filter(pk__in=over).delete()
    for file_id in over:
        transaction.on_commit(partial(_remove, shelf.path_of(file_id)), robust=True)
    looks = VideoLook.objects.filter(matter_id__in=list(matter_ids)).order_by("id")
    looked = list(looks.values_list("id", flat=True)[: limit - len(over)])
    VideoLook.objects.filter(pk__in=looked).delete()
    return len(over) + len(looked)


def sweep(*, now: datetime) -> Swept:
    """Takes away what lies on the shelf without a row and never got one, and looks whether every row has its file; one audit
    row, with the first missing ones by their ids."""
    swept = strays(now=now)
    for path in swept:
        _remove(path)
    lost = missing()
    with transaction.atomic():
        audit.record(
            now=now,
            actor=ACTOR,
            act="evidence.sweep",
            subject="evidence",
            result="failed" if lost else "done",
            detail={"swept": len(swept), "missing": len(lost), "files": [str(each) for each in lost[:_TOLD]]},
        )
    if lost:
        _log.error("%d files of evidence are missing: restore them from the backup", len(lost))
    return Swept(len(swept), len(lost))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
