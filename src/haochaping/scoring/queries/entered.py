"""Values that the rules take from outside, as they were entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from haochaping.scoring.models import EnteredValue
from haochaping.scoring.places import unit_name

# Unit name → name of the value → value.
External = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class EnteredView:
    """One value with where it comes from; `stands`: nothing was entered in its place."""

    name: str
    unit: str
    value: Decimal
    source: str
    entered_by: str
    entered_at: datetime
    stands: bool


def entered_values(kind: str, first: date, *, at: datetime) -> External:
    """Of all units in a period, as they stood at an instant: of what was entered twice, the last."""
    found: dict[str, dict[str, Decimal]] = {}
    for each in EnteredValue.objects.filter(kind=kind, first=first, entered_at__lte=at).order_by(
        "entered_at", "id"
    ):
        found.setdefault(unit_name(each.unit_kind, each.unit_number), {})[each.name] = each.value.normalize()
    return found


def entries(kind: str, first: date) -> tuple[EnteredView, ...]:
    """All that was ever entered for a period, the last first."""
    rows = EnteredValue.objects.filter(kind=kind, first=first).order_by("-entered_at", "-id")
    seen: set[tuple[str, str]] = set()
    found = []
    for each in rows:
        unit = unit_name(each.unit_kind, each.unit_number)
        key = (unit, each.name)
        found.append(
            EnteredView(
                each.name, unit, each.value, each.source, each.entered_by, each.entered_at, key not in seen
            )
        )
        seen.add(key)
    return tuple(found)
