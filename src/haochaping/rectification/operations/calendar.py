"""A year's holiday notice comes in: every open deadline is counted anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from haochaping.audit import operations as audit
from haochaping.cases.operations import InstantMoved, recount_waiting
from haochaping.foundation.workdays import DECEMBER_FROM_DAY
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.operations import recount_after_defaults
from haochaping.rectification.course.limits import AFTERWARDS
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations.clocks import Moved, recount_order
from haochaping.rectification.operations.lapsing import ReviewMoved, rederive_reviews
from haochaping.rectification.operations.moving import Cite, note_moves
from haochaping.rectification.operations.silence import silence_due
from haochaping.rectification.rules import last_day_of
from haochaping.rectification.states import State


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """An order of which a limit now ends at another instant, or is settled now: that of the step `what`, or that for the
    verdict on the answer, after which `silence` counts."""

    number: str
    what: str
    old: datetime
    old_provisional: bool
    new: datetime
    new_provisional: bool


@dataclass(frozen=True, slots=True)
class Rederived:
    """What moved: of occasions that can be rated, of orders, and of objections until when they are decided. `changed`:
    anything moved, or the notice was not in before."""

    occasions: tuple[InstantMoved, ...]
    orders: tuple[OrderMoved, ...]
    changed: bool
    objections: tuple[ReviewMoved, ...] = ()


def load_calendar_year(
    *,
    rulebook: Rulebook,
    year: int,
    clause: str,
    known: bool,
    store: Callable[[], None],
    now: datetime,
    actor: str,
    dry_run: bool = False,
) -> Rederived:
    """Counts every open deadline by a rulebook whose calendar holds the year, and keeps the year by `store`.

    One transaction; `known`: the very same year was in before. Loading it again changes nothing and leaves no audit row.
    `clause`: the notice. With `dry_run` nothing is written.
    """
    with transaction.atomic():
        occasions = _recount_occasions(rulebook, now)
        orders = tuple(_rederive_all(rulebook, lambda _: clause, now))
        reviews = tuple(rederive_reviews(rulebook, lambda _: clause, now=now))
        moved = bool(occasions or orders or reviews)
        found = Rederived(occasions, orders, changed=moved or not known, objections=reviews)
        if dry_run:
            transaction.set_rollback(True)
            return found
        if found.changed:
            audit.record(
                now=now,
                actor=actor,
                act="calendar.load",
                subject=f"calendar:{year}",
                clause=clause[:200],
                detail=_detail(occasions, len(orders), len(reviews)),
            )
        # Last: a file that is kept while the rows are not is put right by loading it again.
        if not known:
            store()
    return found


@transaction.atomic
def rederive_deadlines(
    *, rulebook: Rulebook, now: datetime, actor: str, notices: Mapping[int, str] | None = None
) -> int:
    """Counts every open deadline anew by the calendar that is in; how many moved.

    For those that a process which had not seen the notice yet counted after it was loaded. One audit row if any moved.
    `notices`: year → its notice, to be told with what moved.
    """

    def cite(moved: Moved) -> str:
        # What was settled before was not moved by a notice.
        return notice_for(moved.new, notices or {}) if moved.new and moved.old_provisional else ""

    occasions, orders = _recount_occasions(rulebook, now), _rederive_all(rulebook, cite, now)
    detail = _detail(occasions, len(orders), len(rederive_reviews(rulebook, cite, now=now)))
    if moved := sum(detail.values()):
        audit.record(now=now, actor=actor, act="calendar.rederive", detail=detail)
    return moved


def notice_for(at: datetime, notices: Mapping[int, str]) -> str:
    """The notice that settled a limit which ends at this instant: that of its last day's year, and of the last days of
    December that of the next one, which may take of them; "" where it is not known."""
    day = last_day_of(at)
    later = notices.get(day.year + 1) if (day.month, day.day) >= (12, DECEMBER_FROM_DAY) else None
    return later or notices.get(day.year, "")


def _detail(occasions: Sequence[InstantMoved], orders: int, objections: int) -> dict[str, int]:
    """How many moved, for the audit row; of objections only where there are any."""
    found = {"instants": sum(each.number for each in occasions), "orders": orders}
    return found | ({"objections": objections} if objections else {})


def _recount_occasions(rulebook: Rulebook, now: datetime) -> tuple[InstantMoved, ...]:
    return (*recount_waiting(rulebook=rulebook, now=now), *recount_after_defaults(rulebook=rulebook, now=now))


def _rederive_all(rulebook: Rulebook, cite: Cite, now: datetime) -> list[OrderMoved]:
    return [*_rederive_orders(rulebook, cite, now), *_rederive_silences(rulebook)]


def _rederive_silences(rulebook: Rulebook) -> list[OrderMoved]:
    moved = []
    waiting = WorkOrder.objects.select_for_update().filter(silence_at__isnull=False)
    for order in waiting.order_by("id"):
        due = silence_due(order, rulebook)
        if due is None or order.silence_at is None:
            continue
        old, was = order.silence_at, order.silence_provisional
        if (due.due_at, due.provisional) == (old, was):
            continue
        moved.append(OrderMoved(order.number, "silence", old, was, due.due_at, due.provisional))
        order.silence_at, order.silence_provisional = due.due_at, due.provisional
        order.save(update_fields=["silence_at", "silence_provisional"])
    return moved


def _rederive_orders(rulebook: Rulebook, cite: Cite, now: datetime) -> list[OrderMoved]:
    """Every limit of the orders that are open, or of which something is still owed, by the code that counted it first; each
    order tells what moved."""
    limited = Q(due_at__isnull=False) | Q(id__in=OrderDeadline.objects.values("order_id"))
    owed = OrderDeadline.objects.filter(step__in=AFTERWARDS, met_at__isnull=True).values("order_id")
    concerned = ~Q(state=State.CLOSED) | Q(id__in=owed, exclusion="")
    orders = WorkOrder.objects.select_for_update().filter(limited, concerned)
    found = []
    for order in orders.order_by("id"):
        moved = recount_order(order, rulebook, now=now, by_notice=True)
        note_moves(order, moved, cite, now)
        found += [
            OrderMoved(
                order.number, each.step, each.old, each.old_provisional, each.new, each.new_provisional
            )
            for each in moved
            if each.old is not None and each.new is not None
        ]
    return found
