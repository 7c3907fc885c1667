"""The claim on an occasion, as SQL for the statements that take it: whoever deletes the row of
`cases_waiting` may act. Nobody waits for a claim: who finds it locked asks again in a fresh statement.
"""

# Who and what is rated and how often it counts, as a rating or a default copies it from the occasion at the moment of its
# claim: from the `subject_id` of what was claimed.
SUBJECT = (
    "service_day, division_id, organisation_id, hall_id, window_id, staff_id, item_id, weight, shared_with"
)

# What a default is made of, out of a row of cases_waiting `w`.
_DUE = """w.id, coalesce(w.subject_id, w.id) AS subject_id, w.silence_level, w.default_at AS due_at,
              least(w.default_at, CASE WHEN NOT w.window_provisional THEN w.window_at END) AS in_time_until,
              w.after_default, w.default_stays, w.after_at, w.after_provisional"""

# `source` has id, received_at and `first` (one row an id). Gives `claimed` (the columns of `due` below, and `beside`): ours
# now. `beside`: silence has counted before, whether or not a sweep has seen it, and stays counted.
# Whatever the statistics say - the plan may be as old as the empty table -, each is one look-up by its key: by LIMIT here,
# by ANY for what is deleted. A join is free to read the whole table instead.
_CLAIM = f"""
takeable AS (
    SELECT held.* FROM {{source}} i CROSS JOIN LATERAL (
        SELECT w.id, w.default_stays AND coalesce({{defaulted}}, false) AS beside
        FROM cases_waiting w WHERE w.id = i.id AND {{within}} AND {{unchanged}}
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) held WHERE i.first
), taken AS (
    DELETE FROM cases_waiting w WHERE w.id = ANY(ARRAY(SELECT id FROM takeable))
    RETURNING {_DUE}
), claimed AS (
    SELECT taken.*, t.beside FROM taken JOIN takeable t ON t.id = taken.id
)
"""  # noqa: S608  (names of columns)

# Gives `due` (id, subject_id, silence_level, due_at, in_time_until and what may follow a default), taken. Silence counts at
# its own instant, whatever the window does. Where it stays silence nobody is waited for once the window is closed, and only
# after `graced`: a rating received in time may still be on its way to the commit, and has no default to supersede.
_TAKE_DUE = f"""
silent AS (
    SELECT id FROM cases_waiting
    WHERE NOT default_provisional AND default_at <= {{now}}
    ORDER BY default_at LIMIT {{limit}}
    FOR UPDATE SKIP LOCKED
), closing AS (
    SELECT id FROM cases_waiting
    WHERE silence_level IS NULL AND NOT window_provisional AND window_at <= {{graced}}
    ORDER BY window_at LIMIT {{limit}} - (SELECT count(*) FROM silent)
    FOR UPDATE SKIP LOCKED
), due AS (
    DELETE FROM cases_waiting w USING (SELECT id FROM silent UNION ALL SELECT id FROM closing) l
    WHERE w.id = l.id
    RETURNING {_DUE}
)
"""  # noqa: S608  (names of columns)


def claim(source: str, *, unchanged: str = "true") -> str:
    """Three common table expressions; `claimed` has the rows that are ours now. See the head of this file. `unchanged`: SQL,
    whether what the source `i` was judged by is still so, of a row `w` of cases_waiting."""
    at = "i.received_at"
    within, defaulted = _within("w", at=at), _defaulted("w", at=at)
    return _CLAIM.format(source=source, within=within, defaulted=defaulted, unchanged=unchanged)


def still_seen(version: str, *, claimed: str, subject: str) -> str:
    """SQL: whether the occasion of a claim is one row for itself, and of the version (an xid) that somebody read; NULL, who
    read it for nobody else, always is."""
    row = f"(SELECT o.xmin FROM cases_serviceoccasion o WHERE o.id = {claimed})"  # noqa: S608  (names of columns)
    return f"({version} IS NULL OR (coalesce({subject}, {claimed}) = {claimed} AND {row} = {version}))"


def still_open(row: str, *, received_at: str) -> str:
    """SQL: whether a row of cases_waiting (an alias, joined from outside) could be claimed in this
    snapshot.
    """
    return f"({row}.id IS NOT NULL AND {_within(row, at=received_at)})"


def closes_at(row: str, *, at: str) -> str:
    """SQL: from when on a row of cases_waiting that could be claimed at that instant can be claimed no more; NULL: never."""
    after = f"CASE WHEN NOT {row}.after_provisional THEN {row}.after_at END"
    silence = f"CASE WHEN NOT {row}.default_provisional THEN {row}.default_at END"
    window = f"CASE WHEN NOT {row}.window_provisional THEN {row}.window_at END"
    return f"""CASE WHEN {_defaulted(row, at=at)} THEN {after}
        WHEN {row}.after_default AND ({silence}) <= coalesce(({window}), 'infinity') THEN {after}
        ELSE least(({silence}), ({window})) END"""


def take_due(*, now: str, graced: str, limit: str) -> str:
    """Three common table expressions for the sweep; the arguments are SQL for two instants and a number."""
    return _TAKE_DUE.format(now=now, graced=graced, limit=limit)


def _within(row: str, *, at: str) -> str:
    """SQL: whether what was received then is in time: within the window, or after the default where one may follow it.

    What is not laid down, or not for certain, closes nothing.
    """
    return f"""CASE WHEN {_defaulted(row, at=at)}
        THEN {row}.after_default AND ({row}.after_at IS NULL OR {row}.after_provisional OR {at} < {row}.after_at)
        ELSE {row}.window_at IS NULL OR {row}.window_provisional OR {at} < {row}.window_at END"""


def _defaulted(row: str, *, at: str) -> str:
    """SQL: whether silence has counted by then, recorded or not; NULL is no."""
    return f"(NOT {row}.default_provisional AND {at} >= {row}.default_at)"
