"""Bringing evidence for an order, or for an objection of it; looking into it; taking it back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.rules import Permission
from haochaping.evidence import operations as evidence
from haochaping.evidence.shelf import Draft
from haochaping.foundation.errors import Conflict, Invalid, Problem
from haochaping.rectification.evidence_shown import may_be_added_to, parts_of
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.sight import looker

LONGEST_NOTE: Final = 200
_LEAST_REASON: Final = 4


def add_evidence(
    *,
    order_id: UUID,
    official_id: UUID,
    draft: Draft,
    name: str,
    note: str,
    part_id: UUID | None,
    now: datetime,
) -> UUID:
    """Keeps a finished draft as evidence; its id. `part_id`: the undecided objection that it is about, None for the order.

    The draft is looked at before anything is locked. Raises NotFound out of reach, NotAllowed without the right, Invalid
    for a file or a note that is not taken, Conflict when nothing can be brought any more, and Unwritable. The draft is the
    caller's to discard.
    """
    looker(order_id, official_id, Permission.ADD_EVIDENCE, now)
    found = evidence.checked(draft, name=name)
    with transaction.atomic():
        brings = looker(order_id, official_id, Permission.ADD_EVIDENCE, now, locked=True)
        _check_open(brings.order, part_id)
        note = _words(brings.order, "note", note, least=0)
        about = evidence.About(
            matter_id=brings.order.id,
            number=brings.order.number,
            side=brings.side,
            organisation_id=brings.organisation_id,
            part_id=part_id,
        )
        return evidence.keep(found=found, about=about, note=note, who=brings.who, now=now)


def see_evidence(*, order_id: UUID, file_id: UUID, official_id: UUID, now: datetime) -> evidence.Opened:
    """Opens a file; every look is on record. Raises NotFound for what he does not see, Unreadable for what is missing or
    altered."""
    sees = looker(order_id, official_id, Permission.VIEW_EVIDENCE, now)
    return evidence.look(file_id=file_id, matter_id=order_id, sight=sees.sight, actor=sees.who.actor, now=now)


@transaction.atomic
def withdraw_evidence(
    *, order_id: UUID, file_id: UUID, official_id: UUID, reason: str, now: datetime
) -> None:
    """Withdraws what one's own organisation brought; it stays, with the reason. Raises as `add_evidence` does."""
    brings = looker(order_id, official_id, Permission.ADD_EVIDENCE, now, locked=True)
    reason = _words(brings.order, "reason", reason, least=_LEAST_REASON)
    evidence.withdraw(
        file_id=file_id,
        matter_id=order_id,
        sight=brings.sight,
        organisation_id=brings.organisation_id,
        reason=reason,
        who=brings.who,
        now=now,
    )


def _check_open(order: WorkOrder, part_id: UUID | None) -> None:
    if part_id is None and not may_be_added_to(order):
        raise Conflict("closed", _("工单已经办结，不能再上传证据文件。"))
    if part_id is not None and part_id not in {each.id for each in parts_of(order) if each.pending}:
        raise Conflict("decided", _("这份异议已经决定或者撤回，不能再为它上传证据文件。"))


def _words(order: WorkOrder, field: str, text: str, *, least: int) -> str:
    """What is written beside a file, tidied. Raises Invalid."""
    text = " ".join(text.split())
    if not least <= len(text) <= LONGEST_NOTE or not text.isprintable():
        message = _("请填写{least}至{most}个字，现在是{length}个字；不能有无法显示的字符。").format(
            least=least, most=LONGEST_NOTE, length=len(text)
        )
        raise Invalid([Problem(field, "length", message)])
    try:
        check_words(order, text)
    except Invalid as refusal:
        raise Invalid([Problem(field, each.code, each.message) for each in refusal.problems]) from None
    return text
