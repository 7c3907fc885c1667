"""SQL over the tables of this room, for the statements of the rooms above (asyncpg, without Django)."""

from haochaping.cases.claims import SUBJECT, closes_at, still_open
from haochaping.cases.facts import Facts
from haochaping.ratings.receipt import MARK_SIZE
from haochaping.ratings.states import Origin

# For the rater's own page: $1 = receipt number as stored. `kept_secret` must fit before anything is shown. With the facts
# of the occasion, by which its rules are chosen, and the events from which limits may run.
RATING_OF_RECEIPT = """
SELECT c.number, c.secret AS kept_secret, r.id AS rating_id, r.level, r.staff_level, coalesce(r.tags, '{}') AS tags,
       r.text, r.named, r.service_day, o.accepted_day, r.organisation_id, r.division_id, r.hall_id, r.window_id,
       r.staff_id, r.item_id, r.received_at, r.channel, r.occasion_id,
       coalesce(o.place, '') AS place, coalesce(o.case_type, '') AS case_type,
       coalesce(o.rater, '') AS rater, coalesce(o.form, '') AS form, coalesce(o.stage, '') AS stage,
       o.service_at, k.accepted_at, k.result_at, k.delivered_at, w.withdrawn_at,
       x.withdrawn_at AS taken_back_at, x.effect AS taken_back_as,
       t.kept_until AS trace_until, t.address IS NOT NULL AS address_traced, t.device IS NOT NULL AS device_traced,
       t.elapsed_ms, coalesce(v.effect, '') AS void_effect, coalesce(v.ground, '') AS void_ground,
       coalesce(v.clause, '') AS void_clause, v.at AS voided_at,
       coalesce(n.number, '') AS case_number
FROM ratings_receipt c JOIN ratings_rating r ON r.id = c.rating_id
LEFT JOIN cases_serviceoccasion o ON o.id = r.occasion_id
LEFT JOIN cases_case k ON k.id = o.case_id
LEFT JOIN ratings_withdrawnconsent w ON w.rating_id = r.id
LEFT JOIN ratings_withdrawal x ON x.rating_id = r.id
LEFT JOIN ratings_trace t ON t.rating_id = r.id
LEFT JOIN ratings_namedcase n ON n.rating_id = r.id
LEFT JOIN LATERAL (
    SELECT effect, ground, clause, at FROM ratings_voiding WHERE rating_id = r.id ORDER BY ordinal DESC LIMIT 1
) v ON true
WHERE c.number = $1
"""

# Of two acts by the same receipt one waits for the other, and so does who counts the rating out or in again
# (`operations.hold`): a fresh statement then sees what came of it.
HOLD_RECEIPT = """
SELECT c.number FROM ratings_receipt c JOIN ratings_rating r ON r.id = c.rating_id WHERE c.number = $1 FOR UPDATE
"""

LATER_WORDS = """
SELECT id, kind, level, staff_level, bad, counts, tags, text, received_at, submission FROM ratings_laterword
WHERE rating_id = $1 ORDER BY ordinal
"""

