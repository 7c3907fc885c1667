"""The step and the audit row of what a rater did to an order, or his silence did."""

from datetime import datetime

from haochaping.audit import operations as audit
from haochaping.foundation.ids import new_id
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import RaterAct

_RATER, _SYSTEM = "rater", "system"


def note(order: WorkOrder, act: RaterAct, before: str, now: datetime, *, clause: str = "") -> None:
    """The revision tells who has the order before him that it is another now."""
    order.revision += 1
    actor = _SYSTEM if act is RaterAct.SILENT else _RATER
    OrderStep.objects.create(
        id=new_id(now),
        order=order,
        act=act,
        from_state=before,
        to_state=order.state,
        actor=actor,
        at=now,
        clause=clause,
        revision=order.revision,
    )
    audit.record(
        now=now,
        actor=actor,
        act=f"order.{act}",
        subject=f"order:{order.number}",
        clause=clause,
        detail={"from": before, "to": order.state, "excluded": order.exclusion},
    )
