"""What was set off about orders by the rules: on the page of one, and in a list for who looks after them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.rectification.escalations import REVISIT, Stand
from haochaping.rectification.models import Escalation
from haochaping.rectification.rules import last_day_of
from haochaping.rectification.states import State
from haochaping.registry import queries as registry

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class EscalationView:
    """One escalation. `happened`, `action` and `body` are words of the rules, `body` "" where none is laid down; `step`: the
    one whose limit it is about, "" for none, and `last_day` the last one of it; `persons` to how many officials it was told.
    `closed`: the order is, by now."""

    order_id: UUID
    number: str
    organisation: str
    happened: str
    step: str
    action: str
    body: str
    clause: str
    last_day: date | None
    at: datetime
    persons: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Escalated:
    """A page of them, the newest first. `page` counts from 1."""

    rows: tuple[EscalationView, ...]
    number: int
    page: int
    pages: int


def escalations_of(*, order_id: UUID, now: datetime) -> tuple[EscalationView, ...]:
    """All that was set off about an order, in order. Whether he who asks may see the order is for the caller to check."""
    found = _set_off().filter(order_id=order_id).select_related("order")
    return _views(found.order_by("settled_at", "at", "rule", "step"), local_day(now))


def escalated(*, official_id: UUID, now: datetime, page: int = 1) -> Escalated:
    """What was set off about the orders in an official's reach, fifty on a page."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    found = _set_off().filter(order__organisation_id__in=reach)
    number = found.count()
    pages = max(1, -(-number // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = found.select_related("order").order_by("-settled_at", "order__number", "rule", "step")
    return Escalated(_views(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], today), number, page, pages)


def escalations_of_revisits(*, order_id: UUID, now: datetime) -> tuple[EscalationView, ...]:
    """What was set off about the revisits of an order, for who may see those."""
    found = Escalation.objects.filter(order_id=order_id, state=Stand.SET_OFF, step=REVISIT)
    return _views(found.select_related("order").order_by("settled_at", "at", "rule", "step"), local_day(now))


def _set_off() -> "QuerySet[Escalation]":
    """Without that of revisits: who was rated sees nothing of a revisit that another body makes."""
    return Escalation.objects.filter(state=Stand.SET_OFF).exclude(step=REVISIT)


def _views(rows: Iterable[Escalation], today: date) -> tuple[EscalationView, ...]:
    rows = list(rows)
    names = registry.organisation_names({row.order.organisation_id for row in rows}, today)
    return tuple(
        EscalationView(
            order_id=row.order_id,
            number=row.order.number,
            organisation=names.get(row.order.organisation_id, ""),
            happened=row.happened,
            step=row.step,
            action=row.action,
            body=row.body,
            clause=row.clause,
            last_day=last_day_of(row.due_at) if row.step else None,
            at=row.settled_at or row.at,
            persons=row.persons or 0,
            closed=row.order.state == State.CLOSED,
        )
        for row in rows
    )
