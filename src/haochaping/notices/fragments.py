"""The statement by which other rooms put notices out, in the transaction of the act that causes them."""

# As `rules.id_of` makes it.
_SAID = "convert_to(cause || ':' || channel || ':' || official_id, 'UTF8')"
_ID = f"encode(substr(sha256({_SAID}), 1, 16), 'hex')::uuid"

# {source}: a table or a part of the same statement with the columns cause, channel, official_id, kind, action, superior,
# subject, reference, step, last_day, clause; one row a recipient and channel. Parameters: %(now)s, %(by_day)s
# (`rules.by_day`). What was put out before is not put out again; returns the ids of what is new.
PUT_OUT = f"""
INSERT INTO notices_notice (id, cause, channel, official_id, kind, action, superior, subject, reference, step, last_day,
                            clause, body, created_at, state, due_at, attempts, last_error, ended_at)
SELECT {_ID}, cause, channel, official_id, kind, action, superior, subject, reference, step, last_day, clause, '', %(now)s,
       CASE channel WHEN 'console' THEN 'sent' ELSE 'waiting' END,
       CASE channel WHEN 'sms' THEN %(by_day)s ELSE %(now)s END, 0, '',
       CASE channel WHEN 'console' THEN %(now)s END
FROM {{source}} ON CONFLICT (id) DO NOTHING RETURNING id
"""  # noqa: S608  (constants)
