"""What happens to a part of a joint order is written down: the part, its step, the audit row; and until when it is due."""

from collections.abc import Sequence
from datetime import datetime

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.foundation.workdays import due_instant
from haochaping.rectification.course.limits import SET_RIGHT, StepLimit
from haochaping.rectification.models import OrderPart, PartStep, WorkOrder
from haochaping.rectification.parts import OPEN, PartAct, PartState

SYSTEM = "system"


def part_step(
    part: OrderPart,
    act: PartAct,
    target: PartState,
    who: OfficialView | None,
    now: datetime,
    *,
    note: str = "",
    untold: bool = False,
) -> None:
    """Leads a part of a locked order to `target`, saves it, and writes the act into its history and the audit trail. `who`
    None: it follows by rule. `untold`: its instant is the rating's, which no history tells."""
    before, part.state = part.state, target
    part.revision += 0 if untold else 1
    part.save()
    if not untold:
        PartStep.objects.create(
            id=new_id(now),
            part=part,
            act=act.value,
            from_state=before,
            to_state=target.value,
            actor=who.label if who else SYSTEM,
            official_id=who.id if who else None,
            at=now,
            note=note,
            revision=part.revision,
        )
    audit.record(
        now=now,
        actor=who.actor if who else SYSTEM,
        act=f"part.{act}",
        subject=f"order:{part.order.number}",
        detail={"from": before, "to": target.value, "organisation": part.organisation_id},
    )


def resume(order: WorkOrder, now: datetime) -> None:
    """Each part that was in is done anew: its rater led a locked order back to the beginning. Its organisation is told when
    the day is over."""
    for part in OrderPart.objects.filter(order=order, state=PartState.DONE).order_by("organisation_id"):
        part.order = order
        part.finding = part.verified = part.rectified = ""
        part.done_at, part.until, part.tell_at = None, None, due_instant(local_day(now))
        part_step(part, PartAct.RESUME, PartState.WAITING, None, now)


def absorb(order: WorkOrder, now: datetime) -> None:
    """The part of an organisation that leads a locked order from now on is its order itself."""
    found = OrderPart.objects.filter(order=order, organisation_id=order.organisation_id, state__in=OPEN)
    for part in found:
        part.order = order
        part_step(part, PartAct.RELEASE, PartState.RELEASED, None, now)


def keep_part_limits(order: WorkOrder, limits: Sequence[StepLimit]) -> None:
    """Until when the open parts of a locked order are due: by the limit within which the order itself is set right, since
    the answer is one, and by the day that the officer set, whichever comes first. Without both nothing is laid down."""
    own = next((each for each in limits if each.step in SET_RIGHT), None)
    for part in OrderPart.objects.filter(order=order, state__in=OPEN):
        before = (part.due_at, part.due_provisional, part.due_clause)
        set_limit(part, own)
        if before != (part.due_at, part.due_provisional, part.due_clause):
            part.save(update_fields=["due_at", "due_provisional", "due_clause"])


def set_limit(part: OrderPart, own: StepLimit | None) -> None:
    """Until when one part is due. `own`: the order's limit to set it right; one that stands still ends nothing."""
    day = due_instant(part.until) if part.until else None
    ruled = own.due_at if own is not None else None
    if own is not None and ruled is not None and (day is None or ruled <= day):
        part.due_at, part.due_provisional, part.due_clause = ruled, own.provisional, own.clause[:200]
    else:
        part.due_at, part.due_provisional, part.due_clause = day, False, ""
