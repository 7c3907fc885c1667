"""Every published count is that of rows which exist: both are counted in one snapshot and compared."""

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.oversight.operations.figure_alarms import watch_figures
from haochaping.oversight.watching import TALLIES
from haochaping.publication.recount import Rows, recounted
from haochaping.tallies.declared import DECLARED, Tally
from haochaping.tallies.operations import alone, correct
from haochaping.tallies.queries import Key, counts_of, is_filled
from haochaping.tallies.rules import Counts

logger = logging.getLogger(__name__)

# The audit row and the log name the first few; the rest is found by calling again.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What is counted in a tally for one of whom it counts (`key`: registry ids, codes) and a span that begins on a day, and
    what the rows add up to."""

    tally: Tally
    key: Key
    begin: date
    counted: Counts
    rows: Counts

    @property
    def place(self) -> str:
        return self.tally.place(self.key, self.begin)


def reconcile(
    *, now: datetime, fix: bool = False, actor: str = "system", tell: bool = False
) -> tuple[Difference, ...]:
    """Compares all tallies of all days with ratings, standing defaults and occasions; gives what differed. What is not
    filled yet is left out.

    The result goes into the audit trail, a difference into the log as well. With `fix` what a tally lacks is added to
    it, as of the same snapshot, and nobody folds meanwhile: whoever writes then appends his own. One transaction, one
    snapshot: not to be called inside another transaction (RuntimeError). After it, what differs and was not mended is an
    alarm until it agrees; with `tell` that goes out by webhook.
    """
    with alone(wait=True) if fix else nullcontext(), transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows = recounted([tally for tally in DECLARED if tally.proved and is_filled(tally)])
        differences = tuple(each for tally in rows for each in _compared(tally, rows[tally]))
        for tally in rows if fix else ():
            mine = [each for each in differences if each.tally is tally]
            correct(tally, {(each.key, each.begin): each.rows - each.counted for each in mine})
        places = [each.place for each in differences[:NAMED]]
        record(
            now=now,
            actor=actor,
            act="publication.mended" if fix and differences else "publication.reconciled",
            result="differs" if differences else "equal",
            detail={
                "rows": {tally.table: len(each) for tally, each in rows.items()},
                "differences": len(differences),
                "first": places,
            },
        )
    if differences:
        logger.error("tallies differ from their rows in %d places: %s", len(differences), places)
    left = 0 if fix else len(differences)
    watch_figures(TALLIES, f"{left} differ" if left else "", now=now, tell=tell)
    return differences


def _compared(tally: Tally, rows: Rows) -> Iterator[Difference]:
    counted = counts_of(tally)
    for key in sorted(counted.keys() | rows.keys()):
        here, there = counted.get(key, Counts()), rows.get(key, Counts())
        if here != there:
            yield Difference(tally, *key, here, there)
