"""The fold: deltas are taken away and added to the counts of their day or month, all at once or not at all."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from haochaping.tallies.declared import DECLARED, Tally
from haochaping.tallies.queries import is_filled
from haochaping.tallies.rules import Counts

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_601


def _fold_of(tallies: Sequence[Tally]) -> str:
    """One statement for all tallies of the same deltas: what is deleted is what is added, whoever appends meanwhile."""
    deltas = tallies[0].deltas
    columns = ", ".join((*tallies[0].key, *tallies[0].measures))
    folded = "".join(f", folded_{place} AS ({_added(tally)})" for place, tally in enumerate(tallies))
    return f"""
WITH taken AS (
    DELETE FROM {deltas} WHERE id IN (SELECT id FROM {deltas} LIMIT %s) RETURNING {columns}
){folded}
SELECT count(*) FROM taken
"""  # noqa: S608  (only declared names)


def _added(tally: Tally, source: str = "taken") -> str:
    """Adds what `source` has to a tally."""
    key, columns = ", ".join(tally.key), ", ".join(tally.measures)
    sums = ", ".join(f"sum({measure})" for measure in tally.measures)
    added = ", ".join(f"{measure} = held.{measure} + excluded.{measure}" for measure in tally.measures)
    return f"""
    INSERT INTO {tally.table} AS held ({key}, {columns})
    SELECT {tally.whose}, {tally.begin}, {sums} FROM {source} GROUP BY 1, 2
    ON CONFLICT ({key}) DO UPDATE SET {added}
"""  # noqa: S608  (only declared names)


_SOURCES: Final = tuple(
    tuple(tally for tally in DECLARED if root in (tally, tally.of)) for root in DECLARED if root.of is None
)
_FOLDS: Final = tuple(map(_fold_of, _SOURCES))


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
        _fill_what_is_not(cursor)
        for statement in _FOLDS:
            cursor.execute(statement, [limit - done])
            done += _number(cursor.fetchone())
    return done


def _fill_what_is_not(cursor: CursorWrapper) -> None:
    """Fills each tally that was declared after the one whose deltas it shares had been folded into. Under the lock of the
    fold, so that no delta is in neither or in both."""
    for tally in DECLARED:
        if tally.of is not None and not is_filled(tally):
            cursor.execute(f"DELETE FROM {tally.table}")  # noqa: S608  (a declared name)
            cursor.execute(_added(tally, tally.of.table))
            cursor.execute("INSERT INTO tallies_filled (tally, filled_at) VALUES (%s, now())", [tally.table])


def correct(tally: Tally, *, number: int, begin: date, by: Counts) -> None:
    """Appends what a row lacks, as deltas: less is negative. In the caller's transaction, which writes its audit row. What
    shares the deltas of another tally is mended itself: a delta would alter both."""
    lacking = {measure: getattr(by, measure) for measure in tally.measures}
    table = tally.table if tally.of is not None else tally.deltas
    added = ", ".join(f"{measure} = held.{measure} + excluded.{measure}" for measure in lacking)
    statement = (
        f"INSERT INTO {table} AS held ({', '.join((*tally.key, *lacking))}) "  # noqa: S608  (only declared names)
        f"VALUES ({', '.join(['%s'] * (2 + len(lacking)))})"
    )
    statement += (
        f" ON CONFLICT ({', '.join(tally.key)}) DO UPDATE SET {added}" if tally.of is not None else ""
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