_OF = "occasion_id, organisation_id, hall_id, window_id, item_id, staff_id, shared_with, service_day, weight"
_SAID = f"level, staff_level, channel, coalesce(origin, '{Origin.CITIZEN}') AS origin, named, tags"
_COUNTED = f"""(
    SELECT r.id AS rating_id, {_OF}, {_SAID}
    FROM ratings_rating r WHERE NOT r.beside_default AND r.occasion_id IS NOT NULL {{standing}}
    UNION ALL
    SELECT m.rating_id, {", ".join(f"m.{name}" for name in _OF.split(", "))}, {_SAID}
    FROM ratings_match m JOIN ratings_rating r ON r.id = m.rating_id WHERE NOT m.beside {{standing}}
)"""  # noqa: S608  (names of columns)
# What is counted among the services of organisations, each rating once: those of a case, and those by a static code that
# found theirs, as what they were matched to. What is rated without a case is none of them; one that was taken back is
# counted as little as if it had never been.
COUNTED = _COUNTED.format(
    standing="AND NOT EXISTS (SELECT FROM ratings_withdrawal x WHERE x.rating_id = r.id)"
)
# With those that were taken back.
_EVER_COUNTED = _COUNTED.format(standing="")
# Of one of them, `r`: the level of the member of staff that stands after its corrections; NULL for none.
STAFF_LEVEL = """nullif(coalesce((
    SELECT w.staff_level FROM ratings_laterword w
    WHERE w.rating_id = r.rating_id AND w.counts AND w.staff_level IS NOT NULL ORDER BY w.ordinal DESC LIMIT 1
), r.staff_level), 0)"""
# Likewise its tags: a correction says all anew, what is said beside it has none.
STANDING_TAGS = """coalesce((
    SELECT w.tags FROM ratings_laterword w
    WHERE w.rating_id = r.rating_id AND w.counts AND w.kind = 'correction' ORDER BY w.ordinal DESC LIMIT 1
), r.tags, '{}')"""

# The decision that stands of each rating about which there was one.
_STANDING_VOIDING = """(
    SELECT DISTINCT ON (rating_id) rating_id, effect, level FROM ratings_voiding ORDER BY rating_id, ordinal DESC
)"""

# Two common table expressions. `said_anew` has the rating, where it is counted, with what it says from now on and what it
# said `before`: $14 its level, $16 that of the member of staff, $17 its tags. Of one that was counted out nothing changes
# any figure.
KEEP_WORD = f"""
word AS (
    INSERT INTO ratings_laterword (id, rating_id, ordinal, kind, level, bad, counts, tags, text, norm_version, received_at,
                                   submission, profile, staff_level)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15)
    RETURNING rating_id, kind, level, staff_level, tags, counts
), said_anew AS (
    SELECT r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with, r.service_day, r.weight,
           r.channel, r.named, $14::smallint AS level_before, $16::smallint AS staff_level_before,
           $17::smallint[] AS tags_before, w.level, nullif(coalesce(w.staff_level, $16), 0)::smallint AS staff_level,
           CASE WHEN w.kind = 'correction' THEN w.tags ELSE $17 END AS tags
    FROM word w JOIN {COUNTED} r ON r.rating_id = w.rating_id
    WHERE w.counts
      AND coalesce((
          SELECT effect FROM ratings_voiding WHERE rating_id = w.rating_id ORDER BY ordinal DESC LIMIT 1
      ), '') = ''
)
"""  # noqa: S608  (a fragment of our own)

VERDICTS = """
SELECT id, answers, answer, satisfied, sets_off, silent, received_at, submission, clause FROM ratings_verdict
WHERE rating_id = $1 ORDER BY answers
"""

# One for each answer of the order: of the rater and of silence the first one stands.
KEEP_VERDICT = """
INSERT INTO ratings_verdict (id, rating_id, answers, answer, satisfied, sets_off, silent, received_at, submission, clause,
                             profile)
VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10)
ON CONFLICT (rating_id, answers) DO NOTHING RETURNING id
"""

# Only of a named rating, and once. $1 rating, $2 instant.
WITHDRAW_CONSENT = """
INSERT INTO ratings_withdrawnconsent (rating_id, withdrawn_at)
SELECT id, $2 FROM ratings_rating WHERE id = $1 AND named
ON CONFLICT DO NOTHING RETURNING rating_id
"""

