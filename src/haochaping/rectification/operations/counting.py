"""What the rules have go further from the so-manieth time on (一年内逾期三次的约谈) is counted when its instant has come."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from haochaping.policy.keeping import in_force
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation as Rule
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.course.situation import situation
from haochaping.rectification.escalations import (
    GRACE,
    OVERDUE,
    OVERDUE_AGAIN,
    Stand,
    counted_of,
    states_before,
)
from haochaping.rectification.models import Escalation, OrderDeadline
from haochaping.rectification.operations.repeating import near_enough
from haochaping.rectification.states import State

# Any number that no other turn has: whoever counts sees all that was counted before.
_TURN: Final = 0x6861_6F63
_MOMENT: Final = timedelta(microseconds=1)
_COUNTED: Final = (Stand.COUNTED, Stand.PLANNED, Stand.SET_OFF)


@transaction.atomic
def count_times(*, now: datetime, limit: int) -> int:
    """Counts up to `limit` of those whose instant has come (a minute ago, for acts that are under way), the earliest first;
    for how many it is settled now whether they are a time.

    The one that makes it so many, and each after it, is planned, and set off by `set_off_due`. Two never count at once: a
    second caller finds nothing to do. Nobody sees anything of it, and it leaves no audit row, as planning does not.
    """
    if not _turn():
        return 0
    waits = Q(order__state=State.RETURNED) & ~Q(step__in=("", "dispatch"))
    found = (
        Escalation.objects.select_for_update(of=("self", "order"), skip_locked=True)
        .select_related("order")
        .filter(~waits, state=Stand.UNCOUNTED, at__lte=now - GRACE)
        .order_by("at", "order__number", "rule")
    )
    rows = list(found[:limit])
    rulebook = in_force().rulebook
    for row in rows:
        _settle(row, rulebook, now)
    return len(rows)


def _turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TURN])
        return bool(cursor.fetchone()[0])


def _settle(row: Escalation, rulebook: Rulebook, now: datetime) -> None:
    """What is about a limit has its step no more from then on: it is about several."""
    rules = _rules(row, rulebook, now)
    value = rules.escalations.get(row.rule) if rules is not None else None
    if rules is None or value is None or not counted_of(value.value) or not _holds(row):
        row.state, row.settled_at = Stand.LAPSED, now
    else:
        enough = _times(row, value.value, rules) >= (value.value.times or 1)
        row.state = Stand.PLANNED if enough else Stand.COUNTED
        if row.happened == OVERDUE:
            row.happened, row.step = OVERDUE_AGAIN, ""
    row.save(update_fields=["state", "settled_at", "happened", "step"])


def _rules(row: Escalation, rulebook: Rulebook, now: datetime) -> Profile | None:
    """Those that counted the limit that it is about; else those of today."""
    stands = situation(row.order, rulebook, now=now)
    return next((each.rules for each in stands.limits if each.step == row.step), stands.rules)


def _holds(row: Escalation) -> bool:
    """Whether the order counts; of a limit, whether it passed and nothing was done. Of several late steps of an order one is
    a time."""
    if not row.step:
        return not row.order.exclusion
    limit = OrderDeadline.objects.filter(order=row.order, step=row.step, due_at=row.due_at)
    runs = limit.filter(met_at__isnull=True, provisional=False).exists()
    late = row.order.escalations.filter(rule=row.rule, happened=OVERDUE_AGAIN, state__in=_COUNTED)
    return runs and row.order.state in states_before(row.step) and not late.exists()


def _times(row: Escalation, rule: Rule, rules: Profile) -> int:
    """The how-manieth time it is, of those that are near enough. Of a limit its end is counted, which belongs to the day
    before."""
    overdue = row.happened == OVERDUE
    end = row.due_at - _MOMENT if overdue else row.due_at
    earlier = Escalation.objects.filter(
        rule=row.rule, same=row.same, state__in=_COUNTED, due_at__lte=row.due_at, order__exclusion=""
    )
    times = earlier.exclude(pk=row.pk).values_list("due_at", flat=True)
    return 1 + sum(near_enough(rule, each, end, rules) for each in times)
