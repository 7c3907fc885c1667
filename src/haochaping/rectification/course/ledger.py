"""The ledger (台账): what cannot be set right in time, why, and until when it will be.

Kunming, article 12: whoever cannot set it right within the limit says why and until when.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from haochaping.foundation.clock import local_day
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act, State
from haochaping.registry import queries as registry

LONGEST: Final = 200
_ENTERED: Final = (Act.PLAN, Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One order. `reason`: the last that was given; `until`: the date that was given with it, None for none; `entered`: the
    day of it. `outcome`: "plan", "waits", "granted" or "refused"."""

    id: UUID
    number: str
    organisation: str
    state: State
    reason: str
    until: date | None
    entered: date
    outcome: str
    due_at: datetime | None


def ledger_rows(reach: Collection[int], now: datetime) -> tuple[LedgerRow, ...]:
    """The open orders of these organisations that are in the ledger, by the date that was given, those without one last."""
    steps: dict[UUID, list[OrderStep]] = {}
    found = OrderStep.objects.filter(act__in=_ENTERED, order__organisation_id__in=reach)
    found = found.exclude(order__state=State.CLOSED).select_related("order")
    for step in found.order_by("order_id", "revision")[: LONGEST * len(_ENTERED)]:
        steps.setdefault(step.order_id, []).append(step)
    today = local_day(now)
    units = {each[-1].order.organisation_id for each in steps.values()}
    names = registry.organisation_names(units, today)
    rows = [_row(each, names.get(each[-1].order.organisation_id, "")) for each in steps.values()]
    return tuple(sorted(rows, key=lambda row: (row.until or date.max, row.number))[:LONGEST])


def _row(steps: list[OrderStep], organisation: str) -> LedgerRow:
    asked = next(step for step in reversed(steps) if step.act in (Act.PLAN, Act.ASK_EXTENSION))
    order: WorkOrder = asked.order
    until = asked.said.get("until")
    return LedgerRow(
        order.id,
        order.number,
        organisation,
        State(order.state),
        asked.note,
        date.fromisoformat(until) if until else None,
        local_day(asked.at),
        _outcome(asked, steps),
        order.due_at,
    )


def _outcome(asked: OrderStep, steps: list[OrderStep]) -> str:
    if asked.act == Act.PLAN:
        return "plan"
    if not asked.said.get("waits"):
        return "granted"
    decided = [step.act for step in steps if step.revision > asked.revision]
    if Act.GRANT_EXTENSION in decided:
        return "granted"
    return "refused" if Act.REFUSE_EXTENSION in decided else "waits"
