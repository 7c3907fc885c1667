"""A limit that a notice on holidays moved stands in the history of its order: the last day before and after, by which
notice."""

from collections.abc import Callable, Iterable
from datetime import datetime

from haochaping.foundation.ids import new_id
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations.clocks import Moved
from haochaping.rectification.rules import last_day_of
from haochaping.rectification.states import ClockMark

SYSTEM = "system"
# By which notice a limit was moved, "" where that is not known.
Cite = Callable[[Moved], str]


def note_moves(order: WorkOrder, moved: Iterable[Moved], cite: Cite, now: datetime) -> None:
    """Writes a step for each limit of a locked order that ends at another instant now, or is settled now. Days alone: the
    hour of some limits would tell that of the rating. The audit row is that of whoever counts anew."""
    for each in moved:
        if each.old is None or each.new is None:
            continue
        order.revision += 1
        OrderStep.objects.create(
            id=new_id(now),
            order=order,
            act=ClockMark.RECOUNTED,
            from_state=order.state,
            to_state=order.state,
            actor=SYSTEM,
            at=now,
            clause=cite(each)[:200],
            said={
                "step": each.step,
                "was": last_day_of(each.old).isoformat(),
                "until": last_day_of(each.new).isoformat(),
                **({"was_provisional": "yes"} if each.old_provisional else {}),
                **({"provisional": "yes"} if each.new_provisional else {}),
            },
            revision=order.revision,
        )
    order.save(update_fields=["revision"])
