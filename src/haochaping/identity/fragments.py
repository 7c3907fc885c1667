"""The vault's SQL for those who speak to PostgreSQL without Django (asyncpg, $n parameters)."""

INSERT_DATA_KEY = """
INSERT INTO identity_datakey (id, year, wrapped, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""

SELECT_DATA_KEY = "SELECT wrapped FROM identity_datakey WHERE id = $1"

SELECT_DATA_KEYS = "SELECT id, wrapped FROM identity_datakey WHERE id = ANY($1::smallint[])"

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
)

SELECT_SEALED_RECORDS = "SELECT id, key_id, record FROM identity_vaultrecord WHERE id = ANY($1::uuid[])"
