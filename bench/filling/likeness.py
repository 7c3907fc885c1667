"""Many rows like one: every column as in a pattern, but for those that are said, in one statement of the database."""

from collections.abc import Mapping
from typing import Any


def like(
    cursor: Any, table: str, pattern: object, source: str, columns: Mapping[str, str], **given: object
) -> int:
    """Inserts a row for each of `source` (SQL, called s), like the row of the table with the id `pattern` but for
    `columns`: name → SQL. How many were made."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    said = ", ".join(columns.get(name, f'p."{name}"') for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {said} "  # noqa: S608  (the bench's own words)
        f"FROM (SELECT * FROM {table} WHERE id = %(pattern)s) p, ({source}) s",
        {"pattern": pattern, **given},
    )
    made: int = cursor.rowcount
    return made