_LAST_LEVELS = """(
    SELECT DISTINCT ON (rating_id) rating_id, level FROM ratings_laterword WHERE counts ORDER BY rating_id, ordinal DESC
)"""
# Two common table expressions: a rating is taken back, once. `uncounted` has it, where it was counted until now: as `level`
# ($3), and with its occasion where that counts no more either. $1 rating, $2 instant, $4 effect, $5 ... silence, $8 rules,
# $9 the level of the member of staff, $10 its tags.
TAKE_BACK = f"""
taken_back AS (
    INSERT INTO ratings_withdrawal (rating_id, withdrawn_at, effect, silence_level, silence_at, silence_provisional, profile)
    VALUES ($1, $2, $4, $5, $6, $7, $8)
    RETURNING rating_id, effect
), uncounted AS (
    SELECT r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with, r.service_day, r.weight,
           r.channel, r.named, $3::smallint AS level, $9::smallint AS staff_level, $10::smallint[] AS tags,
           t.effect = 'not_counted' AS with_occasion
    FROM taken_back t JOIN {_EVER_COUNTED} r ON r.rating_id = t.rating_id
)
"""  # noqa: S608  (a fragment of our own)

# The ratings that are counted, each with the level that stands after its later words; for who proves the tallies. What was
# counted out is none of them.
STANDING_RATINGS = f"""(
    SELECT r.rating_id, r.occasion_id, r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with,
           r.service_day, r.weight, r.channel, r.origin, r.named, {STANDING_TAGS} AS tags,
           coalesce(l.level, r.level) AS level, {STAFF_LEVEL} AS staff_level
    FROM {COUNTED} r LEFT JOIN {_LAST_LEVELS} l ON l.rating_id = r.rating_id
    LEFT JOIN {_STANDING_VOIDING} v ON v.rating_id = r.rating_id
    WHERE coalesce(v.effect, '') = ''
) standing"""  # noqa: S608  (names of tables and columns)

# What was counted out, with its `effect` and, where silence stands in its place, that `level`.
VOIDED_RATINGS = f"""(
    SELECT r.occasion_id, r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with, r.service_day,
           r.weight, v.effect, v.level
    FROM {_STANDING_VOIDING} v JOIN {COUNTED} r ON r.rating_id = v.rating_id
    WHERE v.effect <> ''
) voided"""  # noqa: S608  (names of tables and columns)

# One rating (%s) as it is counted, whatever was decided of it: no row for what never is.
STANDING_OF_ONE = f"""
    SELECT r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with, r.service_day, r.weight,
           r.channel, r.named, {STAFF_LEVEL} AS staff_level, {STANDING_TAGS} AS tags, coalesce((
        SELECT level FROM ratings_laterword WHERE rating_id = r.rating_id AND counts ORDER BY ordinal DESC LIMIT 1
    ), r.level) AS level
    FROM {COUNTED} r WHERE r.rating_id = %s
"""  # noqa: S608  (names of tables and columns)

# The ratings that were taken back so that their occasions count no more: for the same proof.
UNCOUNTED_OCCASIONS = f"""(
    SELECT r.occasion_id, r.organisation_id, r.hall_id, r.window_id, r.item_id, r.staff_id, r.shared_with, r.service_day,
           r.weight
    FROM ratings_withdrawal x JOIN {_EVER_COUNTED} r ON r.rating_id = x.rating_id
    WHERE x.effect = 'not_counted'
) uncounted"""  # noqa: S608  (a fragment of our own)

# The occasion to which a rating by a static code was matched, with its facts and the events from which limits may run.
# $1 rating.
MATCHED_OCCASION = f"""
SELECT o.staff_id, {", ".join(f"o.{fact}" for fact in Facts._fields)},
       o.service_at AS service, k.accepted_at AS acceptance, k.result_at AS result, k.delivered_at AS delivery
FROM ratings_match m JOIN cases_serviceoccasion o ON o.id = m.occasion_id LEFT JOIN cases_case k ON k.id = o.case_id
WHERE m.rating_id = $1
"""  # noqa: S608  (names of columns)

