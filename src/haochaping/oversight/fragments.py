"""Reports of pressure for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

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
