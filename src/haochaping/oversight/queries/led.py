"""Which revisits are due, for a simulation that acts as whoever conducts them: for no page."""

from dataclasses import dataclass
from uuid import UUID

from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import State


@dataclass(frozen=True, slots=True)
class RevisitToDo:
    """`conductors`: the organisations whose people may do it."""

    id: UUID
    order_id: UUID
    conductors: tuple[int, ...]
    revision: int


def revisits_to_do() -> tuple[RevisitToDo, ...]:
    """All that are due about orders, in the order in which they arose."""
    rows = Revisit.objects.filter(state=State.DUE).order_by("arisen_at", "number")
    return tuple(
        RevisitToDo(row.id, row.order_id, tuple(row.conductors), row.revision)
        for row in rows
        if row.order_id is not None
    )


def revisits_so_far() -> int:
    """How many there are, in whatever state."""
    return Revisit.objects.count()
