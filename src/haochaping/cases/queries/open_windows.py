"""Which windows of a span of days have not closed: before that no score of it is final."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

# What has no end by the rules keeps no period open for ever.
_OPEN: Final = """
SELECT o.organisation_id, o.shared_with, o.hall_id, o.window_id, o.staff_id, count(*),
       max(greatest(w.window_at, w.default_at))
FROM cases_waiting AS w JOIN cases_serviceoccasion AS o ON o.id = coalesce(w.subject_id, w.id)
WHERE o.service_day BETWEEN %s AND %s AND (w.window_at IS NOT NULL OR w.default_at IS NOT NULL)
GROUP BY o.organisation_id, o.shared_with, o.hall_id, o.window_id, o.staff_id
"""


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """So many services may still be rated, or silence about them has not been counted yet; until when. They count for the
    `organisations`, and were given in that hall, at that window, by that member of staff (registry ids)."""

    organisations: tuple[int, ...]
    hall_id: int | None
    window_id: int | None
    staff_id: int | None
    number: int
    until: datetime


def open_windows(*, first: date, last: date) -> tuple[OpenWindows, ...]:
    """Of services of these days, both included, by whom they count for."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [first, last])
        return tuple(
            OpenWindows((whose, *(others or ())), *given) for whose, others, *given in cursor.fetchall()
        )
