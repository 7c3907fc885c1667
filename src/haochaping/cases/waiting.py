"""The rows of `cases_waiting` for who derives their instants: by COPY when an occasion is accepted, by statements when it is
counted anew. Taking a row is the claim's (claims.py).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from haochaping.cases.instants import Instants
from haochaping.cases.recount import COLUMNS

TABLE = "cases_waiting"

_TYPES: Final = {
    "id": "uuid",
    "window_at": "timestamptz",
    "window_provisional": "boolean",
    "default_at": "timestamptz",
    "default_provisional": "boolean",
    "silence_level": "smallint",
    "after_default": "boolean",
    "default_stays": "boolean",
    "after_at": "timestamptz",
    "after_provisional": "boolean",
    "known_at": "timestamptz",
}
ROW: Final = tuple(_TYPES)


def row(occasion_id: UUID, instants: Instants, known_at: datetime) -> tuple[Any, ...]:
    """One row for COPY, in the order of ROW."""
    return (occasion_id, *instants, known_at)


# A correction takes the claim for as long as it writes: a rating copies either all of the old or all of the
# new. Gives those that are still there.
LOCK = "SELECT id FROM cases_waiting WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"

# Of which a limit may have moved, in the order of their ids: still waited for, or reported late. $1 platform, $2 cases,
# $3 occasions.
SELECT_STIRRED = f"""
WITH stirred AS (
    SELECT o.id FROM cases_case AS c JOIN cases_serviceoccasion AS o ON o.case_id = c.id
    WHERE c.platform = $1 AND c.project_no = ANY($2::text[])
    UNION SELECT unnest($3::uuid[])
)
SELECT {COLUMNS}
FROM stirred JOIN cases_serviceoccasion AS o ON o.id = stirred.id JOIN cases_case AS c ON c.id = o.case_id
LEFT JOIN cases_waiting AS w ON w.id = o.id
WHERE w.id IS NOT NULL OR o.late
ORDER BY o.id
"""  # noqa: S608  (names of columns)

# It turns out that what is waited for was reported too late: it is neither rated nor defaulted. $1 occasions, $2 the rules
# that say so. Gives `told`.
CLOSE_AS_LATE = """
closed AS (
    DELETE FROM cases_waiting w USING unnest($1::uuid[], $2::text[]) AS found (id, profile)
    WHERE w.id = found.id RETURNING found.*
), told AS (
    UPDATE cases_serviceoccasion AS o SET late = true, profile = closed.profile FROM closed WHERE o.id = closed.id
    RETURNING o.organisation_id, o.service_day
)
"""

# What had been reported too late begins anew; its claim goes by COPY. Parameters as above. Gives `told`.
REOPEN = """
told AS (
    UPDATE cases_serviceoccasion AS o SET late = false, offered = true, profile = found.profile
    FROM unnest($1::uuid[], $2::text[]) AS found (id, profile) WHERE o.id = found.id
    RETURNING o.organisation_id, o.service_day
)
"""


def move(place: Callable[[int], str]) -> str:
    """The statement that stores instants counted anew, of rows that the caller holds, with the rules that say so.

    One array a column of ROW, and one of the rules; `place` gives the n-th placeholder of the driver.
    """
    types = (*_TYPES.values(), "text")
    arrays = ", ".join(f"{place(number)}::{kind}[]" for number, kind in enumerate(types, start=1))
    return f"""
WITH new AS (
    SELECT * FROM unnest({arrays}) AS new ({", ".join(ROW)}, profile)
), moved AS (
    UPDATE cases_waiting AS w SET {", ".join(f"{name} = new.{name}" for name in ROW[1:])} FROM new WHERE w.id = new.id
)
UPDATE cases_serviceoccasion AS o SET profile = new.profile FROM new
WHERE o.id = new.id AND o.profile <> new.profile
"""  # noqa: S608  (names of columns)


def moves(rows: Iterable[tuple[tuple[Any, ...], str]]) -> list[list[Any]]:
    """The arguments of `move`: rows as `row` gives them, each with its rules."""
    flat = [(*each, profile) for each, profile in rows]
    return [list(column) for column in zip(*flat, strict=True)]
