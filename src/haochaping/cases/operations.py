"""Writes to the claims of occasions that are not the fast door's: deadlines that are counted anew."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from haochaping.foundation.workdays import Deadline
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import queries as registry

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
def rederive_windows(*, rulebook: Rulebook) -> list[WindowMoved]:
    """Counts every open window anew and stores what differs: the moved ones by division and day, old and new.

    Counted from the service day by that day's rules, as the door counts. Again, it moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        groups = cursor.fetchall()
    codes: dict[date, dict[int, str]] = {}
    moved = []
    for division_id, day, old, provisional, _ in groups:
        if day not in codes:
            codes[day] = {each.id: each.code for each in registry.division_tree(day)}
        code = codes[day].get(division_id)
        deadline = _window(rulebook, code, day) if code else None
        if code is None or deadline is None or (deadline.due_at, deadline.provisional) == (old, provisional):
            continue
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [division_id, day, old, provisional, deadline.due_at, deadline.provisional])
            number = cursor.rowcount
        if number:
            moved.append(
                WindowMoved(code, day, number, old, provisional, deadline.due_at, deadline.provisional)
            )
    return moved


def _window(rulebook: Rulebook, code: str, day: date) -> Deadline | None:
    try:
        return rulebook.profile(code, day).rating_window(day)
    except LookupError:
        return None