# `source` has id, received_at and `first` (one row an id). Gives `superseded` (id, subject_id, what a default copies of
# its subject but the division, level, beside): defaults in whose place a citizen's word comes, or beside which it stands;
# each once.
# As in cases.claims, by LIMIT and ANY each row is one look-up by its key.
_SUPERSEDE = """
supersedable AS (
    SELECT held.* FROM {source} i CROSS JOIN LATERAL (
        SELECT d.id, d.default_stays AND i.received_at >= d.due_at AS beside
        FROM ratings_defaultrating d WHERE d.id = i.id AND {standing} AND {unchanged}
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) held WHERE i.first
), taken_back AS (
    UPDATE ratings_defaultrating d
    SET superseded_at = CASE WHEN d.id = ANY(ARRAY(SELECT id FROM supersedable WHERE NOT beside)) THEN {now} END,
        followed_at = CASE WHEN d.id = ANY(ARRAY(SELECT id FROM supersedable WHERE beside)) THEN {now} END
    WHERE d.id = ANY(ARRAY(SELECT id FROM supersedable))
    RETURNING d.id, coalesce(d.occasion_id, d.id) AS subject_id, d.organisation_id, d.hall_id, d.window_id, d.item_id,
              d.staff_id, d.service_day, d.level, d.weight, d.shared_with
), superseded AS (
    SELECT taken_back.*, s.beside FROM taken_back JOIN supersedable s ON s.id = taken_back.id
)
"""

# As short as a row names its rules; the same everywhere, so that nobody has to ask for it before.
_CODE = "hashtextextended(profile, 0)"
# Of ratings of before 2026-12 the row itself has it.
PROFILE_OF_RATING = "coalesce(profile, (SELECT label FROM ratings_ruleset WHERE code = ruleset))"

_STORE = f"""
stored AS (
    INSERT INTO ratings_rating (id, occasion_id, level, staff_level, tags, text, channel, origin, named,
                                norm_version, received_at, submission, beside_default, ruleset, {SUBJECT})
    SELECT id, subject_id, level, staff_level, nullif(tags::smallint[], '{{{{}}}}'), text, channel,
           nullif(origin, '{Origin.CITIZEN}'), named,
           norm_version, received_at, submission, beside, {_CODE}, {SUBJECT}
    FROM {{source}}
), rulesets AS (
    INSERT INTO ratings_ruleset (code, label)
    SELECT {_CODE}, profile FROM (SELECT DISTINCT profile FROM {{source}}) judged_by ON CONFLICT (code) DO NOTHING
), receipts AS (
    INSERT INTO ratings_receipt (number, rating_id, secret) SELECT number, id, secret FROM {{source}}
), traces AS (
    INSERT INTO ratings_trace (rating_id, address, device, elapsed_ms, kept_until)
    SELECT id, address, device, elapsed_ms, kept_until FROM {{source}} WHERE {{traced}}
)
"""  # noqa: S608  (only names of columns)

# The case that the rater named, for each row of `source`, which has the columns of a rating and where it was given; nothing
# where {number} is empty. Nobody looks for it before {look_at}.
_NAME_CASE = """
named AS (
    INSERT INTO ratings_namedcase (rating_id, window_id, day, number, look_at)
    SELECT id, window_id, service_day, {number}, {look_at} FROM {source} WHERE {number} <> ''
)
"""

# `source` has the columns of `due` (cases.claims), `profile` and the columns of SUBJECT. Gives `defaulted`. `followed`: when
# a rating was kept beside it, NULL where none was.
_DEFAULT = f"""
defaulted AS (
    INSERT INTO ratings_defaultrating (id, occasion_id, level, due_at, in_time_until, after_default, default_stays, after_at,
                                       after_provisional, defaulted_at, followed_at, profile, {SUBJECT})
    SELECT id, subject_id, silence_level, due_at, in_time_until, after_default, default_stays, after_at,
           after_provisional, {{now}}, {{followed}}, profile, {SUBJECT}
    FROM {{source}} WHERE silence_level IS NOT NULL
    RETURNING id, level, {SUBJECT}
)
"""  # noqa: S608  (only names of columns)


