"""Writes to the claims of occasions that are not the fast door's: deadlines that are counted anew."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection, transaction

from haochaping.cases.governed import rating_deadline, waiting_limit
from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import Deadline
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import queries as registry

# What the end of a window is counted by.
_WINDOW_RULES = ("window", "default", "local_days", "office_hours", "transition")
_NOON = time(12)

_OPEN = """
SELECT o.division_id, o.service_day, w.due_at, w.provisional, count(*)
FROM cases_waiting AS w JOIN cases_serviceoccasion AS o ON o.id = w.id
WHERE w.due_at IS NOT NULL
GROUP BY 1, 2, 3, 4
ORDER BY 2, 1, 3
"""

# In the order of the ids, as door and sweep take them: neither waits for the other in a circle.
_MOVE = """
WITH taken AS (
  SELECT w.id FROM cases_waiting AS w JOIN cases_serviceoccasion AS o ON o.id = w.id
  WHERE o.division_id = %s AND o.service_day = %s AND w.due_at = %s AND w.provisional = %s
  ORDER BY w.id FOR UPDATE OF w
)
UPDATE cases_waiting AS w SET due_at = %s, provisional = %s FROM taken WHERE w.id = taken.id
"""


@dataclass(frozen=True, slots=True)
class WindowMoved:
    """`number` open occasions of one division and service day whose window now closes at another instant."""

    division: str
    service_day: date
    number: int
    old: datetime
    old_provisional: bool
    new: datetime
    new_provisional: bool


@transaction.atomic
def rederive_windows(*, rulebook: Rulebook) -> tuple[tuple[WindowMoved, ...], int]:
    """Counts open windows anew and stores what differs: the moved ones by division and day, old and new, and how many
    provisional ones were left as they are.

    Only where the end depends on nothing but place and day of the service: there this counts what the door counted.
    Elsewhere (by item, hall, channel; from the result) nothing moves: a wrong instant would close a window too early,
    a provisional one sets nothing off. Again, it moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        groups = cursor.fetchall()
    codes: dict[date, dict[int, str]] = {}
    moved, left = [], 0
    for division_id, day, old, provisional, waiting in groups:
        if day not in codes:
            codes[day] = {each.id: each.code for each in registry.division_tree(day)}
        code = codes[day].get(division_id)
        deadline = _window(rulebook, code, day) if code else None
        if code is None or deadline is None:
            left += waiting if provisional else 0
            continue
        if (deadline.due_at, deadline.provisional) == (old, provisional):
            continue
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [division_id, day, old, provisional, deadline.due_at, deadline.provisional])
            number = cursor.rowcount
        if number:
            moved.append(
                WindowMoved(code, day, number, old, provisional, deadline.due_at, deadline.provisional)
            )
    return tuple(moved), left


def _window(rulebook: Rulebook, code: str, day: date) -> Deadline | None:
    """The end that the door would count for every service of this place and day; None where it may differ."""
    try:
        profile = rulebook.profile(code, day)
    except LookupError:
        return None
    limit = waiting_limit(profile)
    if limit is None or not limit.by_day_of("service") or not rulebook.same_for_all(code, _WINDOW_RULES):
        return None
    return rating_deadline(profile, {"service": datetime.combine(day, _NOON, CN)})
