"""Occasions for those who speak to PostgreSQL without Django (asyncpg, $n parameters): all of it set-based.

New rows go by COPY into the tables and columns named here; what may be there already goes by a statement.
"""

# Calls of one platform take turns: they look keys up and then write, and two at once with the same key would
# both find it unknown. Calls of different platforms never meet, because the platform is part of every key.
TAKE_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('cases.occasions:' || $1, 0))"

# $1 platform, $2 case numbers, $3 service numbers, pairwise.
SELECT_KNOWN = """
SELECT k.project_no, k.service_number, k.occasion_id, coalesce(o.version_id, o.id) AS version_id, o.offered, o.unratable,
       coalesce(o.unit_id, o.id) AS claim_id
FROM unnest($2::text[], $3::int[]) AS wanted (project_no, service_number)
JOIN cases_occasionkey AS k
  ON k.platform = $1 AND k.project_no = wanted.project_no AND k.service_number = wanted.service_number
JOIN cases_serviceoccasion AS o ON o.id = k.occasion_id
"""

SELECT_VERSIONS = "SELECT occasion_id, digest FROM cases_occasionversion WHERE occasion_id = ANY($1::uuid[])"

# Which edition of its dialect read each of these occasions for the client $2, at the last time.
SELECT_OWN_READINGS = """
SELECT DISTINCT ON (occasion_id) occasion_id, dialect_id
FROM cases_occasionversion WHERE occasion_id = ANY($1::uuid[]) AND client_id = $2
ORDER BY occasion_id, id DESC
"""

# `note` is the last that an official wrote to the sender, `act` with what; closed by a correction it asks for nothing.
SELECT_QUARANTINED = """
SELECT q.project_no, q.service_number, q.digest, q.reasons, q.dialect_id, said.act, said.note
FROM unnest($2::text[], $3::int[]) AS wanted (project_no, service_number)
JOIN cases_quarantinedoccasion AS q
  ON q.platform = $1 AND q.project_no = wanted.project_no AND q.service_number = wanted.service_number
LEFT JOIN LATERAL (
  SELECT s.act, s.note FROM cases_quarantinestep AS s
  WHERE s.record_id = q.id AND s.act IN ('asked', 'refused') ORDER BY s.at DESC, s.id DESC LIMIT 1
) AS said ON q.outcome <> 'corrected'
"""

# $1 platform, $2 case numbers. In the order of `Progress` behind the case number.
SELECT_PROGRESS = """
SELECT c.project_no, c.status, c.accepted_at, c.result_at, c.delivered_at
FROM cases_case AS c WHERE c.platform = $1 AND c.project_no = ANY($2::text[])
"""

# Status and result belong to the case and only go forward, in whatever order its occasions are reported. Of cases that are
# known; new ones go by COPY.
MOVE_CASES = """
UPDATE cases_case AS held SET
  status = GREATEST(held.status, reported.status),
  accepted_at = LEAST(held.accepted_at, reported.accepted_at),
  result_at = GREATEST(held.result_at, reported.result_at),
  delivered_at = GREATEST(held.delivered_at, reported.delivered_at)
FROM unnest($2::text[], $3::smallint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
  AS reported (project_no, status, accepted_at, result_at, delivered_at)
WHERE held.platform = $1 AND held.project_no = reported.project_no
RETURNING held.id, held.project_no
"""

CASE_TABLE = "cases_case"
CASE_COLUMNS = ("id", "platform", "project_no", "status", "accepted_at", "result_at", "delivered_at")

# The units of a call, with their claims. $1 platform; pairwise: $2 of a group or of a case, $3 its number, $4 which part, $5
# the claim where the unit is a new one.
TAKE_UNITS = """
INSERT INTO cases_ratingunit AS held (platform, grouped, number, part, id)
SELECT $1, told.* FROM unnest($2::boolean[], $3::text[], $4::text[], $5::uuid[]) AS told (grouped, number, part, id)
ORDER BY grouped, number, part
ON CONFLICT (platform, grouped, number, part) DO UPDATE SET id = held.id
RETURNING grouped, number, part, id
"""

