"""Standing for a run, or setting it aside: two different persons make it count, and one is enough to say that it should
not.
"""

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
from haochaping.scoring.models import Remark, Run, Signature
from haochaping.scoring.operations.reach import divisions_of
from haochaping.scoring.operations.turns import take_turn
from haochaping.scoring.states import SIGNATURES, State

_REASON_MOST: Final = 500


@transaction.atomic
def sign(*, number: str, official_id: UUID, digest: str, now: datetime) -> State:
    """Signs a preview; the second person makes it count, in place of the run of the period that counted before.

    `digest`: that of what the person looked at. Raises NotFound, NotAllowed, Conflict when the run is no preview, has other
    figures than those, was signed by this person already, or has remarks that nobody has answered.
    """
    run, who = _run_for(number, official_id, now)
    if run.state != State.PREVIEW or run.what_if:
        raise Conflict("not_a_preview", _("这次评分已经签署、被替代或者撤回，或者只是试算，不能签署。"))
    if digest != run.digest:
        raise Conflict("other_figures", _("页面上的得分和系统中保存的不一致。请刷新页面，核对以后再签署。"))
    if Remark.objects.filter(unit__run=run, answered_at__isnull=True).exists():
        raise Conflict("open_remarks", _("还有单位对得分提出的意见没有答复。请先答复，再签署。"))
    signed = Signature.objects.filter(run=run)
    if signed.filter(official_id=official_id).exists():
        raise Conflict("signed_already", _("您已经签署过。另一个人签署以后，得分才生效。"))
    Signature.objects.create(id=new_id(now), run=run, official_id=official_id, name=who.label, at=now)
    state = State.PREVIEW
    if signed.count() >= SIGNATURES:
        state = State.SIGNED
        _supersede(run)
    _move(run, state)
    audit.record(
        now=now,
        actor=who.actor,
        act="scoring.sign",
        subject=run.number,
        result=state,
        detail={"digest": run.digest},
    )
    return state


@transaction.atomic
def withdraw(*, number: str, official_id: UUID, reason: str, now: datetime) -> None:
    """Sets a preview aside, with its reason: it stays readable and never counts.

    Raises NotFound, NotAllowed, Refused without a reason, Conflict when it is no preview.
    """
    run, who = _run_for(number, official_id, now)
    if not 1 <= len(reason.strip()) <= _REASON_MOST:
        raise Refused("reason", _("请写明撤回的原因，不超过%(most)d个字。") % {"most": _REASON_MOST})
    if run.state != State.PREVIEW:
        raise Conflict("not_a_preview", _("这次评分已经签署、被替代或者撤回，不能再撤回。"))
    _move(run, State.WITHDRAWN)
    audit.record(
        now=now,
        actor=who.actor,
        act="scoring.withdraw",
        subject=run.number,
        detail={"reason": reason.strip()},
    )


def _run_for(number: str, official_id: UUID, now: datetime) -> tuple[Run, officials.OfficialView]:
    """The run, locked, and who acts on it."""
    asked = Run.objects.filter(number=number).first()
    if asked is not None:
        take_turn(asked.division_id, asked.kind, asked.first)
    run = Run.objects.select_for_update().filter(number=number).first()
    if run is None:
        raise NotFound("score_run", _("没有这次评分。"))
    who = officials.official(official_id=official_id, on=local_day(now))
    if who is None or run.division_id not in divisions_of(
        official_id=official_id, permission=Permission.SIGN_SCORES, now=now
    ):
        raise NotAllowed("score_run", _("签署和撤回评分，只能由负责这个地方的主管部门进行。"))
    return run, who


def _supersede(run: Run) -> None:
    others = Run.objects.select_for_update().filter(
        division_id=run.division_id, kind=run.kind, first=run.first, state=State.SIGNED
    )
    for each in others:
        _move(each, State.SUPERSEDED)


def _move(run: Run, state: State) -> None:
    run.state = state
    run.revision += 1
    run.save(update_fields=["state", "revision"])