def supersede(source: str, *, now: str, unchanged: str = "true") -> str:
    """Three common table expressions; `superseded` has the defaults taken back. `now` is SQL for an instant; `unchanged` as
    in `cases.claims.claim`, of a default `d`."""
    standing = still_supersedable("d", received_at="i.received_at")
    return _SUPERSEDE.format(source=source, now=now, standing=standing, unchanged=unchanged)


def still_supersedable(row: str, *, received_at: str) -> str:
    """SQL: whether a default (an alias, joined from outside) could be superseded or followed in this snapshot: by who
    spoke in time, or comes after it where that is allowed.
    """
    return f"""({row}.id IS NOT NULL AND {row}.superseded_at IS NULL AND {row}.followed_at IS NULL AND (
        {received_at} < {row}.in_time_until OR ({row}.after_default AND {received_at} >= {row}.due_at AND (
            {row}.after_at IS NULL OR {row}.after_provisional OR {received_at} < {row}.after_at))))"""


def store(source: str, *, traced: str = "true") -> str:
    """Four common table expressions that store a rating, what names its rules, its receipt and its trace for each row;
    `traced` is SQL: of which rows there is a trace."""
    return _STORE.format(source=source, traced=traced)


def mark_of(rating: str) -> str:
    """SQL: the mark of a rating's submission (`receipt.submission_mark`); `rating` is an alias of ratings_rating."""
    return f"substring({rating}.submission, 1, {MARK_SIZE})"


def name_case(source: str, *, number: str, look_at: str) -> str:
    """One common table expression; the arguments are SQL for the sealed number and an instant."""
    return _NAME_CASE.format(source=source, number=number, look_at=look_at)


def default(source: str, *, now: str, followed: str = "NULL::timestamptz") -> str:
    """One common table expression, `defaulted`: a default for each row for which silence counts."""
    return _DEFAULT.format(source=source, now=now, followed=followed)


# For who shows or judges ratings: a row for each question whose id was accepted, `n` its place. $1 = the ids of claims, 16
# bytes each, $2 = the instants that are asked about, in microseconds since 1970, with commas between: arrays of both took
# asyncpg longer than the answer. `is_open`: may it be rated then; `closes_at`: only until before that, NULL where for
# ever. Both are the conditions of the claim itself; the facts are those of the occasion that stands for the claim, `version`
# that of its row, `unit` whether it is another than the one asked for. LIMIT keeps it one look-up by key each, whatever the
# tables' statistics say.
OPEN_OCCASIONS = f"""
SELECT q.n, found.*
FROM (
    SELECT encode(substring($1::bytea, (n * 16 - 15)::integer, 16), 'hex')::uuid AS id,
           timestamptz 'epoch' + at::bigint * interval '1 microsecond' AS at, n
    FROM unnest(string_to_array($2::text, ',')) WITH ORDINALITY AS asked (at, n)
) q
CROSS JOIN LATERAL (
    SELECT o.id, o.version, o.id <> claim.id AS unit, o.service_name, o.window_id, o.staff_id,
           {", ".join(f"o.{fact}" for fact in Facts._fields)},
           {still_open("w", received_at="q.at")} OR {still_supersedable("d", received_at="q.at")} AS is_open,
           CASE WHEN w.id IS NOT NULL THEN {closes_at("w", at="q.at")}
                WHEN NOT d.after_provisional THEN d.after_at END AS closes_at
    FROM cases_serviceoccasion claim
    LEFT JOIN cases_waiting w ON w.id = claim.id
    LEFT JOIN ratings_defaultrating d ON d.id = claim.id
    CROSS JOIN LATERAL (
        SELECT *, xmin AS version FROM cases_serviceoccasion
        WHERE id = coalesce(w.subject_id, d.occasion_id, claim.id) LIMIT 1
    ) o
    WHERE claim.id = q.id
    LIMIT 1
) found
"""  # noqa: S608  (names of columns and conditions of our own)
