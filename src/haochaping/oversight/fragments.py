"""Reports of pressure, and revisits answered by the receipt, for those who speak to PostgreSQL without Django (asyncpg, $n
parameters)."""

from haochaping.rectification.fragments import ID_OF_ORDER

# In this order: id, number, secret, matters, source, division, organisation, authority, text, reference, may contact,
# received at. A row comes back when it is new, none when this very submission was kept before.
INSERT_PRESSURE_REPORT = """
INSERT INTO oversight_pressurereport (id, number, secret, matters, source, division_id, organisation_id, authority_id,
                                      text, reference, may_contact, received_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'received')
ON CONFLICT (id) DO NOTHING RETURNING id
"""

SELECT_PRESSURE_REPORT_KEPT = "SELECT 1 FROM oversight_pressurereport WHERE id = $1"

# For the reporter's own page: $1 = receipt number as stored. `kept_secret` must fit before anything is shown.
PRESSURE_REPORT_OF_RECEIPT = """
SELECT secret AS kept_secret, id, state, verdict, answer FROM oversight_pressurereport WHERE number = $1
"""

# The revisits of the order of a rating that are due and that the rater has not answered yet. $1 rating.
REVISITS_TO_ANSWER = f"""
SELECT r.id, r.terms FROM oversight_revisit r
WHERE r.order_id = ({ID_OF_ORDER}) AND r.state = 'due'
  AND NOT EXISTS (SELECT FROM oversight_revisitanswer a WHERE a.revisit_id = r.id)
ORDER BY r.arisen_at, r.id
"""  # noqa: S608  (a piece of rectification's)

# Whether this very submission was kept. $1 rating, $2 submission as kept.
REVISIT_ANSWER_KEPT = f"""
SELECT 1 FROM oversight_revisitanswer a JOIN oversight_revisit r ON r.id = a.revisit_id
WHERE r.order_id = ({ID_OF_ORDER}) AND a.submission = $2
"""  # noqa: S608  (the same)

# Whoever notes an attempt just now is waited for; a row comes back where it was still due, and not answered. $1 revisit,
# then satisfied, sealed answers, submission as kept, received at.
KEEP_REVISIT_ANSWER = """
INSERT INTO oversight_revisitanswer (revisit_id, satisfied, answers, submission, received_at)
SELECT id, $2, $3, $4, $5 FROM oversight_revisit WHERE id = $1 AND state = 'due' FOR SHARE
ON CONFLICT (revisit_id) DO NOTHING RETURNING revisit_id
"""
