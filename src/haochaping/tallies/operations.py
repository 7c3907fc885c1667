"""The fold: changes are taken away and added to the counts of their day or month, all at once or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from haochaping.tallies.declared import DECLARED, Tally
from haochaping.tallies.models import Filled, Portion
from haochaping.tallies.queries import Key, counts_of, is_filled
from haochaping.tallies.rules import Counts
from haochaping.tallies.sources import CHANGES, MONTH, Source

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_601
_AT_ONCE: Final = 5_000


def _fold() -> str:
    """One statement for all tallies: what is deleted is what is added, whoever appends meanwhile. Rows have no key: under
    the lock nobody else removes any, and none is ever moved."""
    added = [_added(tally, tally.source.sums("taken")) for tally in DECLARED]
    folded = "".join(f", folded_{place} AS ({each})" for place, each in enumerate(added))
    return f"""
WITH taken AS (
    DELETE FROM {CHANGES} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {CHANGES} LIMIT %s)) RETURNING *
){folded}
SELECT count(*) FROM taken
"""  # noqa: S608  (only declared names)


def _added(tally: Tally, rows: str) -> str:
    """Adds rows of key and measures to a tally."""
    key, columns = ", ".join(tally.key), ", ".join(tally.measures)
    added = ", ".join(f"{measure} = held.{measure} + excluded.{measure}" for measure in tally.measures)
    return f"""
    INSERT INTO {tally.table} AS held ({key}, {columns}) {rows}
    ON CONFLICT ({key}) DO UPDATE SET {added}
"""


_FOLD: Final = _fold()


def fold(*, limit: int) -> int:
    """Folds up to `limit` changes and returns how many; 0 as well when another process is folding right now.

    One transaction: killed in the middle, nothing has happened. It changes no figure that `queries` gives
    and is no act of a person, so it leaves no audit row.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not _number(cursor.fetchone()):
            return 0
        _fill_out_of_others(cursor)
        cursor.execute(_FOLD, [limit])
        return _number(cursor.fetchone())


def _fill_out_of_others(cursor: CursorWrapper) -> None:
    """Fills each tally that was declared after the one whose changes it shares had been folded into. Under the lock of the
    fold, so that no change is in neither or in both."""
    for tally in DECLARED:
        if tally.of is not None and not is_filled(tally):
            cursor.execute(f"DELETE FROM {tally.table}")  # noqa: S608  (a declared name)
            begin = tally.source.begin
            source = Source(tally.of.table, tally.whose, begin, {each: each for each in tally.measures})
            cursor.execute(_added(tally, source.sums(tally.of.table)))
            cursor.execute("INSERT INTO tallies_filled (tally, filled_at) VALUES (%s, now())", [tally.table])


@contextmanager
def alone(*, wait: bool) -> Iterator[bool]:
    """Keeps every fold out while it lasts; False where one is at it and nobody was to `wait`. Taken before the caller's
    transaction begins, so that its snapshot has all that was folded before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {'pg_advisory_lock' if wait else 'pg_try_advisory_lock'}(%s)", [LOCK])
        (held,) = cursor.fetchone()
    held = wait or bool(held)
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def unfilled(tally: Tally) -> list[date]:
    """The months, by their first days, that are to be filled from rows before a tally may be read; the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, [tally.table])
        return [month for (month,) in cursor.fetchall()]


# All that is counted is counted of an organisation.
_MONTHS: Final = f"""
SELECT DISTINCT month FROM (
    SELECT date_trunc('month', day::timestamp)::date AS month FROM tallies_organisationday
    UNION SELECT {MONTH} FROM {CHANGES}
) AS counted WHERE month NOT IN (SELECT month FROM tallies_portion WHERE tally = %s) ORDER BY month DESC
"""  # noqa: S608  (only declared names)


def fill(tally: Tally, month: date, rows: Mapping[Key, Counts], *, now: datetime) -> None:
    """Puts what the rows of a month add up to in place of what is there. In the caller's transaction, of which the snapshot
    has counted the rows, under `alone`: what waits to be folded in that snapshot is in the rows and will be added again."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {tally.table} WHERE month = %s", [month])  # noqa: S608  (a declared name)
    waiting = {key: counts for (key, _), counts in counts_of(tally, from_day=month, to_day=month).items()}
    lacking = {
        (key, month): rows.get(key, Counts()) - waiting.get(key, Counts()) for key in {*rows, *waiting}
    }
    correct(tally, lacking)
    Portion.objects.update_or_create(tally=tally.table, month=month, defaults={"filled_at": now})


def finish(tally: Tally, *, now: datetime) -> None:
    """From now on it may be read. In the caller's transaction, under `alone`."""
    Filled.objects.get_or_create(pk=tally.table, defaults={"filled_at": now})


def correct(tally: Tally, lacking: Mapping[tuple[Key, date], Counts]) -> None:
    """Adds to rows of a tally what they lack: less is negative. In the caller's transaction, under `alone`."""
    rows = [
        (*key, begin, *(getattr(counts, measure) for measure in tally.measures))
        for (key, begin), counts in lacking.items()
        if counts != Counts()
    ]
    row = f"({', '.join(['%s'] * (len(tally.key) + len(tally.measures)))})"
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _AT_ONCE):
            part = rows[first : first + _AT_ONCE]
            values = f"VALUES {', '.join([row] * len(part))}"
            cursor.execute(_added(tally, values), [value for each in part for value in each])


def _number(row: tuple[object, ...] | None) -> int:
    """The only value of a statement that gives one row."""
    if row is None or not isinstance(row[0], int):
        raise TypeError("the statement gave no number")
    return row[0]
