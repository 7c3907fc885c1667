"""The claim on an occasion, as SQL for the statements that take it: whoever deletes the row of
`cases_waiting` may act. Nobody waits for a claim: who finds it locked asks again in a fresh statement.
"""

# Who and what is rated, as a rating or a default copies it from the occasion at the moment of its claim.
SUBJECT = "service_day, division_id, organisation_id, hall_id, window_id, staff_id, item_id, profile"

# For the rater's page: one row, or none for an id that was never accepted. $1 = occasion id. A provisional
# deadline (推定) sets nothing off: the window it would close stays open.
OPEN_OCCASION = """
SELECT o.id, o.service_name, o.service_day, o.division_id, o.organisation_id, o.hall_id, o.window_id,
       o.staff_id, o.item_id, o.profile, o.late, w.id IS NOT NULL AS waiting,
       CASE WHEN w.provisional THEN NULL ELSE w.due_at END AS due_at
FROM cases_serviceoccasion o LEFT JOIN cases_waiting w ON w.id = o.id
WHERE o.id = $1
"""

# `source` has id, received_at and `first` (one row an id). Gives `claimed` (id).
_CLAIM = """
takeable AS (
    SELECT w.id FROM cases_waiting w JOIN {source} i ON i.id = w.id AND i.first
    WHERE w.due_at IS NULL OR w.provisional OR i.received_at < w.due_at
    FOR UPDATE OF w SKIP LOCKED
), claimed AS (
    DELETE FROM cases_waiting w USING takeable t WHERE w.id = t.id RETURNING w.id
)
"""

# Gives `due` (id, due_at, silence_level), taken. What silence counts for nothing is taken only after
# `graced`: a rating received in time may still be on its way to the commit, and has no default that it could
# supersede.
_TAKE_DUE = """
listed AS (
    SELECT id, due_at, silence_level FROM cases_waiting
    WHERE NOT provisional AND due_at <= {now} AND (silence_level IS NOT NULL OR due_at <= {graced})
    ORDER BY due_at LIMIT {limit}
    FOR UPDATE SKIP LOCKED
), due AS (
    DELETE FROM cases_waiting w USING listed l WHERE w.id = l.id RETURNING w.id, l.due_at, l.silence_level
)
"""


def claim(source: str) -> str:
    """Two common table expressions; `claimed` has the ids that are ours now. See the head of this file."""
    return _CLAIM.format(source=source)


def still_open(row: str, *, received_at: str) -> str:
    """SQL: whether a row of cases_waiting (an alias, joined from outside) could be claimed in this
    snapshot.
    """
    closes = f"{row}.due_at IS NULL OR {row}.provisional OR {received_at} < {row}.due_at"
    return f"({row}.id IS NOT NULL AND ({closes}))"


def take_due(*, now: str, graced: str, limit: str) -> str:
    """Two common table expressions for the sweep; the arguments are SQL for two instants and a number."""
    return _TAKE_DUE.format(now=now, graced=graced, limit=limit)