# An occasion that tells of an earlier acceptance tells it of the whole case. $1 platform, $2 cases, $3 their days.
ACCEPTED_EARLIER = """
UPDATE cases_serviceoccasion AS o SET accepted_day = earlier.day
FROM unnest($2::text[], $3::date[]) AS earlier (project_no, day)
JOIN cases_occasionkey AS k ON k.platform = $1 AND k.project_no = earlier.project_no
WHERE o.id = k.occasion_id AND o.accepted_day IS DISTINCT FROM earlier.day
"""

# Four common table expressions. $3 says whether window and staff were corrected as well; else they stay. `before` and
# `after` have the occasions that are counted elsewhere now, as they were and as they are: for their own organisation only,
# nothing changes for others.
MOVE_OCCASIONS = """
new AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::int[], $5::int[], $6::int[])
        AS new (id, version_id, corrected, hall_id, window_id, staff_id)
), before AS (
    SELECT o.id, o.organisation_id, o.hall_id, o.window_id, o.item_id, o.staff_id, o.service_day, o.weight, o.late,
           NULL::int[] AS shared_with
    FROM cases_serviceoccasion AS o JOIN new ON new.id = o.id
    WHERE new.corrected AND o.weight > 0
      AND (o.hall_id, o.window_id, o.staff_id) IS DISTINCT FROM (new.hall_id, new.window_id, new.staff_id)
), after AS (
    SELECT before.organisation_id, new.hall_id, new.window_id, before.item_id, new.staff_id, before.service_day,
           before.weight, before.late, before.shared_with
    FROM before JOIN new ON new.id = before.id
), moved AS (
    UPDATE cases_serviceoccasion AS held
    SET version_id = new.version_id,
        hall_id = CASE WHEN new.corrected THEN new.hall_id ELSE held.hall_id END,
        window_id = CASE WHEN new.corrected THEN new.window_id ELSE held.window_id END,
        staff_id = CASE WHEN new.corrected THEN new.staff_id ELSE held.staff_id END
    FROM new WHERE held.id = new.id
    RETURNING held.id
)
"""

CLOSE_QUARANTINED = """
UPDATE cases_quarantinedoccasion AS q
SET closed_at = $4, outcome = CASE WHEN q.id = ANY($5::uuid[]) THEN 'released' ELSE 'corrected' END,
    release_wished_at = NULL
FROM unnest($2::text[], $3::int[]) AS wanted (project_no, service_number)
WHERE q.platform = $1 AND q.project_no = wanted.project_no AND q.service_number = wanted.service_number
  AND q.closed_at IS NULL
"""

# $1 platform, $2 day, $3 calls, $4 rejected, $5 repeated, $6 updated, $7 conflicting, $8 quarantined, $9 accepted, $10 late.
COUNT_SENDER_DAY = """
INSERT INTO cases_senderday AS held
  (platform, day, calls, rejected, repeated, updated, conflicting, quarantined, accepted, late)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (platform, day) DO UPDATE SET
  calls = held.calls + excluded.calls, rejected = held.rejected + excluded.rejected,
  repeated = held.repeated + excluded.repeated, updated = held.updated + excluded.updated,
  conflicting = held.conflicting + excluded.conflicting, quarantined = held.quarantined + excluded.quarantined,
  accepted = held.accepted + excluded.accepted, late = held.late + excluded.late
"""

# $1 platform, $2 day, then pairwise: $3 kinds, $4 items, $5 organisations, $6 divisions, $7 numbers.
COUNT_DIFFERENCES = """
INSERT INTO cases_librarydifference AS held
  (platform, kind, item_id, organisation_id, division_id, first_day, last_day, number)
SELECT $1, counted.kind, counted.item_id, counted.organisation_id, counted.division_id, $2, $2, counted.number
FROM unnest($3::text[], $4::int[], $5::int[], $6::int[], $7::int[])
  AS counted (kind, item_id, organisation_id, division_id, number)
ON CONFLICT (platform, kind, item_id, organisation_id, division_id) DO UPDATE SET
  first_day = LEAST(held.first_day, excluded.first_day), last_day = GREATEST(held.last_day, excluded.last_day),
  number = held.number + excluded.number
"""

# Releases that were decided, each sender's together; $1 at most so many, the longest waiting first.
SELECT_WISHED = """
SELECT id, platform, client_id FROM (
  SELECT id, platform, client_id FROM cases_quarantinedoccasion
  WHERE release_wished_at IS NOT NULL ORDER BY release_wished_at, id LIMIT $1
) AS wished ORDER BY platform, client_id, id
"""

