"""Taking a file in: looked at by its content first, then kept, with its row and its audit row in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.evidence.formats import recognised
from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.models import EvidenceFile
from haochaping.evidence.rules import tidy_name
from haochaping.evidence.sealed import sealed_words
from haochaping.evidence.shelf import Draft
from haochaping.evidence.states import Fault, Format, Side
from haochaping.evidence.words import FAULTS
from haochaping.foundation.errors import Conflict, Invalid, Problem

_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('evidence'), hashtext(%s))"


@dataclass(frozen=True, slots=True)
class About:
    """What a file is brought about, and for whom: see `EvidenceFile`."""

    matter_id: UUID
    number: str
    side: Side
    organisation_id: int
    part_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose content was looked at; `name` as it is shown."""

    draft: Draft
    form: Format
    name: str


def checked(draft: Draft, *, name: str) -> Checked:
    """What a finished draft is. Keeps nothing. Raises Invalid for a file that is not taken."""
    try:
        if draft.size > settings.EVIDENCE_LIMITS.size:
            raise Unacceptable(Fault.TOO_LARGE)
        with draft.reader() as file:
            form = recognised(file, draft.size)
    except Unacceptable as refusal:
        raise Invalid([Problem("file", refusal.fault.value, str(FAULTS[refusal.fault]))]) from None
    return Checked(draft, form, tidy_name(name, form, otherwise=_("文件")))


@transaction.atomic
def keep(*, found: Checked, about: About, note: str, who: OfficialView, now: datetime) -> UUID:
    """Keeps a file; its id. Who may bring it is checked by the caller, whose transaction this is part of.

    Two at once about one matter come one after the other, so that no more are kept than may be. The file lies in its place
    before the row is written: what a crash leaves in between is swept away. Raises Conflict when there are too many, and
    Unwritable.
    """
    draft = found.draft
    _take_turn(about)
    mine = EvidenceFile.objects.filter(
        matter_id=about.matter_id, organisation_id=about.organisation_id, side=about.side
    )
    most = settings.EVIDENCE_LIMITS.files
    if mine.count() >= most:
        message = _("已经上传了{most}个文件（含已撤回的），不能再传。请合并成一个文件。")
        raise Conflict("too_many", message.format(most=most))
    draft.keep()
    EvidenceFile.objects.create(
        id=draft.id,
        matter_id=about.matter_id,
        part_id=about.part_id,
        number=about.number,
        side=about.side,
        organisation_id=about.organisation_id,
        added_by=who.id,
        adder=who.label,
        added_at=now,
        form=found.form,
        name=sealed_words(found.name, row=draft.id, column="name"),
        note=sealed_words(note, row=draft.id, column="note"),
        size=draft.size,
        sha256=draft.sha256,
        sm3=draft.sm3,
    )
    audit.record(
        now=now,
        actor=who.actor,
        act="evidence.add",
        subject=f"order:{about.number}",
        detail={"file": str(draft.id), "side": about.side, "format": found.form, "sha256": draft.sha256},
    )
    return draft.id


def _take_turn(about: About) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_TURN, [about.matter_id.hex])
