"""What became of bad ratings, counted by the words of the rules, for who scores: of the services of a span of days, as it
stands at an instant.

An order counts for the organisation that was rated, on the day of the service, whoever handles it and whenever that was.
Orders whose rating counts no more are in no number but `voided`, `objections` and `objections_upheld`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from haochaping.ratings.queries.held import RatedOf, rated_of
from haochaping.rectification.contests import Outcome
from haochaping.rectification.models import Objection, OrderDeadline, OrderStep, WorkOrder
from haochaping.rectification.states import Act, Exclusion, Finding, State, Verdict
from haochaping.registry import queries as registry

# Every word that is counted here: nought where nothing of the kind happened.
WORDS: Final = (
    "orders",
    "orders_due",
    "received_in_time",
    "contacted",
    "contacted_in_time",
    "verified",
    "verified_in_time",
    "rectified",
    "rectified_in_time",
    "overdue",
    "extended",
    "returned",
    "answered",
    "answered_in_time",
    "no_legal_basis",
    "bad_named",
    "bad_verified",
    "verdicts",
    "verdicts_satisfied",
    "voided",
    "objections",
    "objections_upheld",
)
_WEEK: Final = timedelta(days=6)
# A word, the act that it counts, and the step whose limit it must have met to be in time.
_ACTS: Final = (
    ("", Act.TAKE, "receipt", "received_in_time"),
    ("contacted", Act.CONTACT, "contact", "contacted_in_time"),
    ("verified", Act.VERIFY, "verification", "verified_in_time"),
    ("rectified", Act.RECTIFY, "rectification", "rectified_in_time"),
    ("extended", Act.GRANT_EXTENSION, "", ""),
    ("returned", Act.SEND_BACK, "", ""),
)
_TRUE: Final = frozenset({Finding.TRUE.value, Finding.PARTLY.value})


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """Of one order: whose service it is about, and its counts by word; 0 is left out. `bad_class`: a key of the rules'
    classes, "" for not classified."""

    id: UUID
    about: RatedOf
    named: bool
    bad_class: str
    counts: Mapping[str, int]


def order_counts(*, first: date, last: date, at: datetime) -> tuple[OrderCounts, ...]:
    """Of the orders about services of these days, both included, by what was done before `at`."""
    opened = WorkOrder.objects.filter(week__gte=first - _WEEK, week__lte=last, opened_at__lte=at)
    orders = {each.id: each for each in opened.exclude(organisation_id__in=registry.trial_organisations())}
    rated = rated_of([each.subject_id for each in orders.values()])
    within = {
        key: each
        for key, each in orders.items()
        if (about := rated.get(each.subject_id)) is not None and first <= about.day <= last
    }
    steps, limits, contested = _steps(within, at), _limits(within), _contested(within, at)
    return tuple(
        OrderCounts(
            id=key,
            about=rated[order.subject_id],
            named=order.named,
            bad_class=order.bad_class,
            counts=_counts(order, steps.get(key, ()), limits.get(key, {}), at) | contested.get(key, {}),
        )
        for key, order in sorted(within.items(), key=lambda each: each[1].number)
    )


def _counts(
    order: WorkOrder, steps: Iterable[OrderStep], limits: Mapping[str, OrderDeadline], at: datetime
) -> dict[str, int]:
    if order.exclusion:
        return {"voided": 1} if order.exclusion == Exclusion.VOIDED else {}
    steps = list(steps)
    found = {"orders": 1}
    acts = {step.act for step in steps}
    for word, act, step, in_time in _ACTS:
        if act in acts:
            found |= {word: 1} if word else {}
            found |= {in_time: 1} if step and _in_time(limits.get(step)) else {}
    if any(step.act in set(Act) and step.to_state == State.ANSWERED for step in steps):
        found |= {"answered": 1} | ({"answered_in_time": 1} if _in_time(limits.get("answer")) else {})
    verified = Act.VERIFY in acts
    found |= {"bad_named": 1} if order.named else {}
    found |= {"bad_verified": 1} if verified and order.finding in _TRUE else {}
    found |= {"no_legal_basis": 1} if verified and order.finding == Finding.NO_BASIS else {}
    found |= {"verdicts": 1} if order.verdict else {}
    found |= {"verdicts_satisfied": 1} if order.verdict == Verdict.SATISFIED else {}
    return found | _due(limits.get("rectification"), at)


def _in_time(limit: OrderDeadline | None) -> bool:
    """Whether it was done before the end of its limit. Of what has no limit nothing is in time or late."""
    return (
        limit is not None
        and limit.met_at is not None
        and limit.due_at is not None
        and limit.met_at < limit.due_at
    )


def _due(limit: OrderDeadline | None, at: datetime) -> dict[str, int]:
    """Whether the rectification was due by then: its limit is over, or it is done. A provisional end is none."""
    if limit is None or limit.due_at is None:
        return {}
    over = limit.due_at <= at and not limit.provisional
    late = over and not _in_time(limit)
    return ({"orders_due": 1} if over or limit.met_at is not None else {}) | ({"overdue": 1} if late else {})


def _steps(orders: Iterable[UUID], at: datetime) -> dict[UUID, list[OrderStep]]:
    found: dict[UUID, list[OrderStep]] = {}
    for step in OrderStep.objects.filter(order__in=list(orders), at__lte=at).order_by("order_id", "revision"):
        found.setdefault(step.order_id, []).append(step)
    return found


def _limits(orders: Iterable[UUID]) -> dict[UUID, dict[str, OrderDeadline]]:
    found: dict[UUID, dict[str, OrderDeadline]] = {}
    for limit in OrderDeadline.objects.filter(order__in=list(orders)):
        found.setdefault(limit.order_id, {})[limit.step] = limit
    return found


def _contested(orders: Iterable[UUID], at: datetime) -> dict[UUID, dict[str, int]]:
    """Objections filed, and those that were upheld by then, by order."""
    found: dict[UUID, dict[str, int]] = {}
    for each in Objection.objects.filter(order__in=list(orders), filed_at__lte=at):
        counts = found.setdefault(each.order_id, {"objections": 0})
        counts["objections"] += 1
        if each.outcome == Outcome.UPHELD and each.decided_at is not None and each.decided_at <= at:
            counts["objections_upheld"] = counts.get("objections_upheld", 0) + 1
    return found
