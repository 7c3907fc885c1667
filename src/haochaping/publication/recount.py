"""What every declared tally must hold, counted from occasions, ratings and standing defaults by statements that know nothing
of changes: for the proof, and to fill a tally that was declared when much had been counted already."""

import logging
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from haochaping.cases.queries import occasion_counts
from haochaping.cases.queries.recount import occasions_recounted
from haochaping.ratings.queries.counted import (
    counts_by_organisation_day,
    counts_by_staff_month,
    uncounted_occasions,
)
from haochaping.ratings.queries.recount import channels_recounted, services_recounted, tags_recounted
from haochaping.tallies.declared import (
    CHANNEL_MONTH,
    FROM_ROWS,
    ORGANISATION_DAY,
    ORGANISATION_MONTH,
    STAFF_MONTH,
    STAFF_SERVICES,
    TAG_MONTH,
    Tally,
)
from haochaping.tallies.operations import alone, fill, finish, unfilled
from haochaping.tallies.queries import Key, is_filled
from haochaping.tallies.rules import Counts

logger = logging.getLogger(__name__)

Rows = Mapping[tuple[Key, date], Counts]


def recounted(tallies: Iterable[Tally]) -> dict[Tally, Rows]:
    """What these must hold, of all days."""
    found: dict[Tally, Rows] = {tally: of_rows(tally) for tally in tallies if tally.from_rows}
    days = _organisation_days()
    found |= {ORGANISATION_DAY: days, ORGANISATION_MONTH: _by_month(days), STAFF_MONTH: _staff_months()}
    return {tally: found[tally] for tally in tallies}


def of_rows(tally: Tally, *, first: date | None = None, last: date | None = None) -> Rows:
    """What a tally that is filled from rows must hold of the service days from `first` to `last`."""
    if tally is CHANNEL_MONTH:
        return channels_recounted(first=first, last=last)
    if tally is TAG_MONTH:
        return tags_recounted(first=first, last=last)
    once = tally is STAFF_SERVICES
    occasions = occasions_recounted(tally.whose, once=once, first=first, last=last)
    return _added(occasions, services_recounted(tally.whose, once=once, first=first, last=last))


def fill_next(*, now: datetime) -> int:
    """Fills one month of one tally that is not filled, the latest first, and says so in the ledger once none is left; 1
    where there was one, else 0, as when somebody folds just now.

    Each month in one snapshot and exactly once, whatever is killed: what is filled is put in place of what is there. It
    changes no figure that anybody reads, so it leaves no audit row. Not inside another transaction (RuntimeError).
    """
    tally = next((tally for tally in FROM_ROWS if not is_filled(tally)), None)
    if tally is None:
        return 0
    with alone(wait=False) as held:
        if not held:
            return 0
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return _fill_one(tally, now)


def _fill_one(tally: Tally, now: datetime) -> int:
    months = unfilled(tally)
    if not months:
        finish(tally, now=now)
        logger.info("%s is filled", tally.table)
        return 1
    month: Final = months[0]
    last = month.replace(day=monthrange(month.year, month.month)[1])
    rows = of_rows(tally, first=month, last=last)
    fill(tally, month, {key: counts for (key, _), counts in rows.items()}, now=now)
    return 1


def _organisation_days() -> Rows:
    totals: dict[tuple[Key, date], Counts] = {
        ((number,), day): Counts(occasions=on_time, late=late)
        for (number, day), (on_time, late) in occasion_counts().items()
    }
    left_out: Rows = {
        ((number,), day): Counts(occasions=-left) for (number, day), left in uncounted_occasions().items()
    }
    counted: Rows = {
        ((each.organisation_id,), each.day): Counts(-each.left_out, 0, *each.ratings, *each.defaults)
        for each in counts_by_organisation_day()
    }
    return _added(_added(totals, left_out), counted)


def _by_month(days: Rows) -> Rows:
    totals: dict[tuple[Key, date], Counts] = {}
    for (key, day), counts in days.items():
        month = (key, day.replace(day=1))
        totals[month] = totals.get(month, Counts()) + counts
    return totals


def _staff_months() -> Rows:
    return {
        ((number,), month): Counts(0, 0, *said, *silent)
        for (number, month), (said, silent) in counts_by_staff_month().items()
    }


def _added(one: Rows, other: Rows) -> Rows:
    nothing = Counts()
    return {key: one.get(key, nothing) + other.get(key, nothing) for key in one.keys() | other.keys()}
