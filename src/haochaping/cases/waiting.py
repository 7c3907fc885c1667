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
    "subject_id": "uuid",
}
ROW: Final = tuple(_TYPES)


def row(
    claim_id: UUID, instants: Instants, known_at: datetime, subject_id: UUID | None = None
) -> tuple[Any, ...]:
    """One row for COPY, in the order of ROW. `subject_id`: the occasion that stands for a unit, None where it is that of the
    claim's own id."""
    return (claim_id, *instants, known_at, subject_id if subject_id != claim_id else None)


def lay(source: str) -> str:
    """SQL: a claim for each row of `source` (table or CTE), which has the columns of ROW."""
    return f"INSERT INTO {TABLE} ({', '.join(ROW)}) SELECT {', '.join(ROW)} FROM {source}"  # noqa: S608  (names of columns)


# All claims that a call of $1 may come near: $2 of itself, and those of all occasions of the cases $3. Whoever writes to
# claims or to their occasions takes the claims first, in the order of their ids, and the occasions after them: who counts
# all claims anew at night does the same, so that neither waits for the other in a circle.
HOLD = """
SELECT w.id FROM cases_waiting AS w JOIN (
    SELECT unnest($2::uuid[]) AS id
    UNION SELECT coalesce(o.unit_id, o.id)
    FROM cases_occasionkey AS k JOIN cases_serviceoccasion AS o ON o.id = k.occasion_id
    WHERE k.platform = $1 AND k.project_no = ANY($3::text[])
) AS near ON near.id = w.id
ORDER BY w.id FOR UPDATE OF w
"""

# Gives those that are still there.
LOCK = "SELECT id FROM cases_waiting WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"

# Of which a limit may have moved, in the order of their ids: still waited for, or reported late; of a unit the occasion that
# stands for it. $1 platform, $2 cases,
# $3 occasions.
SELECT_STIRRED = f"""
WITH stirred AS (
    SELECT occasion_id AS id FROM cases_occasionkey WHERE platform = $1 AND project_no = ANY($2::text[])
    UNION SELECT unnest($3::uuid[])
)
SELECT {COLUMNS}
FROM stirred JOIN cases_serviceoccasion AS o ON o.id = stirred.id JOIN cases_case AS c ON c.id = o.case_id
LEFT JOIN cases_waiting AS w ON w.id = coalesce(o.unit_id, o.id)
WHERE o.weight > 0 AND (w.id IS NOT NULL OR o.late)
ORDER BY o.id
"""  # noqa: S608  (names of columns)

# All occasions of the units $1, with what is waited for. In the order of `cases.units.Member`.
SELECT_MEMBERS = f"""
SELECT o.case_id, c.project_no, o.service_number, o.whole, o.size, o.window_id, o.staff_id, o.weight, o.shared_with, o.late,
       {COLUMNS}
FROM cases_serviceoccasion AS o JOIN cases_case AS c ON c.id = o.case_id
LEFT JOIN cases_waiting AS w ON w.id = o.unit_id
WHERE o.unit_id = ANY($1::uuid[]) ORDER BY o.unit_id, o.id
"""  # noqa: S608  (names of columns)

# What of an occasion counts: $1 occasions, $2 weights, $3 organisations besides its own as a JSON list, $4 late or not, $5
# the rules, NULL where they stay.
COUNT_OCCASIONS = """
UPDATE cases_serviceoccasion AS o
SET weight = new.weight, late = new.late, profile = coalesce(new.profile, o.profile), shared_with = (
    SELECT array_agg(value::int ORDER BY value::int) FROM jsonb_array_elements_text(new.shared_with))
FROM unnest($1::uuid[], $2::smallint[], $3::jsonb[], $4::boolean[], $5::text[])
  AS new (id, weight, shared_with, late, profile)
WHERE o.id = new.id
"""

# All of these units has the address of its claim now.
OFFER = "UPDATE cases_serviceoccasion SET offered = true WHERE unit_id = ANY($1::uuid[]) AND NOT offered"

# Of an occasion, for whom and by what it is counted.
COUNTED: Final = (
    "o.organisation_id, o.hall_id, o.window_id, o.item_id, o.staff_id, o.service_day, o.weight, o.shared_with"
)

# It turns out that what is waited for was reported too late: it is neither rated nor defaulted. $1 claims, $2 the occasions
# that stand for them, $3 the rules that say so. Gives `told`.
CLOSE_AS_LATE = f"""
closed AS (
    DELETE FROM cases_waiting w USING unnest($1::uuid[], $2::uuid[], $3::text[]) AS found (id, subject_id, profile)
    WHERE w.id = found.id RETURNING found.*
), told AS (
    UPDATE cases_serviceoccasion AS o SET late = true, profile = closed.profile FROM closed
    WHERE o.id = closed.subject_id RETURNING {COUNTED}
)
"""  # noqa: S608  (names of columns)

# What had been reported too late begins anew, with the address for all of its unit; its claim goes by COPY. Parameters as
# above. Gives `told`.
REOPEN = f"""
found AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS found (id, subject_id, profile)
), others AS (
    UPDATE cases_serviceoccasion AS o SET offered = true FROM found
    WHERE o.unit_id = found.id AND o.id <> found.subject_id AND NOT o.offered
), told AS (
    UPDATE cases_serviceoccasion AS o SET late = false, offered = true, profile = found.profile FROM found
    WHERE o.id = found.subject_id RETURNING {COUNTED}
)
"""  # noqa: S608  (names of columns)


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
WHERE o.id = coalesce(new.subject_id, new.id) AND o.profile <> new.profile
"""  # noqa: S608  (names of columns)


def moves(rows: Iterable[tuple[tuple[Any, ...], str]]) -> list[list[Any]]:
    """The arguments of `move`: rows as `row` gives them, each with its rules."""
    flat = [(*each, profile) for each, profile in rows]
    return [list(column) for column in zip(*flat, strict=True)]
