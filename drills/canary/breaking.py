"""A database that refuses everything and quotes the row in its error, and one whose tables are gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# The queue of jobs goes on: its jobs are to fail, not to be lost. What a drill reads stays as it is.
_SPARED = ("procrastinate_", "django_migrations", "django_content_type", "auth_")
_GONE = (
    "cases_serviceoccasion",
    "cases_waiting",
    "rectification_workorder",
    "publication_departmentday",
    "tallies_change",
    "identity_vaultrecord",
)
_FUNCTION = """
CREATE FUNCTION drill_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'refused: %', to_jsonb(NEW) USING DETAIL = to_jsonb(NEW)::text; END $$
"""


@contextmanager
def refusing() -> Iterator[None]:
    """Within the block no row can be written: the error quotes it in message and detail."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith(_SPARED)]
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        for table in tables:
            cursor.execute(
                f'CREATE TRIGGER drill_refuses BEFORE INSERT OR UPDATE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION drill_refuses()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            # One by one: all at once would wait for the worker while it waits for us.
            for table in tables:
                cursor.execute(f'DROP TRIGGER IF EXISTS drill_refuses ON "{table}"')
            cursor.execute("DROP FUNCTION drill_refuses()")


@contextmanager
def missing() -> Iterator[None]:
    """Within the block some tables are not there: what asks for them fails, with the statement in the error."""
    with connection.cursor() as cursor:
        for table in _GONE:
            cursor.execute(f'ALTER TABLE "{table}" RENAME TO "gone_{table}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in _GONE:
                cursor.execute(f'ALTER TABLE "gone_{table}" RENAME TO "{table}"')


def spoil_seals() -> None:
    """No name in the vault opens any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_vaultrecord SET name = decode(repeat('00', 40), 'hex') WHERE name IS NOT NULL"
        )
