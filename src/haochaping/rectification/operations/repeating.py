"""What the rules set off when so many orders of the same have come together (反复差评): each verified order is one time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from haochaping.foundation.ids import random_id
from haochaping.policy.counting import Course
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation as Rule
from haochaping.policy.values import Value
from haochaping.ratings.queries import RatingForOrder
from haochaping.rectification.escalations import Stand
from haochaping.rectification.models import Escalation, WorkOrder
from haochaping.rectification.operations.governing import Governed

REPEATED: Final = "repeated_bad"


def count(order: WorkOrder, rating: RatingForOrder, governed: Governed) -> None:
    """Counts a verified order once for each rule about repeated bad ratings that holds for it; the one that makes it so
    many, and each after it, is planned to be set off.

    Rules that name no number set nothing off. Those about ratings in a row, of one case or of one rater are not carried
    out: of the better ratings in between, and of whose they are, the order knows nothing.
    """
    for key, value in governed.rules.escalations.items():
        rule = value.value
        same = same_of(rule.same, order, rating)
        if rule.on != REPEATED or rule.times is None or rule.in_a_row or not same:
            continue
        event = (rule.within.after if rule.within else None) or "rating"
        at = governed.events.get(event)
        if at is not None:
            _one_time(order, (key, value), same, at, governed.rules)


def _one_time(
    order: WorkOrder, named: tuple[str, Value[Rule]], same: str, at: datetime, rules: Profile
) -> None:
    key, value = named
    rule = value.value
    earlier = Escalation.objects.filter(same=same, rule=key[:60], at__lte=at, order__exclusion="")
    times = earlier.exclude(order=order).values_list("order_id", "at")
    # An order that was verified again, because it was opened again, is one time.
    near = len({other for other, each in times if near_enough(rule, each, at, rules)})
    Escalation.objects.bulk_create(
        [
            Escalation(
                id=random_id(),
                order=order,
                rule=key[:60],
                happened=rule.on,
                action=rule.action[:60],
                body=(rule.to or "")[:60],
                clause=value.citation[:200],
                same=same,
                due_at=at,
                at=at,
                state=Stand.PLANNED if near + 1 >= (rule.times or 0) else Stand.COUNTED,
            )
        ],
        ignore_conflicts=True,
    )


def near_enough(rule: Rule, begin: datetime, end: datetime, rules: Profile) -> bool:
    """Whether a time is near enough to a later one, and no notice on holidays can change that."""
    if rule.within is None:
        return True
    due = rules.due(rule.within, Course({rule.within.after or "": begin}))
    return due is not None and not due.provisional and end < due.due_at


def same_of(what: str, order: WorkOrder, rating: RatingForOrder | None) -> str:
    """What the times of an order are counted of, by the rules' word for it ("unit:7"); "" where this one has none, or it is
    not known: of whose case and of which rater an order is, nobody who counts may know."""
    of: Mapping[str, object] = {
        "unit": order.organisation_id,
        "item": order.item_id,
        "window": rating.window_id if rating is not None else None,
        "staff": rating.staff_id if rating is not None else None,
    }
    found = of.get(what)
    return f"{what}:{found}" if found is not None else ""
