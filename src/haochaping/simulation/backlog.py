"""Many open occasions at once, for trials that need a full table: stored as intake stores them, by COPY."""

import os
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from haochaping.cases import waiting
from haochaping.cases.instants import Instants
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id

if TYPE_CHECKING:
    import asyncpg

ORGANISATIONS = 1000
STAFF = 50_000
AT_ONCE = 100_000
OPEN_FOR = timedelta(days=30)
_OCCASION = (
    *("id", "case_id", "service_number", "service_name", "service_at", "service_day", "division_id"),
    *("organisation_id", "hall_id", "window_id", "staff_id", "item_id"),
    *("late", "profile"),
)


async def open_occasions(
    connection: "asyncpg.pool.PoolConnectionProxy[Any] | asyncpg.Connection[Any]",
    *,
    count: int,
    now: datetime,
    instants: Instants | None = None,
    platform: str = "trial",
) -> list[uuid.UUID]:
    """Stores `count` occasions, each the only one of its case, that may be rated until their `instants`, or for 30 days
    from `now`. Returns their ids. Another call needs another `platform`.

    Organisations and staff are numbers without a registry behind them: for trials in a database of their own.
    """
    until = instants or ending(now + OPEN_FOR)
    ids: list[uuid.UUID] = []
    for begin in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - begin)
        ids += await _store(connection, platform, until, begin=begin, count=size, now=now)
    await connection.execute("ANALYZE cases_case, cases_serviceoccasion, cases_occasionkey, cases_waiting")
    return ids


async def _store(
    connection: Any, platform: str, instants: Instants, *, begin: int, count: int, now: datetime
) -> list[uuid.UUID]:
    entropy = os.urandom(10 * count)
    ids = [new_id(now, entropy[place * 10 : place * 10 + 10]) for place in range(count)]
    numbers = range(begin, begin + count)
    day = local_day(now)
    await connection.copy_records_to_table(
        "cases_case",
        columns=["id", "platform", "project_no", "status", "accepted_at", "result_at"],
        records=(
            (identifier, platform, f"T{number}", 3, now, now)
            for identifier, number in zip(ids, numbers, strict=True)
        ),
    )
    await connection.copy_records_to_table(
        "cases_occasionkey",
        columns=["platform", "project_no", "service_number", "occasion_id"],
        records=(
            (platform, f"T{number}", 1, identifier) for identifier, number in zip(ids, numbers, strict=True)
        ),
    )
    await connection.copy_records_to_table(
        "cases_serviceoccasion",
        columns=_OCCASION,
        records=(
            (
                *(identifier, identifier, 1, "办结", now, day, 1, 1 + number % ORGANISATIONS),
                *(1, 1, 1 + number % STAFF, 1, False, "trial"),
            )
            for identifier, number in zip(ids, numbers, strict=True)
        ),
    )
    await connection.copy_records_to_table(
        waiting.TABLE,
        columns=list(waiting.ROW),
        records=(waiting.row(identifier, instants, now) for identifier in ids),
    )
    return ids


def ending(end: datetime, *, provisional: bool = False) -> Instants:
    """As in Kunming: the window closes, and silence counts as level 3."""
    return Instants(
        window_at=end,
        window_provisional=provisional,
        default_at=end,
        default_provisional=provisional,
        silence_level=3,
        after_default=False,
        default_stays=False,
        after_at=None,
        after_provisional=False,
    )
