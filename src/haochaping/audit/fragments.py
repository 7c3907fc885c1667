"""The audit row for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

INSERT_ENTRY = """
INSERT INTO audit_auditentry (id, at, actor, act, subject, result, clause, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
"""

# $1 subject, $2 not before, $3 actor. The detail of the one entry, none when there is none.
SELECT_DETAIL = "SELECT detail FROM audit_auditentry WHERE subject = $1 AND at >= $2 AND actor = $3 LIMIT 1"
