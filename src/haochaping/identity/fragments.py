"""The vault's SQL for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

# $1 = kind, $2 = year (0 for index keys). The newest generation is the one in use.
SELECT_CURRENT_KEY = """
SELECT id, wrapped, wrapped_by FROM identity_datakey WHERE kind = $1 AND year = $2
ORDER BY generation DESC LIMIT 1
"""

# Whoever writes rows under a key holds it so until the commit: it cannot be destroyed meanwhile.
HOLD_CURRENT_KEY = SELECT_CURRENT_KEY + "FOR KEY SHARE"

SELECT_FREE_ID = "SELECT coalesce(max(id), 0) + 1 FROM identity_datakey"

INSERT_FIRST_KEY = """
INSERT INTO identity_datakey (id, kind, year, generation, wrapped, wrapped_by, created_at)
VALUES ($1, $2, $3, 1, $4, $5, $6) ON CONFLICT DO NOTHING
"""

# Whether the vault holds a record, and whether it still names anybody; `{id}` is SQL for the record's id.
RECORD_HELD = "EXISTS (SELECT FROM identity_vaultrecord held WHERE held.id = {id})"
PERSON_HELD = (
    "EXISTS (SELECT FROM identity_vaultrecord held WHERE held.id = {id} "
    "AND coalesce(held.name, held.document, held.phone) IS NOT NULL)"
)

# The other way round, for who proves that nothing is left: how many of certain records there are, `{ids}` a SELECT of ids;
# and how many of them say who it was.
COUNT_RECORDS = "SELECT count(*) FROM identity_vaultrecord WHERE id IN ({ids})"
COUNT_PEOPLE = COUNT_RECORDS + " AND NOT (name IS NULL AND document IS NULL AND phone IS NULL)"

# Whole records are written by COPY, in this order of columns.
RECORD_TABLE = "identity_vaultrecord"
RECORD_COLUMNS = (
    "id",
    "key_id",
    "name",
    "document",
    "phone",
    "record",
    "name_index",
    "document_index",
    "phone_index",
    "index_key_id",
)

# With the key of each, in one snapshot: a row that is sealed anew meanwhile is read whole, old or new.
SELECT_SEALED_RECORDS = """
SELECT r.id, r.key_id, r.name, r.document, r.phone, r.record, k.wrapped, k.wrapped_by
FROM identity_vaultrecord r JOIN identity_datakey k ON k.id = r.key_id
WHERE r.id = ANY($1::uuid[])
"""

# Phrases that packed records share (`identity.packing`). In order: two who store the same ones do not block each other.
SELECT_PHRASES = "SELECT id, text FROM identity_phrase WHERE id = ANY($1::int[])"
SELECT_PHRASES_BY_TEXT = "SELECT id, text FROM identity_phrase WHERE text = ANY($1::text[])"
INSERT_PHRASES = """
INSERT INTO identity_phrase (text) SELECT told FROM unnest($1::text[]) AS told ORDER BY told
ON CONFLICT (text) DO NOTHING
"""
