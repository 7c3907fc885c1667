"""Of these items, windows and staff, which were served in a span of service days; when platforms reported last.

Each is looked up in an index of its own and the look-up ends with the first row: how many occasions there are plays no part.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import connection
from django.db.models import Max

from haochaping.cases.models import SenderDay

_SERVED = """
SELECT asked.id FROM unnest(%s::integer[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT 1 FROM cases_serviceoccasion AS o
    WHERE o.{column} = asked.id AND o.service_day BETWEEN %s AND %s{rateable} LIMIT 1
) AS found
"""
_REPORTED_ITEMS = _SERVED.format(column="item_id", rateable="")
_RATEABLE_WINDOWS = _SERVED.format(column="window_id", rateable=" AND NOT o.late")
_RATEABLE_STAFF = _SERVED.format(column="staff_id", rateable=" AND NOT o.late")


def reported_items(*, items: Collection[int], from_day: date, to_day: date) -> frozenset[int]:
    """Those with an occasion on one of these days, both included."""
    return _served(_REPORTED_ITEMS, items, from_day, to_day)


def rateable_windows(*, windows: Collection[int], from_day: date, to_day: date) -> frozenset[int]:
    """Those with an occasion that could be rated: reported before its window was over."""
    return _served(_RATEABLE_WINDOWS, windows, from_day, to_day)


def rateable_staff(*, staff: Collection[int], from_day: date, to_day: date) -> frozenset[int]:
    """Likewise."""
    return _served(_RATEABLE_STAFF, staff, from_day, to_day)


def last_reports(*, platforms: Collection[str]) -> Mapping[str, date]:
    """Platform → the last local day on which it sent anything, without those that never did."""
    days = SenderDay.objects.filter(platform__in=platforms).order_by().values_list("platform")
    return dict(days.annotate(Max("day")))


def _served(statement: str, ids: Collection[int], from_day: date, to_day: date) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids), from_day, to_day])
        return frozenset(number for (number,) in cursor.fetchall())
