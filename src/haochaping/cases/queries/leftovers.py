"""Whom the vault holds for records that are done with, for the terms of keeping.

What is to go and what is left are asked for by statements that share nothing: the one proves the other.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from haochaping.identity.fragments import COUNT_PEOPLE, COUNT_RECORDS, PERSON_HELD, RECORD_HELD

_ASIDE: Final = f"""
SELECT q.id FROM cases_quarantinedoccasion AS q
WHERE q.closed_at < %(before)s AND {RECORD_HELD.format(id="q.id")} ORDER BY q.id LIMIT %(limit)s
"""  # noqa: S608  (a condition of identity's)
_ASIDE_LEFT: Final = COUNT_RECORDS.format(
    ids="SELECT id FROM cases_quarantinedoccasion WHERE closed_at IS NOT NULL AND NOT closed_at >= %(before)s"
)
# A case is done with when its result is old and no order of any of its services is being worked on.
_DONE: Final = f"""
SELECT v.id
FROM cases_occasionversion AS v JOIN cases_serviceoccasion AS o ON o.id = v.occasion_id
JOIN cases_case AS c ON c.id = o.case_id
WHERE c.result_at < %(before)s AND {PERSON_HELD.format(id="v.id")}
  AND NOT EXISTS (SELECT FROM cases_serviceoccasion AS b WHERE b.case_id = c.id AND b.id = ANY(%(busy)s::uuid[]))
ORDER BY v.id LIMIT %(limit)s
"""  # noqa: S608  (a condition of identity's)
_PEOPLE_LEFT: Final = COUNT_PEOPLE.format(
    ids="""
    SELECT id FROM cases_occasionversion WHERE occasion_id IN (
        SELECT id FROM cases_serviceoccasion WHERE case_id IN (
            SELECT id FROM cases_case WHERE result_at < %(before)s EXCEPT
            SELECT case_id FROM cases_serviceoccasion WHERE id = ANY(%(busy)s::uuid[])))
    """
)


def contents_aside(before: datetime, *, limit: int) -> list[UUID]:
    """The vault records of kept-aside reports that were closed before an instant."""
    return [row[0] for row in _rows(_ASIDE, before=before, limit=limit)]


def contents_aside_left(before: datetime) -> int:
    """How many of them there are."""
    number: int = _rows(_ASIDE_LEFT, before=before)[0][0]
    return number


def people_done_with(before: datetime, busy: Collection[UUID], *, limit: int) -> list[UUID]:
    """The vault records that still name somebody, of cases with their result before an instant; `busy` are occasions of
    which an order is open: their cases are left."""
    return [row[0] for row in _rows(_DONE, before=before, busy=list(busy), limit=limit)]


def people_left(before: datetime, busy: Collection[UUID]) -> int:
    """How many of them there are."""
    number: int = _rows(_PEOPLE_LEFT, before=before, busy=list(busy))[0][0]
    return number


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
