"""The services that the number of a case may mean, for whoever was told a number, a window and a day."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

# What was served at the window on the day is looked up by index, and its cases by key: numbers of cases are unique within
# their platform only, and which platform it was nobody told. Of a unit the occasion counts that stands for it.
_NAMED: Final = """
SELECT asked.n, coalesce(o.unit_id, o.id), o.id
FROM unnest(%s::integer[], %s::date[], %s::text[]) WITH ORDINALITY AS asked (window_id, day, number, n)
JOIN cases_serviceoccasion AS o ON o.window_id = asked.window_id AND o.service_day = asked.day AND o.weight > 0
JOIN cases_case AS c ON c.id = o.case_id AND upper(c.project_no) = asked.number
ORDER BY asked.n, o.id
"""


class NamedService(NamedTuple):
    """A service with the id of its claim: its own, or that of the unit for which it stands."""

    claim_id: UUID
    occasion_id: UUID


def services_named(
    *, windows: Sequence[int], days: Sequence[date], numbers: Sequence[str]
) -> list[tuple[NamedService, ...]]:
    """For each window, day and number (upper case), in this order: what was reported there under that number, rated or not.
    For no page: whether there is such a case is nobody's to ask."""
    found: list[list[NamedService]] = [[] for _ in numbers]
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_NAMED, [list(windows), list(days), list(numbers)])
            for n, claim_id, occasion_id in cursor.fetchall():
                found[n - 1].append(NamedService(claim_id, occasion_id))
    return list(map(tuple, found))
