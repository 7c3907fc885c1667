"""The rates of what followed bad ratings, as counts of so many of so many, by organisation and period.

Reply, recheck and satisfaction: Shanxi, 结果应用第一 (复复率、复查率; 满意度测评); rectified and satisfied on revisit:
Tianjin, 一、四是; revisited: Shandong HRSS, 二(二). Above and below the line as `policy.readings` has it: rectified of
orders, revisited of revisits due, satisfied of revisits answered. 复复率 is read as reply, 复查率 as: of the rectified ones,
those whose rater was asked and answered.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from haochaping.foundation.workdays import due_instant
from haochaping.oversight.models import Revisit, RevisitAssessed
from haochaping.oversight.revisiting import State
from haochaping.rectification.operations.answered import OrderFigures, order_figures
from haochaping.registry import queries as registry

_NONE = OrderFigures(0, 0, 0, frozenset())


class Share(NamedTuple):
    """So many of so many."""

    number: int
    of: int

    @property
    def tenths(self) -> int | None:
        """In tenths of a percent, rounded down: what is not whole is never shown as 100 %. None of nothing."""
        return 1000 * self.number // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class RevisitCounts:
    """Counts of a period. Orders (差评工单) by their opening, revisits by when they arose. `rechecked`: rectified orders
    whose rater answered in a revisit, whenever; `revisited`: the rater was reached, whether he answered or refused;
    `anonymous`: of those due, nobody is known who could be asked; `undetermined`: orders for which rules ask for revisits
    and lay down no number."""

    orders: int = 0
    taken_back: int = 0
    replied: int = 0
    rectified: int = 0
    rechecked: int = 0
    due: int = 0
    revisited: int = 0
    answered: int = 0
    satisfied: int = 0
    anonymous: int = 0
    undetermined: int = 0

    def __add__(self, other: "RevisitCounts") -> "RevisitCounts":
        names = [each.name for each in fields(self)]
        return RevisitCounts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def reply_rate(self) -> Share:
        """回复率: answered of the orders."""
        return Share(self.replied, self.orders)

    def rectification_rate(self) -> Share:
        """整改率: rectified of the orders."""
        return Share(self.rectified, self.orders)

    def recheck_rate(self) -> Share:
        """复查率: rechecked of the rectified."""
        return Share(self.rechecked, self.rectified)

    def revisit_rate(self) -> Share:
        """回访率: revisited of the revisits due."""
        return Share(self.revisited, self.due)

    def revisit_satisfaction(self) -> Share:
        """回访满意率: satisfied of the revisits answered."""
        return Share(self.satisfied, self.answered)


@dataclass(frozen=True, slots=True)
class OrganisationRates:
    """One organisation's counts."""

    id: int
    name: str
    counts: RevisitCounts


def revisit_rates(
    *, organisations: Collection[int], first: date, last: date, on: date
) -> tuple[OrganisationRates, ...]:
    """By organisation in the order of their names; both days included. Those of which there is nothing are left out."""
    begin, end = due_instant(date.fromordinal(first.toordinal() - 1)), due_instant(last)
    orders = order_figures(organisations, opened_from=begin, opened_before=end)
    arisen = Revisit.objects.filter(
        organisation_id__in=organisations, arisen_at__gte=begin, arisen_at__lt=end, of=""
    ).exclude(state=State.LAPSED)
    revisits: dict[int, list[tuple[str, bool | None]]] = {}
    for whose, state, satisfied in arisen.values_list("organisation_id", "state", "satisfied"):
        revisits.setdefault(whose, []).append((state, satisfied))
    rectified = set(chain.from_iterable(each.rectified for each in orders.values()))
    answered = Revisit.objects.filter(order_id__in=rectified, state=State.ANSWERED)
    rechecked = frozenset(answered.values_list("order_id", flat=True))
    open_rules = _undetermined(organisations, begin, end)
    names = registry.organisation_names(orders.keys() | revisits.keys() | open_rules.keys(), on)
    found = (
        OrganisationRates(
            number,
            name,
            _counts(orders.get(number, _NONE), revisits.get(number, ()), rechecked)
            + RevisitCounts(undetermined=open_rules.get(number, 0)),
        )
        for number, name in names.items()
    )
    return tuple(sorted(found, key=lambda each: (each.name, each.id)))


def _counts(
    orders: OrderFigures, revisits: Iterable[tuple[str, bool | None]], rechecked: frozenset[object]
) -> RevisitCounts:
    revisits = list(revisits)
    answered = [satisfied for state, satisfied in revisits if state == State.ANSWERED]
    return RevisitCounts(
        orders=orders.orders,
        taken_back=orders.taken_back,
        replied=orders.answered,
        rectified=len(orders.rectified),
        rechecked=len(orders.rectified & rechecked),
        due=len(revisits),
        revisited=sum(state in (State.ANSWERED, State.REFUSED) for state, _ in revisits),
        answered=len(answered),
        satisfied=sum(each is True for each in answered),
        anonymous=sum(state == State.ANONYMOUS for state, _ in revisits),
    )


def _undetermined(organisations: Collection[int], begin: datetime, end: datetime) -> dict[int, int]:
    rows = RevisitAssessed.objects.filter(
        organisation_id__in=organisations,
        answered_at__gte=begin,
        answered_at__lt=end,
        undetermined__len__gt=0,
    )
    found: dict[int, int] = {}
    for whose in rows.values_list("organisation_id", flat=True):
        found[whose] = found.get(whose, 0) + 1
    return found