# Under the platform's turn: what is still to be released of $1, with its seal.
TAKE_WISHED = """
SELECT q.id, q.project_no, q.service_number, q.digest, q.dialect_id
FROM cases_quarantinedoccasion AS q
WHERE q.id = ANY($1::uuid[]) AND q.release_wished_at IS NOT NULL AND q.closed_at IS NULL
ORDER BY q.id FOR UPDATE
"""

HOLD_WISHED = (
    "UPDATE cases_quarantinedoccasion SET release_wished_at = NULL, reasons = $2::jsonb WHERE id = $1"
)

INSERT_STEP = """
INSERT INTO cases_quarantinestep (id, record_id, act, note, actor, at) VALUES ($1, $2, $3, $4, $5, $6)
"""

# The sender's own: $1 platform, $2 after this id, $3 true for the open ones only, $4 at most so many, $5 of this client
# alone (empty: of all that report for the platform).
SELECT_OWN_QUARANTINED = """
SELECT q.id, q.project_no, q.service_number, q.received_at, q.reasons, q.outcome, q.closed_at,
  coalesce(
    (SELECT json_agg(json_build_object('act', s.act, 'note', s.note, 'at', s.at) ORDER BY s.at, s.id)
     FROM cases_quarantinestep AS s WHERE s.record_id = q.id AND s.act <> 'wished'),
    '[]'
  ) AS steps
FROM cases_quarantinedoccasion AS q
WHERE q.platform = $1 AND q.id > $2 AND (NOT $3 OR q.closed_at IS NULL) AND ($5::uuid IS NULL OR q.client_id = $5)
ORDER BY q.id LIMIT $4
"""

OCCASION_TABLE = "cases_serviceoccasion"
OCCASION_COLUMNS = (
    "id",
    "case_id",
    "service_number",
    "service_name",
    "service_at",
    "service_day",
    "accepted_day",
    "division_id",
    "organisation_id",
    "hall_id",
    "window_id",
    "staff_id",
    "item_id",
    "place",
    "case_type",
    "rater",
    "form",
    "stage",
    "unratable",
    "unit_id",
    "whole",
    "size",
    "weight",
    "late",
    "offered",
    "profile",
    "version_id",
)

KEY_TABLE = "cases_occasionkey"
KEY_COLUMNS = ("platform", "project_no", "service_number", "occasion_id")

VERSION_TABLE = "cases_occasionversion"
VERSION_COLUMNS = ("id", "occasion_id", "digest", "received_at", "client_id", "dialect_id")

QUARANTINED_TABLE = "cases_quarantinedoccasion"
QUARANTINED_COLUMNS = (
    "id",
    "platform",
    "project_no",
    "service_number",
    "digest",
    "reasons",
    "received_at",
    "client_id",
    "dialect_id",
    "closed_at",
)


def store_served(source: str, *, platform: str) -> str:
    """Three common table expressions: a case of its own, with its only service, for each row of `source` (table or CTE),
    which has the columns of the occasion, `accepted_at` and `project_no`. `platform` is SQL. For cities that are made, not
    reported."""
    given = [name for name in OCCASION_COLUMNS if name not in _OF_SERVED]
    return f"""
served_cases AS (
    INSERT INTO {CASE_TABLE} (id, platform, project_no, status, accepted_at, result_at)
    SELECT id, {platform}, project_no, 3, accepted_at, service_at FROM {source}
), served_keys AS (
    INSERT INTO {KEY_TABLE} (platform, project_no, service_number, occasion_id)
    SELECT {platform}, project_no, 1, id FROM {source}
), served AS (
    INSERT INTO {OCCASION_TABLE} ({", ".join((*_OF_SERVED, *given))})
    SELECT {", ".join((*_OF_SERVED.values(), *given))} FROM {source}
)
"""  # noqa: S608  (names of columns)


# What is the same for all of these; the rest is as the table has it by itself.
_OF_SERVED = {
    "case_id": "id",
    "service_number": "1",
    "service_name": "'办结'",
    "rater": "''",
    "form": "''",
    "stage": "''",
    "unratable": "''",
    "unit_id": "NULL::uuid",
    "whole": "false",
    "size": "NULL::smallint",
    "offered": "true",
    "version_id": "NULL::uuid",
}
