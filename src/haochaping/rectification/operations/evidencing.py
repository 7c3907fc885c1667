"""Bringing evidence for an order, or for an objection of it; looking into it; taking it back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.evidence import operations as evidence
from haochaping.evidence.shelf import Draft
from haochaping.foundation.errors import Conflict, Invalid, Problem
from haochaping.rectification.evidence_shown import contests_for, may_be_added_to
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.sight import Looker, Place, Way, looker_at

LONGEST_NOTE: Final = 200
_LEAST_REASON: Final = 4


def add_evidence(
    *,
    place: Place,
    official_id: UUID,
    draft: Draft,
    name: str,
    note: str,
    part_id: UUID | None,
    now: datetime,
) -> UUID:
    """Keeps a finished draft as evidence; its id. `part_id`: the undecided objection that it is about, None for the order
    itself, or the part.

    The draft is looked at before anything is locked. Raises NotFound out of reach, NotAllowed without the right, Invalid
    for a file or a note that is not taken, Conflict when nothing can be brought any more, and Unwritable. The draft is the
    caller's to discard.
    """
    looker_at(place, official_id, now, adds=True)
    found = evidence.checked(draft, name=name)
    with transaction.atomic():
        brings = looker_at(place, official_id, now, adds=True, locked=True)
        _check_open(brings, part_id)
        note = _words(brings, "note", note, least=0)
        about = evidence.About(
            matter_id=brings.order.id,
            number=brings.order.number,
            side=brings.side,
            organisation_id=brings.organisation_id,
            part_id=part_id or (brings.part.id if brings.part else None),
        )
        return evidence.keep(found=found, about=about, note=note, who=brings.who, now=now)


def see_evidence(*, place: Place, file_id: UUID, official_id: UUID, now: datetime) -> evidence.Opened:
    """Opens a file; every look is on record. Raises NotFound for what he does not see, Unreadable for what is missing or
    altered."""
    sees = looker_at(place, official_id, now)
    return evidence.look(
        file_id=file_id, matter_id=sees.order.id, sight=sees.sight, actor=sees.who.actor, now=now
    )


@transaction.atomic
def withdraw_evidence(*, place: Place, file_id: UUID, official_id: UUID, reason: str, now: datetime) -> None:
    """Withdraws what one's own organisation, or who was rated himself, brought; it stays, with the reason. Raises as
    `add_evidence` does."""
    brings = looker_at(place, official_id, now, adds=True, locked=True)
    reason = _words(brings, "reason", reason, least=_LEAST_REASON)
    evidence.withdraw(
        file_id=file_id,
        matter_id=brings.order.id,
        sight=brings.sight,
        organisation_id=brings.organisation_id,
        reason=reason,
        who=brings.who,
        now=now,
    )


def _check_open(brings: Looker, part_id: UUID | None) -> None:
    if part_id is None and not may_be_added_to(brings):
        raise Conflict("closed", _("已经办结、不再等待或者没有待决定的异议，不能再上传证据文件。"))
    if part_id is not None and part_id not in {each.id for each in contests_for(brings) if each.pending}:
        raise Conflict("decided", _("这份异议已经决定或者撤回，不能再为它上传证据文件。"))


def _words(brings: Looker, field: str, text: str, *, least: int) -> str:
    """What is written beside a file, tidied. Only who may know the rater under 实名 learns that his name is in it. Raises
    Invalid."""
    knows_rater = brings.place.way is Way.ORDER and not brings.own_case
    text = " ".join(text.split())
    if not least <= len(text) <= LONGEST_NOTE or not text.isprintable():
        message = _("请填写{least}至{most}个字，现在是{length}个字；不能有无法显示的字符。").format(
            least=least, most=LONGEST_NOTE, length=len(text)
        )
        raise Invalid([Problem(field, "length", message)])
    try:
        check_words(brings.order, text, knows_rater=knows_rater)
    except Invalid as refusal:
        raise Invalid([Problem(field, each.code, each.message) for each in refusal.problems]) from None
    return text
