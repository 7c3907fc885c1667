"""The fold: deltas are taken away and added to the counts of their day, all at once or not at all."""

from django.db import connection, transaction

from haochaping.tallies.rules import MEASURES

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_601

_COLUMNS = ", ".join(MEASURES)
_SUMS = ", ".join(f"sum({measure})" for measure in MEASURES)
_ADDED = ", ".join(f"{measure} = held.{measure} + excluded.{measure}" for measure in MEASURES)

# One statement: what was deleted is exactly what is added, whoever appends meanwhile.
_FOLD = f"""
WITH taken AS (
    DELETE FROM tallies_delta WHERE id IN (SELECT id FROM tallies_delta LIMIT %s)
    RETURNING organisation_id, day, {_COLUMNS}
), folded AS (
    INSERT INTO tallies_organisationday AS held (organisation_id, day, {_COLUMNS})
    SELECT organisation_id, day, {_SUMS} FROM taken GROUP BY organisation_id, day
    ON CONFLICT (organisation_id, day) DO UPDATE SET {_ADDED}
)
SELECT count(*) FROM taken
"""  # noqa: S608  (only declared names)


def fold(*, limit: int) -> int:
    """Folds up to `limit` deltas and returns how many; 0 as well when another process is folding right now.

    One transaction: killed in the middle, nothing has happened. It changes no figure that `queries` gives
    and is no act of a person, so it leaves no audit row.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not _number(cursor.fetchone()):
            return 0
        cursor.execute(_FOLD, [limit])
        return _number(cursor.fetchone())


def _number(row: tuple[object, ...] | None) -> int:
    """The only value of a statement that gives one row."""
    if row is None or not isinstance(row[0], int):
        raise TypeError("the statement gave no number")
    return row[0]
