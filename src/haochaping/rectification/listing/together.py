"""What of a choice of orders can be dispatched together, and what cannot and why: asked of all at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.foundation.clock import local_day
from haochaping.ratings.queries import ratings_of_staff
from haochaping.rectification.listing.sight import Sight, sight_of
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.order_rows import OrderRow, order_rows, with_rectified
from haochaping.rectification.states import TABLE, Act, State
from haochaping.registry import queries as registry

MOST: Final = 100
_FROM: Final = frozenset(row.source for row in TABLE if row.act is Act.DISPATCH)


class Hindrance(StrEnum):
    """Why an order cannot be dispatched now."""

    STATE = "state"
    RIGHT = "right"
    OWN_CASE = "own_case"
    THERE = "there"  # it is with that organisation already


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the chosen orders. `revision` goes back with the act."""

    row: OrderRow
    revision: int
    hindrance: Hindrance | None


@dataclass(frozen=True, slots=True)
class Together:
    """The chosen orders that are in sight, and to whom they could go: credit code and name."""

    candidates: tuple[Candidate, ...]
    organisations: tuple[tuple[str, str], ...]

    @property
    def ready(self) -> tuple[Candidate, ...]:
        """Those that can be dispatched."""
        return tuple(each for each in self.candidates if each.hindrance is None)

    @property
    def hindered(self) -> tuple[Candidate, ...]:
        """The others."""
        return tuple(each for each in self.candidates if each.hindrance is not None)


def together(
    *, official_id: UUID, orders: Collection[UUID], now: datetime, organisation: str = ""
) -> Together:
    """At most MOST of the chosen orders as they stand; to the organisation with this credit code, where one is chosen."""
    today = local_day(now)
    sight = sight_of(official_id, today)
    found = with_rectified(
        WorkOrder.objects.filter(pk__in=list(orders)[:MOST], organisation_id__in=sight.reach)
    )
    rows = list(found.order_by("number"))
    own = _own_cases(rows, official_id)
    there = registry.organisation_id_by_credit_code(organisation) if organisation else None
    return Together(
        tuple(
            Candidate(line, row.revision, _hindrance(row, sight, own, there))
            for row, line in zip(rows, order_rows(rows, now), strict=True)
        ),
        _organisations(sight, today),
    )


def _hindrance(order: WorkOrder, sight: Sight, own: Collection[UUID], there: int | None) -> Hindrance | None:
    if order.organisation_id not in sight.may_dispatch:
        return Hindrance.RIGHT
    if order.state not in _FROM or order.exclusion:
        return Hindrance.STATE
    if order.subject_id in own:
        return Hindrance.OWN_CASE
    # What was sent back may go back to where it came from.
    already = order.state == State.OPENED and order.organisation_id == there
    return Hindrance.THERE if already else None


def _own_cases(orders: Collection[WorkOrder], official_id: UUID) -> frozenset[UUID]:
    """Of these orders the ratings that name the official himself."""
    links = officials.days_as_staff(official_id=official_id)
    if not links:
        return frozenset()
    named = ratings_of_staff([each.subject_id for each in orders], {staff for staff, _, _ in links})
    return frozenset(
        subject
        for subject, (staff, day) in named.items()
        if any(one == staff and first <= day and (last is None or day <= last) for one, first, last in links)
    )


def _organisations(sight: Sight, today: date) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.credit_code, each.name)
        for each in registry.organisations(today)
        if each.id in sight.may_dispatch
    )
