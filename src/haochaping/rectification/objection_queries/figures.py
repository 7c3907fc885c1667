"""How objections end, by the body that decides: what of a body's decisions went against the citizen, and what waits."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.rectification.contests import PENDING, Decisions, Outcome, State
from haochaping.rectification.models import Objection
from haochaping.rectification.objection_queries.shown import holds
from haochaping.rectification.operations.contesting import reviewed
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry


def decisions_by_body(*, official_id: UUID, now: datetime) -> tuple[tuple[str, Decisions], ...]:
    """(name of the body, what it decided) for each body in the official's reach that had an objection, by name."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    by_persons = Q(state__in=[State.DECIDED, State.VOIDING, State.RESTORING], by_silence=False)
    overdue = Q(state__in=PENDING, due_at__lte=now, due_provisional=False)
    counted = (
        Objection.objects.filter(body_id__in=reach)
        .values("body_id")
        .annotate(
            upheld=Count("pk", filter=by_persons & Q(outcome=Outcome.UPHELD)),
            refused=Count("pk", filter=by_persons & Q(outcome=Outcome.REFUSED)),
            unestablished=Count("pk", filter=by_persons & Q(outcome=Outcome.UNESTABLISHED)),
            silent=Count("pk", filter=Q(by_silence=True)),
            waiting=Count("pk", filter=Q(state__in=PENDING)),
            late=Count("pk", filter=overdue),
        )
    )
    rows = list(counted)
    names = registry.organisation_names({row["body_id"] for row in rows}, today)
    found = [
        (
            names.get(row["body_id"], ""),
            Decisions(
                row["upheld"],
                row["refused"],
                row["unestablished"],
                row["silent"],
                row["waiting"],
                row["late"],
            ),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each[0]))


def held_back(effect: str) -> frozenset[UUID]:
    """The ratings of which an undecided objection has this effect by the rules (a word of `Objection.pending`:
    not_counted, not_published, revisit_waits), for who scores, publishes and revisits: for no page."""
    pending = Objection.objects.filter(state__in=PENDING).select_related("order")
    return frozenset(each.order.subject_id for each in _having(effect, pending))


def held_back_orders(effect: str) -> frozenset[UUID]:
    """The orders of those ratings."""
    pending = Objection.objects.filter(state__in=PENDING).select_related("order")
    return frozenset(each.order_id for each in _having(effect, pending))


def is_held_back(order_id: UUID, effect: str) -> bool:
    """The same of the rating of one order."""
    pending = Objection.objects.filter(state__in=PENDING, order_id=order_id).select_related("order")
    return any(_having(effect, pending))


def _having(effect: str, pending: Iterable[Objection]) -> Iterator[Objection]:
    rules = rulebook()
    return (each for each in pending if effect in holds(reviewed(each, rulebook=rules)))
