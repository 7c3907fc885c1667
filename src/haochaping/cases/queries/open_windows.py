"""Whether all windows of a span of days have closed: before that no score of it is final."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

# What has no end by the rules keeps no period open for ever.
_OPEN: Final = """
SELECT count(*), max(greatest(w.window_at, w.default_at)),
       coalesce(bool_or(w.window_provisional OR w.default_provisional), false)
FROM cases_waiting AS w JOIN cases_serviceoccasion AS o ON o.id = coalesce(w.subject_id, w.id)
WHERE o.service_day BETWEEN %s AND %s AND (w.window_at IS NOT NULL OR w.default_at IS NOT NULL)
  AND NOT o.organisation_id = ANY (%s::integer[])
"""


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """So many services may still be rated, or silence about them has not been counted yet; until when, as far as that is
    known. `provisional`: some of these ends wait for a notice on holidays."""

    number: int
    until: datetime | None
    provisional: bool


def open_windows(*, first: date, last: date, without: Collection[int]) -> OpenWindows:
    """Of services of these days, both included, but for those of the organisations `without`."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [first, last, list(without)])
        number, until, provisional = cursor.fetchone()
    return OpenWindows(number, until, provisional)
