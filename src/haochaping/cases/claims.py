"""The claim on an occasion, as SQL for the statements that take it: whoever deletes the row of
`cases_waiting` may act. Nobody waits for a claim: who finds it locked asks again in a fresh statement.
"""

# Who and what is rated, as a rating or a default copies it from the occasion at the moment of its claim.
SUBJECT = "service_day, division_id, organisation_id, hall_id, window_id, staff_id, item_id, profile"

# For the rater's page: one row, or none for an id that was never accepted. $1 = occasion id. A provisional
# deadline sets nothing off, so it closes nothing either until it is derived again.
OPEN_OCCASION = """
SELECT o.id, o.service_name, o.service_day, o.division_id, o.organisation_id, o.hall_id, o.window_id,
       o.staff_id, o.item_id, o.place, o.case_type, o.rater, o.profile, o.late, w.id IS NOT NULL AS waiting,
       CASE WHEN NOT w.provisional THEN w.due_at END AS closes_at
FROM cases_serviceoccasion o LEFT JOIN cases_waiting w ON w.id = o.id
WHERE o.id = $1
"""

# `source` has id, received_at and `first` (one row an id). Gives `claimed` (id).
_CLAIM = """
takeable AS (
    SELECT w.id FROM cases_waiting w JOIN {source} i ON i.id = w.id AND i.first
    WHERE {within}
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
    return _CLAIM.format(source=source, within=_within("w", received_at="i.received_at"))


def still_open(row: str, *, received_at: str) -> str:
    """SQL: whether a row of cases_waiting (an alias, joined from outside) could be claimed in this
    snapshot.
    """
    return f"({row}.id IS NOT NULL AND {_within(row, received_at=received_at)})"


def take_due(*, now: str, graced: str, limit: str) -> str:
    """Two common table expressions for the sweep; the arguments are SQL for two instants and a number."""
    return _TAKE_DUE.format(now=now, graced=graced, limit=limit)


def _within(row: str, *, received_at: str) -> str:
    """SQL: whether what was received then is in time; always, where no window is laid down for certain."""
    return f"({row}.due_at IS NULL OR {row}.provisional OR {received_at} < {row}.due_at)"
