"""What those concerned say against their figures before they count, and what they are answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.foundation.ids import new_id
from haochaping.scoring.models import Remark, Run, Unit
from haochaping.scoring.operations.reach import divisions_of
from haochaping.scoring.states import State

MOST: Final = 1_000


@transaction.atomic
def remark(*, unit_id: UUID, official_id: UUID, text: str, now: datetime) -> UUID:
    """Keeps what an organisation says against its figures, or those of its members of staff, while the run is a preview.

    Raises NotFound, NotAllowed, Refused for no or too much text, Conflict when the run is a preview no more.
    """
    unit = Unit.objects.select_related("run").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("score_unit", _("没有这条得分。"))
    run = Run.objects.select_for_update().get(pk=unit.run_id)
    today = local_day(now)
    who = officials.official(official_id=official_id, on=today)
    reach = officials.scope(official_id=official_id, permission=Permission.REMARK_ON_SCORES, on=today)
    if who is None or organisation_of(unit) not in reach:
        raise NotAllowed("score_remark", _("只能对本单位和本单位人员的得分提出意见。"))
    if run.state != State.PREVIEW or run.what_if:
        raise Conflict("not_a_preview", _("这次评分已经不在核对期，不能再提出意见。"))
    row = Remark.objects.create(
        id=new_id(now),
        unit=unit,
        text=_checked(text),
        filed_by=official_id,
        filer=who.label,
        filed_at=now,
    )
    audit.record(
        now=now, actor=who.actor, act="scoring.remark", subject=run.number, detail={"unit": str(unit_id)}
    )
    return row.id


@transaction.atomic
def answer(*, remark_id: UUID, official_id: UUID, text: str, now: datetime) -> None:
    """Answers a remark, once; by the authority of the place. Raises NotFound, NotAllowed, Refused, Conflict."""
    row = Remark.objects.select_for_update().select_related("unit__run").filter(pk=remark_id).first()
    if row is None:
        raise NotFound("score_remark", _("没有这条意见。"))
    run = row.unit.run
    who = officials.official(official_id=official_id, on=local_day(now))
    if who is None or run.division_id not in divisions_of(
        official_id=official_id, permission=Permission.SIGN_SCORES, now=now
    ):
        raise NotAllowed("score_remark", _("对得分的意见，由负责这个地方的主管部门答复。"))
    if row.answered_at is not None:
        raise Conflict("answered_already", _("这条意见已经答复。"))
    row.answer, row.answered_by, row.answerer, row.answered_at = _checked(text), official_id, who.label, now
    row.save(update_fields=["answer", "answered_by", "answerer", "answered_at"])
    audit.record(
        now=now,
        actor=who.actor,
        act="scoring.remark_answered",
        subject=run.number,
        detail={"remark": str(remark_id)},
    )


def organisation_of(unit: Unit) -> int | None:
    """The organisation whose figures these are: its own, or the one to which it belongs; None of a region."""
    if unit.kind == "organisation":
        return unit.number
    kind, _colon, number = unit.of.partition(":")
    return int(number) if kind == "organisation" else None


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= MOST:
        raise Refused("text", _("请填写1至%(most)d个字。") % {"most": MOST})
    return text
