"""The fold: deltas are taken away and added to the counts of their day or month, all at once or not at all."""

from datetime import date
from typing import Final

from django.db import connection, transaction

from haochaping.tallies.declared import DECLARED, Tally
from haochaping.tallies.rules import Counts

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_601


def _fold_of(tally: Tally) -> str:
    """One statement: what was deleted is exactly what is added, whoever appends meanwhile."""
    key, columns = ", ".join(tally.key), ", ".join(tally.measures)
    sums = ", ".join(f"sum({measure})" for measure in tally.measures)
    added = ", ".join(f"{measure} = held.{measure} + excluded.{measure}" for measure in tally.measures)
    return f"""
WITH taken AS (
    DELETE FROM {tally.deltas} WHERE id IN (SELECT id FROM {tally.deltas} LIMIT %s)
    RETURNING {key}, {columns}
), folded AS (
    INSERT INTO {tally.table} AS held ({key}, {columns})
    SELECT {key}, {sums} FROM taken GROUP BY {key}
    ON CONFLICT ({key}) DO UPDATE SET {added}
)
SELECT count(*) FROM taken
"""  # noqa: S608  (only declared names)


_FOLDS: Final = tuple(_fold_of(tally) for tally in DECLARED)


def fold(*, limit: int) -> int:
    """Folds up to `limit` deltas, of one tally after the other, and returns how many; 0 as well when another process is
    folding right now.

    One transaction: killed in the middle, nothing has happened. It changes no figure that `queries` gives
    and is no act of a person, so it leaves no audit row.
    """
    done = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not _number(cursor.fetchone()):
            return 0
        for statement in _FOLDS:
            cursor.execute(statement, [limit - done])
            done += _number(cursor.fetchone())
    return done


def correct(tally: Tally, *, number: int, begin: date, by: Counts) -> None:
    """Appends what a row lacks, as deltas: less is negative. In the caller's transaction, which writes its audit row."""
    lacking = {measure: getattr(by, measure) for measure in tally.measures}
    statement = (
        f"INSERT INTO {tally.deltas} ({', '.join((*tally.key, *lacking))}) "  # noqa: S608  (only declared names)
        f"VALUES ({', '.join(['%s'] * (2 + len(lacking)))})"
    )
    with connection.cursor() as cursor:
        while any(lacking.values()):
            portion = {name: max(-tally.most, min(tally.most, more)) for name, more in lacking.items()}
            cursor.execute(statement, [number, begin, *portion.values()])
            lacking = {name: more - portion[name] for name, more in lacking.items()}


def _number(row: tuple[object, ...] | None) -> int:
    """The only value of a statement that gives one row."""
    if row is None or not isinstance(row[0], int):
        raise TypeError("the statement gave no number")
    return row[0]
