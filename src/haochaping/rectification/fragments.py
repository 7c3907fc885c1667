"""What the statements that store ratings and later words leave here, and what the rater's own page reads here."""

from haochaping.rectification.states import ANSWERING, REOPENING

LEAVE_IN_INBOX = """
INSERT INTO rectification_badrating (rating_id, received_at)
SELECT id, received_at FROM {source} WHERE bad ON CONFLICT DO NOTHING
"""

# Before a rating in the inbox changes: who opens its order just now is waited for, so that the order can then be seen.
HOLD_INBOX = "SELECT rating_id FROM rectification_badrating WHERE rating_id = $1 FOR UPDATE"

# After HOLD_INBOX: the order, where there is one or ($3) is to be one, takes in what was said. $1 rating, $2 instant.
TELL_ORDER = """
INSERT INTO rectification_badrating (rating_id, received_at)
SELECT $1, $2 WHERE $3 OR EXISTS (SELECT FROM rectification_workorder WHERE subject_id = $1)
ON CONFLICT DO NOTHING
"""

# $1 rating.
ID_OF_ORDER = "SELECT id FROM rectification_workorder WHERE subject_id = $1"

_ANSWERING = ", ".join(f"'{act}'" for act in sorted(ANSWERING))
# A step `s` that gave the rater an answer.
_ANSWERED = f"s.to_state = 'answered' AND s.act IN ({_ANSWERING})"
_REOPENING = ", ".join(f"'{act}'" for act in sorted(REOPENING))

ORDER_OF_RATING = f"""
SELECT o.number, o.state, o.finding, o.answer, o.opened_at, d.due_at, coalesce(d.provisional, false) AS due_provisional,
       o.closed_at, o.exclusion,
       (SELECT count(*)::int FROM rectification_orderstep s WHERE s.order_id = o.id AND {_ANSWERED}) AS answers
FROM rectification_workorder o
LEFT JOIN rectification_orderdeadline d ON d.order_id = o.id AND d.step = 'rectification'
WHERE o.subject_id = $1
"""  # noqa: S608  (our own acts)

# The acts of officials on the order of a rating since it was opened, or it was opened again: the last of each kind. An
# answer that waits for a second person is none yet: whatever gives it to the rater is.
ACTS_ON_ORDER = f"""
SELECT CASE WHEN {_ANSWERED} THEN 'answer' ELSE s.act END AS act, max(s.at) AS at
FROM rectification_orderstep s JOIN rectification_workorder o ON o.id = s.order_id
WHERE o.subject_id = $1 AND s.to_state <> 'drafted' AND s.revision > coalesce((
    SELECT max(b.revision) FROM rectification_orderstep b
    WHERE b.order_id = o.id AND b.act IN ({_REOPENING}) AND b.to_state = 'opened' AND b.from_state <> 'opened'
), 0)
GROUP BY 1
"""  # noqa: S608  (our own acts)
