"""Of which place and period runs are, for who knows them by number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from haochaping.scoring.models import Run


@dataclass(frozen=True, slots=True)
class Span:
    """A division (registry id), the first and last day of a period, and as of when it was counted."""

    division_id: int
    first: date
    last: date
    cut_off: datetime


def spans(numbers: Collection[str]) -> Mapping[str, Span]:
    """The span of each run by its number."""
    return {
        each.number: Span(each.division_id, each.first, each.last, each.cut_off)
        for each in Run.objects.filter(number__in=numbers).only(
            "number", "division_id", "first", "last", "cut_off"
        )
    }
