"""Looking into a file: verified against its digests and written down before a byte of it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit import operations as audit
from haochaping.evidence import shelf
from haochaping.evidence.models import EvidenceFile
from haochaping.evidence.queries import seen_files
from haochaping.evidence.sealed import opened_words
from haochaping.evidence.states import Format, Sight
from haochaping.foundation.errors import NotFound, Refused
from haochaping.foundation.sealing import SealBroken


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be shown. `pieces` are read once, and closing them closes it."""

    name: str
    form: Format
    size: int
    pieces: Iterator[bytes]


class Unreadable(Refused):
    """The row is there, the file is not, or is not as it was."""


def look(*, file_id: UUID, matter_id: UUID, sight: Sight, actor: str, now: datetime) -> Opened:
    """Opens a file for somebody who sees so much of its matter; one audit row, whatever came of it.

    The whole file is read once before any of it is shown: each piece by its seal, all of it by both digests. Raises NotFound
    for what he does not see, Unreadable for what is missing or altered.
    """
    with transaction.atomic():
        row = seen_files(matter_id, sight).filter(pk=file_id).first()
        if row is None:
            raise NotFound("evidence", _("没有这个文件，或者您无权查看。"))
        problem, pieces = _verified(row)
        audit.record(
            now=now,
            actor=actor,
            act="evidence.look",
            subject=f"order:{row.number}",
            result="failed" if problem else "done",
            detail={"file": str(row.id), **({"problem": problem} if problem else {})},
        )
    if problem or pieces is None:
        raise Unreadable(problem, _problem_words(problem))
    name = opened_words(row.name, row=row.id, column="name")
    return Opened(name, Format(row.form), row.size, pieces)


def _verified(row: EvidenceFile) -> tuple[str, Iterator[bytes] | None]:
    """A word for what is wrong with the file, "" for nothing; and its pieces."""
    try:
        file = shelf.reader(shelf.path_of(row.id), row.id)
    except (OSError, shelf.NoShelf):
        return "missing", None
    except SealBroken:
        return "altered", None
    try:
        if shelf.digests(file) == (row.sha256, row.sm3):
            return "", shelf.pieces(file)
    except (SealBroken, OSError):
        pass
    file.close()
    return "altered", None


def _problem_words(problem: str) -> str:
    if problem == "missing":
        return _("登记中有这个文件，存储中却找不到。请告知系统管理员，从备份恢复；系统每天检查并告警。")
    return _("这个文件与上传时不一致，可能已损坏或者被改动，不能打开。请告知系统管理员，从备份恢复。")
