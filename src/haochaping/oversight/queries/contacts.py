"""Contacts that reporters of pressure left, for the term of their keeping."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from haochaping.identity.fragments import COUNT_RECORDS, RECORD_HELD

_ANSWERED: Final = f"""
SELECT p.id FROM oversight_pressurereport AS p
WHERE p.answered_at < %s AND {RECORD_HELD.format(id="p.id")} ORDER BY p.id LIMIT %s
"""  # noqa: S608  (a condition of identity's)
_LEFT: Final = COUNT_RECORDS.format(ids="SELECT id FROM oversight_pressurereport WHERE answered_at < %s")


def contacts_answered(before: datetime, *, limit: int) -> list[UUID]:
    """The vault records of reports that were answered before an instant."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [before, limit])
        return [row[0] for row in cursor.fetchall()]


def contacts_left(before: datetime) -> int:
    """How many of them there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [before])
        number: int = cursor.fetchone()[0]
    return number
