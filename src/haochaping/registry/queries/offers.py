"""What an organisation has to offer on a day: halls and items."""

from dataclasses import dataclass
from datetime import date

from haochaping.registry import models
from haochaping.registry.queries.records import valid
from haochaping.registry.rules import name_key


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall as it was on a day."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as it was on a day; `code` is the handling-item code. Type codes are the national convention's."""

    code: str
    name: str
    task_type: str
    project_type: str


def halls_of(organisation_id: int, on: date) -> tuple[HallView, ...]:
    """The halls in which the organisation has a window on that day, by name."""
    at_windows = models.WindowRecord.objects.filter(valid(on), organisation_id=organisation_id)
    records = models.HallRecord.objects.filter(
        valid(on), hall_id__in=at_windows.values("hall_id")
    ).select_related("hall")
    views = [HallView(one.hall.code, one.name) for one in records]
    return tuple(sorted(views, key=lambda view: (name_key(view.name), view.code)))


def items_of(organisation_id: int, on: date) -> tuple[ItemView, ...]:
    """The items that the organisation handles on that day, by name."""
    records = models.ItemRecord.objects.filter(valid(on), organisation_id=organisation_id).select_related(
        "item"
    )
    views = [ItemView(one.item.handle_item, one.name, one.task_type, one.project_type) for one in records]
    return tuple(sorted(views, key=lambda view: (name_key(view.name), view.code)))
