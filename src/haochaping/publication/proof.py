"""Every published count is that of rows which exist: both are counted in one snapshot and compared."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.cases.queries import occasion_counts
from haochaping.ratings.queries import counts_by_organisation_day
from haochaping.tallies.queries import organisation_day_counts
from haochaping.tallies.rules import Counts

logger = logging.getLogger(__name__)

# The audit row and the log name the first few; the rest is found by calling again.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What is counted for an organisation and service day, and what its rows add up to."""

    organisation_id: int
    day: date
    counted: Counts
    rows: Counts


def reconcile(*, now: datetime) -> tuple[Difference, ...]:
    """Compares the tallies of all days with ratings, standing defaults and occasions; gives what differs.

    The result goes into the audit trail, a difference into the log as well. One transaction, one snapshot:
    not to be called inside another transaction (RuntimeError).
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        counted, rows = organisation_day_counts(), _rows()
        differences = tuple(
            Difference(*key, counted.get(key, Counts()), rows.get(key, Counts()))
            for key in sorted(counted.keys() | rows.keys())
            if counted.get(key, Counts()) != rows.get(key, Counts())
        )
        places = [f"{one.organisation_id}/{one.day.isoformat()}" for one in differences[:NAMED]]
        record(
            now=now,
            actor="system",
            act="publication.reconciled",
            result="differs" if differences else "equal",
            detail={"organisation_days": len(rows), "differences": len(differences), "first": places},
        )
    if differences:
        logger.error("tallies differ from their rows in %d organisation days: %s", len(differences), places)
    return differences


def _rows() -> Mapping[tuple[int, date], Counts]:
    """The same counts from the rows themselves."""
    totals: dict[tuple[int, date], Counts] = {
        key: Counts(occasions=on_time, late=late) for key, (on_time, late) in occasion_counts().items()
    }
    for day in counts_by_organisation_day():
        key = (day.organisation_id, day.day)
        totals[key] = totals.get(key, Counts()) + Counts(-day.left_out, 0, *day.ratings, *day.defaults)
    return totals
