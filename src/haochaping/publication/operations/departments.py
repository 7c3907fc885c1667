"""Freezing what is published."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.publication.models import Chart, DepartmentDay
from haochaping.publication.places import place_counts, public_totals
from haochaping.tallies.rules import MEASURES

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_602


def freeze_departments(*, now: datetime, replace: bool = False) -> int:
    """Freezes the counts of every organisation up to yesterday for today's publication; returns how many.

    Once a day: 0 when today's stand already, or when nothing has been counted yet. `replace` takes them
    anew (after a bulk load). One transaction, one audit row.
    """
    today = local_day(now)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        standing = DepartmentDay.objects.filter(published_on=today)
        if replace:
            standing.delete()
            # What was drawn of them is drawn anew.
            Chart.objects.filter(subject=today.isoformat()).delete()
        elif standing.exists():
            return 0
        counted = place_counts(public_totals(to_day=today - timedelta(days=1)), on=today)
        rows = [
            DepartmentDay(
                published_on=today,
                organisation_id=organisation.id,
                taken_at=now,
                name=organisation.name,
                division_code=organisation.division_code,
                division_name=organisation.division_name,
                **{measure: getattr(counts, measure) for measure in MEASURES},
            )
            for organisation, counts in counted
        ]
        if rows:
            DepartmentDay.objects.bulk_create(rows)
            record(
                now=now,
                actor="system",
                act="publication.departments_frozen",
                subject=today.isoformat(),
                detail={"departments": len(rows), "replaced": replace},
            )
    return len(rows)
