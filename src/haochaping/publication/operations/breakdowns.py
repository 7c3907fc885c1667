"""Freezing what is published by channel and by tag, and of the ways by which ratings came."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.publication.models import DayBreakdown
from haochaping.publication.places import place_counts
from haochaping.ratings.queries.ways import through_clients
from haochaping.registry.queries import trial_organisations
from haochaping.tallies.queries import NotFilled, channel_totals, tag_totals
from haochaping.tallies.rules import LEVELS, Counts

# Any number will do, as long as all versions use the same.
_LOCK: Final = 7_208_314_605
_DAYS: Final = 30


def freeze_breakdown(*, now: datetime, replace: bool = False) -> bool:
    """Freezes the counts by channel and by tag of every division for today's publication; whether it did.

    Once a day: not when today's stand already, nor before the tallies are filled. `replace` takes them anew (after a bulk
    load). One transaction, one audit row.
    """
    today = local_day(now)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        standing = DayBreakdown.objects.filter(published_on=today)
        if replace:
            standing.delete()
        elif standing.exists():
            return False
        try:
            said = _said(today)
        except NotFilled:
            return False
        DayBreakdown.objects.create(
            published_on=today, taken_at=now, text=json.dumps(said, ensure_ascii=False)
        )
        record(
            now=now,
            actor="system",
            act="publication.breakdown_frozen",
            subject=today.isoformat(),
            detail={"rows": len(said["channels"]) + len(said["tags"]), "replaced": replace},
        )
    return True


def _said(today: date) -> dict[str, Any]:
    """`channels` and `tags`: rows of division code, its name, the code of the channel or tag, and ratings from level 1 to 5;
    `through`: of the ratings received in so many days, how many came through clients of the rated organisation."""
    first, last = today - timedelta(days=_DAYS), today - timedelta(days=1)
    through = through_clients(from_day=first, to_day=last, without=trial_organisations())
    return {
        "channels": list(_rows(channel_totals(), today)),
        "tags": list(_rows(tag_totals(), today)),
        "through": {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "of_rated": through.of_rated,
            "all": through.all,
        },
    }


def _rows(totals: Mapping[tuple[int, int], Counts], today: date) -> Iterable[list[Any]]:
    tested = trial_organisations()
    known = place_counts({number: Counts() for number, _code in totals if number not in tested}, on=today)
    places = {view.id: (view.division_code, view.division_name) for view, _counts in known}
    sums: dict[tuple[str, str, int], Counts] = {}
    for (number, code), counts in totals.items():
        if number in places:
            key = (*places[number], code)
            sums[key] = sums.get(key, Counts()) + counts
    return ([*key, *(getattr(sums[key], level) for level in LEVELS[:5])] for key in sorted(sums))
