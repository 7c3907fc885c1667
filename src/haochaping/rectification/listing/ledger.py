"""The ledger (台账): what cannot be set right in time, why, and until when it will be.

Kunming, article 12: whoever cannot set it right within the limit says why and until when.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.order_rows import order_rows, with_rectified
from haochaping.rectification.rules import Clock
from haochaping.rectification.states import Act, State
from haochaping.registry import queries as registry
from haochaping.registry.rules import name_key

PAGE_SIZE: Final = 50
_ENTERS: Final = (Act.PLAN, Act.ASK_EXTENSION)
_TELLS: Final = (*_ENTERS, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)
_KEPT: Final = (
    *("order_id", "act", "note", "said", "at", "revision"),
    *("order__number", "order__organisation_id", "order__state"),
)
_Step = dict[str, Any]


class Outcome(StrEnum):
    """What became of what was entered."""

    PLAN = "plan"
    WAITS = "waits"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What is asked for; None leaves it open. `late`: the date that was given is over. `page` counts from 1."""

    organisation: int | None = None
    outcome: Outcome | None = None
    late: bool | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One order. `reason`: the last that was given; `until`: the date that was given with it, None for none; `entered`: the
    day of it. `late`: that date is over. `clock`: of its limit."""

    id: UUID
    number: str
    organisation_id: int
    organisation: str
    state: State
    reason: str
    until: date | None
    late: bool
    entered: date
    outcome: Outcome
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of it. `number`: of all that is asked for, `late` of them with a date that is over; `organisations` to choose
    from, by registry id and name, none where one is all there is."""

    rows: tuple[LedgerRow, ...]
    number: int
    late: int
    organisations: tuple[tuple[int, str], ...]
    page: int
    pages: int


def ledger(*, official_id: UUID, now: datetime, asked: LedgerFilter) -> Ledger:
    """The open orders in reach of which it was said that they cannot be set right in time, or that have a plan (台账), by
    the day until which they are to be done, those without one last; fifty on a page."""
    everything = _rows(official_id, now)
    chosen = [each for each in everything if _fits(each, asked)]
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(max(1, asked.page), pages)
    units = {each.organisation_id: each.organisation for each in everything}
    return Ledger(
        rows=_with_clocks(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], now),
        number=len(chosen),
        late=sum(each.late for each in chosen),
        organisations=_choices(units),
        page=page,
        pages=pages,
    )


def whole_ledger(*, official_id: UUID, now: datetime, asked: LedgerFilter) -> tuple[LedgerRow, ...]:
    """All that is asked for, on one page: for a file."""
    return _with_clocks([each for each in _rows(official_id, now) if _fits(each, asked)], now)


def _choices(units: dict[int, str]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted(units.items(), key=lambda each: name_key(each[1]))) if len(units) > 1 else ()


def _fits(row: LedgerRow, asked: LedgerFilter) -> bool:
    return (
        asked.organisation in (None, row.organisation_id)
        and asked.outcome in (None, row.outcome)
        and asked.late in (None, row.late)
    )


def _rows(official_id: UUID, now: datetime) -> list[LedgerRow]:
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    steps: dict[UUID, list[_Step]] = {}
    for step in _entered(reach):
        steps.setdefault(step["order_id"], []).append(step)
    names = registry.organisation_names({each[0]["order__organisation_id"] for each in steps.values()}, today)
    rows = [_row(each, names, today) for each in steps.values()]
    return sorted(rows, key=lambda row: (row.until or date.max, row.number))


def _entered(reach: Collection[int]) -> Sequence[_Step]:
    entered = OrderStep.objects.filter(act__in=_ENTERS, order__organisation_id__in=reach)
    entered = entered.exclude(order__state=State.CLOSED)
    told = OrderStep.objects.filter(act__in=_TELLS, order__in=entered.values("order_id"))
    return list(told.order_by("order_id", "revision").values(*_KEPT))


def _row(steps: list[_Step], names: Mapping[int, str], today: date) -> LedgerRow:
    asked = next(step for step in reversed(steps) if step["act"] in _ENTERS)
    unit, until = asked["order__organisation_id"], asked["said"].get("until")
    day = date.fromisoformat(until) if until else None
    return LedgerRow(
        id=asked["order_id"],
        number=asked["order__number"],
        organisation_id=unit,
        organisation=names.get(unit, ""),
        state=State(asked["order__state"]),
        reason=asked["note"],
        until=day,
        late=day is not None and day < today,
        entered=local_day(asked["at"]),
        outcome=_outcome(asked, steps),
    )


def _outcome(asked: _Step, steps: list[_Step]) -> Outcome:
    if asked["act"] == Act.PLAN:
        return Outcome.PLAN
    if not asked["said"].get("waits"):
        return Outcome.GRANTED
    decided = [step["act"] for step in steps if step["revision"] > asked["revision"]]
    if Act.GRANT_EXTENSION in decided:
        return Outcome.GRANTED
    return Outcome.REFUSED if Act.REFUSE_EXTENSION in decided else Outcome.WAITS


def _with_clocks(rows: Sequence[LedgerRow], now: datetime) -> tuple[LedgerRow, ...]:
    orders = with_rectified(WorkOrder.objects.filter(pk__in=[each.id for each in rows]))
    clocks = {each.id: each.clock for each in order_rows(orders, now)}
    return tuple(replace(each, clock=clocks.get(each.id)) for each in rows)
