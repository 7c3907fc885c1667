"""Clients of the API for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

# The seal of a secret is bound to the key it belongs to: exchanged rows do not open.
SECRET_PURPOSE = "api secret"  # noqa: S105  (the name of a purpose)


def secret_place(key_id: str) -> bytes:
    """What a secret's seal is bound to."""
    return b"accounts_apikey.sealed_secret:" + key_id.encode()


# Of a client at the instant $2.
_TERMS = """
       client.id, client.organisation_id, client.platform, client.rights, client.reach, client.listed,
       client.clock_tolerance, client.calls, client.calls_burst, client.records, client.records_burst,
       (SELECT dialect.id FROM accounts_apidialect AS dialect
        WHERE dialect.client_id = client.id AND dialect.in_force_from <= $2
        ORDER BY dialect.edition DESC LIMIT 1) AS dialect_id
"""

# $1 key id, $2 now. No row for a key that is unknown, expired, revoked or of an ended client: all look alike.
SELECT_CLIENT_OF_KEY = f"""
SELECT key.sealed_secret, {_TERMS}
FROM accounts_apikey AS key JOIN accounts_apiclient AS client ON client.id = key.client_id
WHERE key.id = $1
  AND (key.expires_at IS NULL OR key.expires_at > $2) AND (key.revoked_at IS NULL OR key.revoked_at > $2)
  AND (client.ended_at IS NULL OR client.ended_at > $2)
"""  # noqa: S608  (constants)

# $1 client id, $2 now. No row for one that is unknown or has ended.
SELECT_CLIENT = f"""
SELECT {_TERMS}
FROM accounts_apiclient AS client WHERE client.id = $1 AND (client.ended_at IS NULL OR client.ended_at > $2)
"""  # noqa: S608  (constants)

SELECT_DIALECT = "SELECT text FROM accounts_apidialect WHERE id = $1"

# $1 key id, $2 nonce, $3 now. Returns a row when the nonce was fresh, none when it was used before. When the key was last
# used is kept to the minute: a busy one costs no write a call.
USE_NONCE = """
WITH fresh AS (
  INSERT INTO accounts_apinonce (key_id, nonce, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1
), used AS (
  UPDATE accounts_apikey SET last_used_at = $3
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3 - interval '1 minute') AND EXISTS (SELECT FROM fresh)
)
SELECT 1 FROM fresh
"""
