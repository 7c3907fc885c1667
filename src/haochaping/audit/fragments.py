"""The audit row for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

INSERT_ENTRY = """
INSERT INTO audit_auditentry (id, at, actor, act, subject, result, clause, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
"""
