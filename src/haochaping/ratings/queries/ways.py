"""By which ways ratings came in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import connection

from haochaping.foundation.clock import CN
from haochaping.foundation.ids import new_id
from haochaping.ratings.states import Origin

# The primary key bounds what is read: a rating's id is as old as its occasion, which is hardly ever older than this.
OLDEST_OCCASION: Final = timedelta(days=60)
_THROUGH: Final = """
SELECT count(*) FILTER (WHERE origin = %s), count(*) FROM ratings_rating
WHERE id >= %s AND received_at >= %s AND received_at < %s AND NOT organisation_id = ANY (%s::integer[])
"""


@dataclass(frozen=True, slots=True)
class Through:
    """Of `all` ratings so many came through a client of the organisation that they rate (`of_rated`)."""

    of_rated: int
    all: int


def through_clients(*, from_day: date, to_day: date, without: Collection[int]) -> Through:
    """Of ratings that were received on these local days, both included, but for those of the organisations `without`.
    Reads every rating of the span: for the night."""
    begin, end = (datetime.combine(day, time(), CN) for day in (from_day, to_day + timedelta(days=1)))
    floor = new_id(begin - OLDEST_OCCASION, bytes(10))
    with connection.cursor() as cursor:
        cursor.execute(_THROUGH, [Origin.CLIENT_OF_RATED.value, floor, begin, end, list(without)])
        return Through(*cursor.fetchone())
