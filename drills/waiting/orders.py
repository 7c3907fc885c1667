"""A city's offices with one handler each, and as many overdue orders as a drill asks for."""

from datetime import datetime, timedelta
from typing import Final

import asyncpg

from haochaping.foundation.clock import now
from haochaping.foundation.ids import random_id

DEPARTMENTS: Final = 100
# One order in so many goes to the authority too.
TO_AUTHORITY: Final = 10
_PATTERN: Final = "PATTERN"

# Whatever columns an order has, each is like the pattern, but for these.
_ORDERS: Final = f"""
WITH new AS (
  INSERT INTO rectification_workorder
  SELECT made.* FROM rectification_workorder pattern, generate_series(1, $3::int) n,
    LATERAL jsonb_populate_record(pattern, jsonb_build_object(
      'id', gen_random_uuid(), 'subject_id', gen_random_uuid(), 'number', 'D' || $1::text || n,
      'organisation_id', ($2::int[])[1 + n % {DEPARTMENTS}])) made
  WHERE pattern.number = '{_PATTERN}'
  RETURNING id, organisation_id
), changed AS (SELECT id, organisation_id, row_number() OVER () AS n FROM new), limited AS (
  INSERT INTO rectification_orderdeadline (order_id, step, organisation_id, due_at, provisional, clause, lapses, untold)
  SELECT id, 'rectification', organisation_id, $4, $5, '', false, false FROM changed
)
INSERT INTO rectification_escalation (id, order_id, rule, happened, action, body, clause, step, same, due_at, at, state)
SELECT gen_random_uuid(), id, 'late', 'overdue', 'reminder',
       CASE WHEN n % {TO_AUTHORITY} = 0 THEN 'same_level_authority' ELSE '' END, '', 'rectification', '', $4, $4, 'planned'
FROM changed
"""  # noqa: S608  (constants)


def office() -> None:
    """Departments of one division with a handler each, their authority with an officer, and the pattern of orders."""
    from haochaping.accounts.operations.officials import NewPost, create_official
    from haochaping.accounts.rules import Role
    from haochaping.rectification.models import WorkOrder
    from haochaping.rectification.states import State
    from haochaping.registry.models import Division, DivisionRecord, Organisation, OrganisationRecord

    at = now()
    division = Division.objects.create(code="530100")
    DivisionRecord.objects.create(division=division, name="昆明市", parent=None, level="prefecture")
    for number in range(DEPARTMENTS + 1):
        kind, role = (
            ("department", Role.ORGANISATION_HANDLER) if number else ("authority", Role.AUTHORITY_OFFICER)
        )
        one = Organisation.objects.create(credit_code=f"DRILL{number:013}")
        OrganisationRecord.objects.create(
            organisation=one, name=f"单位{number}", division=division, kind=kind
        )
        posts = [NewPost(one.id, role)]
        create_official(username=f"drill{number}", name="演练", posts=posts, now=at, actor="drill")
    WorkOrder.objects.create(
        id=random_id(),
        number=_PATTERN,
        subject_id=random_id(),
        organisation_id=0,
        division_id=division.id,
        named=False,
        week=at.date(),
        profile="drill",
        state=State.CLOSED,
        opened_at=at - timedelta(days=30),
    )


async def overdue(dsn: str, count: int, *, due_at: datetime, provisional: bool = False) -> None:
    """So many orders that wait to be set right and were to be by `due_at`, each with one escalation that is due."""
    from haochaping.rectification.states import State

    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            departments = [
                row["organisation_id"]
                for row in await connection.fetch(
                    "SELECT organisation_id FROM registry_organisationrecord WHERE kind = 'department' ORDER BY 1"
                )
            ]
            told = "UPDATE rectification_workorder SET state = $1, due_at = $2, due_provisional = $3 WHERE number = $4"
            await connection.execute(told, str(State.VERIFIED), due_at, provisional, _PATTERN)
            await connection.execute(_ORDERS, random_id().hex[:8], departments, count, due_at, provisional)
            await connection.execute(told, str(State.CLOSED), None, False, _PATTERN)
        await connection.execute(
            "ANALYZE rectification_workorder, rectification_orderdeadline, rectification_escalation"
        )
    finally:
        await connection.close()
