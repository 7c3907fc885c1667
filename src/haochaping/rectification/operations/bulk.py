"""Several orders are dispatched to one organisation: each is an act of its own, with its own transaction and audit row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haochaping.foundation.errors import Invalid, Refused
from haochaping.rectification.operations.acting import act
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one order: `refusal` and its stable `code`, "" where it was dispatched."""

    order_id: UUID
    code: str = ""
    refusal: str = ""


def dispatch_together(
    *, orders: Sequence[tuple[UUID, int]], organisation: str, text: str, official_id: UUID, now: datetime
) -> tuple[Done, ...]:
    """Dispatches these orders, each with the revision at which the official looked at it, to the organisation with this
    credit code. One that cannot be is told and stops no other; one that was dispatched by this very form already is not
    again (code "done")."""
    said = Said(organisation=organisation)
    return tuple(
        _dispatched(order_id, revision, said, text, official_id, now)
        for order_id, revision in dict(orders).items()
    )


def _dispatched(
    order_id: UUID, revision: int, said: Said, text: str, official_id: UUID, now: datetime
) -> Done:
    try:
        act(
            order_id=order_id,
            act=Act.DISPATCH,
            official_id=official_id,
            revision=revision,
            now=now,
            text=text,
            said=said,
        )
    except Invalid as refusal:
        return Done(order_id, refusal.code, " ".join(problem.message for problem in refusal.problems))
    except Refused as refusal:
        return Done(order_id, refusal.code, refusal.message)
    return Done(order_id)
