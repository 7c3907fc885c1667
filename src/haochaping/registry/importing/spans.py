"""Periods of legal days, both ends included, None open: what they have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` to `end`, both included; open ends are date.min and date.max."""

    start: date
    end: date

    def meets(self, other: "Span") -> "Span | None":
        """What both have in common, None for nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start <= end else None

    def meets_any(self, others: Iterable["Span"]) -> bool:
        return any(self.meets(other) for other in others)

    def __str__(self) -> str:
        start = _("起始不限") if self.start == date.min else self.start.isoformat()
        end = _("长期") if self.end == date.max else self.end.isoformat()
        return _("%(start)s 至 %(end)s") % {"start": start, "end": end}


def span(start: date | None, end: date | None) -> Span:
    return Span(start or date.min, end or date.max)
