"""Values that the rules take from outside, as they were entered."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from haochaping.scoring.models import EnteredValue
from haochaping.scoring.places import unit_name

# Unit name → name of the value → value.
External = Mapping[str, Mapping[str, Decimal]]


def entered_values(kind: str, first: date, *, at: datetime) -> External:
    """Of all units in a period, as they stood at an instant: of what was entered twice, the last."""
    found: dict[str, dict[str, Decimal]] = {}
    for each in EnteredValue.objects.filter(kind=kind, first=first, entered_at__lte=at).order_by(
        "entered_at", "id"
    ):
        found.setdefault(unit_name(each.unit_kind, each.unit_number), {})[each.name] = each.value.normalize()
    return found
