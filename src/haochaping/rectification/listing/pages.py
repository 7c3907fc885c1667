"""The desk: a page of the orders in sight by urgency, turned by the key of its first and last line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from haochaping.foundation.clock import CN, local_day
from haochaping.rectification.listing.choices import Choices, choices_for
from haochaping.rectification.listing.conditions import by_limit, narrowed, shown
from haochaping.rectification.listing.filters import DeskFilter, Due, Show
from haochaping.rectification.listing.sight import Sight, sight_of
from haochaping.rectification.models import PRESSES, WorkOrder
from haochaping.rectification.order_rows import OrderRow, order_rows, with_rectified

PAGE_SIZE: Final = 50
# By the day: of limits in hours that began with the rating the order of lines would tell the order of arrival; likewise of
# what was closed because of what its rater did. Then by week and by number, which is random.
_URGENCY: Final = ("presses", "week", "number")
_LATEST: Final = ("-ended", "number")


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the desk. `counts`: of each list, nothing narrowed; `limits`: of what was asked for, by how its limit
    stands; `total`: of what is shown. `after` and `before` are the numbers that turn the page, "" where there is no more.
    `dispatches`: whether there may be some among the rows that this official can dispatch."""

    rows: tuple[OrderRow, ...]
    counts: Mapping[Show, int]
    limits: Mapping[Due, int]
    total: int
    after: str
    before: str
    choices: Choices
    dispatches: bool


def desk(*, official_id: UUID, now: datetime, filters: DeskFilter) -> Desk:
    """The orders in reach that are asked for.

    Those whose limit runs come first by due day (so the overdue ones lead), then those without one, the longest waiting
    first; closed ones by the day on which they were closed, the last first.
    """
    sight = sight_of(official_id, local_day(now))
    listed = shown(sight, filters.show)
    asked = narrowed(listed, filters, sight, local_day(now))
    conditions = by_limit(now)
    # What nothing narrowed is not counted a second time.
    counts, limits = _counts(sight, conditions)
    if filters.show is Show.CLOSED:
        limits = {Due.NONE: counts[Show.CLOSED] if asked is listed else asked.count()}
    elif filters.show is Show.MINE or asked is not listed:
        limits = _limits(asked, conditions)
    chosen = asked.filter(conditions[filters.due]) if filters.due else asked
    page, after, before = _page(chosen, filters)
    return Desk(
        rows=order_rows(page, now),
        counts=counts,
        limits=limits,
        total=limits.get(filters.due, 0) if filters.due else sum(limits.values()),
        after=after,
        before=before,
        choices=choices_for(sight, filters.show, local_day(now)),
        dispatches=bool(sight.may_dispatch) and filters.show is not Show.CLOSED,
    )


def _counts(sight: Sight, conditions: Mapping[Due, Q]) -> tuple[dict[Show, int], dict[Due, int]]:
    """Of each list, and of all that are open by how their limits stand."""
    running = shown(sight, Show.OPEN).aggregate(
        all=Count("pk"), mine=Count("pk", filter=sight.mine), **_by_limit(conditions)
    )
    counts = {
        Show.MINE: running["mine"],
        Show.OPEN: running["all"],
        Show.CLOSED: shown(sight, Show.CLOSED).count(),
    }
    return counts, {due: running[due.value] for due in Due}


def _limits(orders: QuerySet[WorkOrder], conditions: Mapping[Due, Q]) -> dict[Due, int]:
    found = orders.order_by().aggregate(**_by_limit(conditions))
    return {due: found[due.value] for due in Due}


def _by_limit(conditions: Mapping[Due, Q]) -> dict[str, Count]:
    return {due.value: Count("pk", filter=conditions[due]) for due in Due}


def _page(orders: QuerySet[WorkOrder], asked: DeskFilter) -> tuple[list[WorkOrder], str, str]:
    """The lines, and the numbers behind and before which there are more."""
    keys = _LATEST if asked.show is Show.CLOSED else _URGENCY
    orders = _keyed(orders)
    number = asked.after or asked.before
    at = orders.filter(number=number).values(*(key.lstrip("-") for key in keys)).first() if number else None
    back = at is not None and not asked.after
    if at is not None:
        orders = orders.filter(_beyond(keys, at, back=back))
    ordered = orders.order_by(*(_turned(key) if back else key for key in keys))
    found = list(with_rectified(ordered)[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if back:
        found.reverse()
    ends_before = at is not None if not back else more
    goes_on = more if not back else True
    first, last = (found[0].number, found[-1].number) if found else ("", "")
    return found, last if goes_on else "", first if ends_before else ""


def _keyed(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    return orders.annotate(presses=PRESSES, ended=TruncDate("closed_at", tzinfo=CN))


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _beyond(keys: tuple[str, ...], at: Mapping[str, Any], *, back: bool) -> Q:
    """What comes behind a line in this order, or before it."""
    found = Q(pk__in=[])
    same = Q()
    for key in keys:
        name = key.lstrip("-")
        way = "lt" if key.startswith("-") != back else "gt"
        found |= same & Q(**{f"{name}__{way}": at[name]})
        same &= Q(**{name: at[name]})
    return found
