"""What the rules set off while the limit of a step nears its end and after it: each with its instant. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation
from haochaping.policy.values import Value
from haochaping.rectification.contests import REVIEW_STEPS
from haochaping.rectification.states import ENDED_BY, TABLE, Act, Guard, State, Transition

NEARING: Final = "nearing"
OVERDUE: Final = "overdue"
# What is told when an order's limit passed, and it was not the first time of those that the rule counts.
OVERDUE_AGAIN: Final = "overdue_again"
# The step of a revisit: it is done in the room of revisits, when the order has been answered, and not always by the order's
# own unit: what is said of its limit is for whoever asks.
REVISIT: Final = "revisit"
# What somebody did an instant before midnight may still be on its way to the database.
GRACE: Final = timedelta(seconds=60)
# They lead back to where limits begin anew.
_BACK: Final = frozenset({Act.SEND_BACK, Act.REOPEN})
_ONE_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


class Stand(StrEnum):
    """Where an escalation stands. `LAPSED`: when its instant came, what it was about was no longer so. `UNCOUNTED`: one of
    the times of what is repeated, to be counted when its instant has come; `COUNTED`: it was, and there are not yet so many
    as the rule asks for."""

    PLANNED = "planned"
    SET_OFF = "set_off"
    LAPSED = "lapsed"
    UNCOUNTED = "uncounted"
    COUNTED = "counted"


# What is taken away when a limit is planned anew, or runs no more: what was set off, or counted as a time, has been.
PLANNED_ANEW: Final = (Stand.PLANNED, Stand.UNCOUNTED, Stand.LAPSED)


@dataclass(frozen=True, slots=True)
class Planned:
    """One rule's word: `happened` and `action` as in the rules' words (`policy.redress.Escalation`), `body` to whom it goes,
    "" where that is not laid down; `at` from when on. `same`: of the same what it is counted, in the rules' words, "" where
    each time is set off."""

    rule: str
    happened: str
    action: str
    body: str
    at: datetime
    clause: str
    same: str = ""


def states_before(step: str) -> frozenset[State]:
    """From which states of an order the act that ends a step's limit can still come: what is past it is reminded of nothing.
    While an order is sent back only its dispatch is anybody's to do. A decision on an objection is owed in all."""
    if step in REVIEW_STEPS.values():
        return frozenset(State)
    if step == REVISIT:
        return frozenset({State.ANSWERED, State.CLOSED})
    acts = {row.act for row in _rows(step)}
    found: set[State] = set()
    more = {row.source for row in TABLE if row.act in acts}
    while more - found:
        found |= more
        more = {row.source for row in TABLE if row.target in found and row.act not in _BACK}
    return frozenset(found if step == "dispatch" else found - {State.RETURNED})


def permission_for(step: str) -> Permission:
    """Whoever may end the limit of a step: he is told of it."""
    if step in REVIEW_STEPS.values():
        return Permission.DECIDE_OBJECTIONS
    if step == REVISIT:
        return Permission.CONDUCT_REVISITS
    return next((row.permission for row in _rows(step)), Permission.HANDLE_ORDERS)


def _rows(step: str) -> list[Transition]:
    ends = ENDED_BY.get(step, step)
    return [row for row in TABLE if row.step == ends and row.guard is not Guard.BY_RULE]


def planned(
    rules: Profile, events: Mapping[str, datetime], due_at: datetime, *, step: str, by_day: bool = False
) -> tuple[Planned, ...]:
    """What follows by these rules of the limit of a step that ends at `due_at` and is settled, by instant.

    `events`: what has happened, as limits name it. `by_day`: nothing is set off within a day, only when it has ended: the
    hour would tell when somebody rated. Nothing is said of what depends on holidays that are not settled.
    """
    course = Course({**events, "due": due_at})
    found = [
        each
        for key, value in rules.escalations.items()
        if (each := _planned(rules, key, value, course, step))
    ]
    found += _reported(rules, step, due_at)
    if by_day:
        found = [replace(each, at=_next_midnight(each.at)) for each in found]
    return tuple(sorted(found, key=lambda each: (each.at, each.rule)))


def _reported(rules: Profile, step: str, due_at: datetime) -> list[Planned]:
    """What is not done in time is reported up (上报) where the step itself says so; attempts in vain have no instant."""
    value = rules.steps.get(step)
    if value is None or value.value.if_failed != "escalated" or value.value.attempts is not None:
        return []
    return [Planned(f"steps.{step}", OVERDUE, "report", value.value.to or "", due_at, value.citation)]


def _next_midnight(at: datetime) -> datetime:
    """The instant itself where it is one."""
    return due_instant(local_day(at - _MOMENT))


def _planned(rules: Profile, key: str, value: Value[Escalation], course: Course, step: str) -> Planned | None:
    rule = value.value
    if rule.on not in (NEARING, OVERDUE) or rule.step not in (None, step):
        return None
    at = _instant(rules, rule, course)
    if at is None:
        return None
    return Planned(key, rule.on, rule.action, rule.to or "", at, value.citation, counted_of(rule))


def counted_of(rule: Escalation) -> str:
    """Of the same what the times of a rule are counted; "" where each is set off by itself."""
    return rule.same if rule.times not in (None, 1) else ""


def _instant(rules: Profile, rule: Escalation, course: Course) -> datetime | None:
    if rule.limit is None:
        return course.events["due"]
    due = rules.due(rule.limit, course)
    if due is None or due.provisional:
        return None
    # A last day in time begins a day before the instant at which it is over; what is near is near from its morning on.
    return due.due_at - _ONE_DAY if rule.on == NEARING and due.last_day is not None else due.due_at
