"""What the statement that stores ratings leaves here, and what the rater's own page reads here."""

LEAVE_IN_INBOX = """
INSERT INTO rectification_badrating (rating_id, received_at)
SELECT id, received_at FROM {source} WHERE bad ON CONFLICT DO NOTHING
"""

ORDER_OF_RATING = """
SELECT o.number, o.state, o.finding, o.answer, o.opened_at, o.due_at, o.due_provisional, o.closed_at
FROM rectification_workorder o WHERE o.subject_id = $1
"""
