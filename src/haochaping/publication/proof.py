"""Every published count is that of rows which exist: both are counted in one snapshot and compared."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.cases.queries import occasion_counts
from haochaping.ratings.queries import (
    counts_by_organisation_day,
    counts_by_staff_month,
    uncounted_occasions,
)
from haochaping.tallies.declared import DECLARED, ORGANISATION_DAY, ORGANISATION_MONTH, STAFF_MONTH, Tally
from haochaping.tallies.operations import correct
from haochaping.tallies.queries import counts_of, is_filled
from haochaping.tallies.rules import Counts

logger = logging.getLogger(__name__)

# The audit row and the log name the first few; the rest is found by calling again.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What is counted in a tally for one of whom it counts (`number`, a registry id) and a span that begins on a day, and
    what the rows add up to."""

    tally: Tally
    number: int
    begin: date
    counted: Counts
    rows: Counts

    @property
    def place(self) -> str:
        return self.tally.place(self.number, self.begin)


def reconcile(*, now: datetime, fix: bool = False, actor: str = "system") -> tuple[Difference, ...]:
    """Compares all tallies of all days with ratings, standing defaults and occasions; gives what differed.

    The result goes into the audit trail, a difference into the log as well. With `fix` what a tally lacks is appended to
    it, as of the same snapshot: whoever writes meanwhile appends his own. One transaction, one snapshot: not to be called
    inside another transaction (RuntimeError).
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        days = _organisation_days()
        rows = {ORGANISATION_DAY: days, ORGANISATION_MONTH: _by_month(days), STAFF_MONTH: _staff_months()}
        filled = [tally for tally in DECLARED if is_filled(tally)]
        differences = tuple(each for tally in filled for each in _compared(tally, rows[tally]))
        if fix:
            _mend(differences)
        places = [each.place for each in differences[:NAMED]]
        record(
            now=now,
            actor=actor,
            act="publication.mended" if fix and differences else "publication.reconciled",
            result="differs" if differences else "equal",
            detail={
                "organisation_days": len(rows[ORGANISATION_DAY]),
                "staff_months": len(rows[STAFF_MONTH]),
                "differences": len(differences),
                "first": places,
            },
        )
    if differences:
        logger.error("tallies differ from their rows in %d places: %s", len(differences), places)
    return differences


def _mend(differences: Iterable[Difference]) -> None:
    """What a day lacks is appended to the deltas that its month shares: of the month only the rest is."""
    appended: dict[tuple[int, date], Counts] = {}
    for each in sorted(differences, key=lambda one: one.tally.of is not None):
        lacking = each.rows - each.counted
        month = (each.number, each.begin.replace(day=1))
        if each.tally is ORGANISATION_DAY:
            appended[month] = appended.get(month, Counts()) + lacking
        elif each.tally is ORGANISATION_MONTH:
            lacking -= appended.pop(month, Counts())
        correct(each.tally, number=each.number, begin=each.begin, by=lacking)
    for (number, begin), more in appended.items():
        # The month was right and its days were not: what was appended for these is taken off again.
        correct(ORGANISATION_MONTH, number=number, begin=begin, by=Counts() - more)


def _compared(tally: Tally, rows: Mapping[tuple[int, date], Counts]) -> Iterator[Difference]:
    counted = counts_of(tally)
    for key in sorted(counted.keys() | rows.keys()):
        here, there = counted.get(key, Counts()), rows.get(key, Counts())
        if here != there:
            yield Difference(tally, *key, here, there)


def _organisation_days() -> dict[tuple[int, date], Counts]:
    """The same counts from the rows themselves."""
    totals: dict[tuple[int, date], Counts] = {
        key: Counts(occasions=on_time, late=late) for key, (on_time, late) in occasion_counts().items()
    }
    for key, number in uncounted_occasions().items():
        totals[key] = totals.get(key, Counts()) + Counts(occasions=-number)
    for day in counts_by_organisation_day():
        key = (day.organisation_id, day.day)
        totals[key] = totals.get(key, Counts()) + Counts(-day.left_out, 0, *day.ratings, *day.defaults)
    return totals


def _by_month(days: Mapping[tuple[int, date], Counts]) -> dict[tuple[int, date], Counts]:
    totals: dict[tuple[int, date], Counts] = {}
    for (number, day), counts in days.items():
        key = (number, day.replace(day=1))
        totals[key] = totals.get(key, Counts()) + counts
    return totals


def _staff_months() -> dict[tuple[int, date], Counts]:
    return {key: Counts(0, 0, *said, *silent) for key, (said, silent) in counts_by_staff_month().items()}
