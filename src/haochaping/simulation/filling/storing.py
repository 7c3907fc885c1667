"""SQL: what was drawn becomes rows, by the fragments of the rooms whose tables they are."""

from typing import Final

from haochaping.cases import waiting
from haochaping.cases.fragments import store_served
from haochaping.ratings.fragments import default, store
from haochaping.rectification.fragments import LEAVE_IN_INBOX
from haochaping.tallies.fragments import Fact, append

# The rows of `sim_made` that have a text are asked for, and given it by `sim_said`: the seal of each is made here.
TO_SAY: Final = """
SELECT id, h, level, tags, item_id, stream, masked FROM sim_made WHERE wordy ORDER BY i
"""
SAID: Final = "CREATE TEMP TABLE sim_said (id uuid, plain text, sealed text) ON COMMIT DROP"
SAY: Final = "UPDATE sim_made AS m SET text = s.sealed, plain = s.plain FROM sim_said AS s WHERE s.id = m.id"
# Who is behind a bad rating: whoever handles it may have to ask, and the text is masked by what is known of its writer.
TO_NAME: Final = "SELECT id, h, service_day, project_no FROM sim_made WHERE bad ORDER BY i"

# $1 the platform.
STORE_SERVICES: Final = f"""
WITH {store_served("sim_made", platform="$1::text")}
{append(Fact("sim_made", "occasions", only="NOT late"), Fact("sim_made", "late", only="late"), together=True)}
"""
# $1: traces whose last day is before this day are over.
STORE_RATINGS: Final = f"""
WITH rated AS MATERIALIZED (SELECT * FROM sim_made WHERE fate = 'rated'), {store("rated", traced="kept_until >= $1::date")},
inbox AS ({LEAVE_IN_INBOX.format(source="rated")})
{append(Fact("rated", "n", staff_level="staff_level", tags="tags", rating=True), together=True)}
"""  # noqa: S608  (fragments of our own)
# As the sweep of the minute in which it was due.
STORE_SILENCE: Final = f"""
WITH silent AS MATERIALIZED (
    SELECT *, default_at AS due_at,
        least(default_at, CASE WHEN NOT window_provisional THEN window_at END) AS in_time_until
    FROM sim_made WHERE fate = 'silent'
), {default("silent", now="due_at + interval '20 seconds'")}
{append(Fact("defaulted", "d"), together=True)}
"""  # noqa: S608  (fragments of our own)
STORE_WAITING: Final = f"""
WITH open AS (
    SELECT id, window_at, window_provisional, default_at, default_provisional, silence_level, after_default, default_stays,
        after_at, after_provisional, reported_at AS known_at, NULL::uuid AS subject_id
    FROM sim_made WHERE fate = 'waiting'
)
{waiting.lay("open")}
"""  # noqa: S608  (fragments of our own)
# How many there are of each, and a digest of all that was drawn: ids, levels and texts as they were written.
TOLD: Final = """
SELECT count(*)::int AS occasions, count(*) FILTER (WHERE fate = 'rated')::int AS ratings,
    count(*) FILTER (WHERE bad)::int AS bad,
    count(*) FILTER (WHERE fate = 'silent')::int AS defaults, count(*) FILTER (WHERE late)::int AS late,
    encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', id, fate, level, named, tags, channel,
        extract(epoch FROM received_at), project_no, plain), E'\\n' ORDER BY i), ''), 'UTF8')), 'hex') AS digest
FROM sim_made
"""
REPORTED: Final = """
SELECT (reported_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int AS accepted,
    count(*) FILTER (WHERE late)::int AS late
FROM sim_made GROUP BY 1 ORDER BY 1
"""
