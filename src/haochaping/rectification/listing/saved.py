"""The views of the desk that an official keeps for himself."""

from dataclasses import dataclass
from uuid import UUID

from haochaping.rectification.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewRow:
    """`query`: the filters as they stand in the address of the desk. `default`: his desk begins with it."""

    id: UUID
    name: str
    query: str
    default: bool


def views_of(*, official_id: UUID) -> tuple[ViewRow, ...]:
    """His own, in the order in which he made them."""
    found = SavedView.objects.filter(official_id=official_id).order_by("created_at", "id")
    return tuple(ViewRow(each.id, each.name, each.query, each.is_default) for each in found)
