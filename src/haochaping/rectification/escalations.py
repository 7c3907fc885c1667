"""What the rules set off while the limit of an order nears its end and after it: each with its instant. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation
from haochaping.policy.values import Value
from haochaping.rectification.states import State

# The step whose end is an order's `due_at`, and in which states its limit runs.
STEP: Final = "rectification"
RUNNING: Final = frozenset({State.VERIFIED})
NEARING: Final = "nearing"
OVERDUE: Final = "overdue"
# What somebody did an instant before midnight may still be on its way to the database.
GRACE: Final = timedelta(seconds=60)
_ONE_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


class Stand(StrEnum):
    """Where an escalation stands. `LAPSED`: when its instant came, what it was about was no longer so. `COUNTED`: one of the
    times of what is repeated, and not yet so many as the rule asks for."""

    PLANNED = "planned"
    SET_OFF = "set_off"
    LAPSED = "lapsed"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Planned:
    """One rule's word: `happened` and `action` as in the rules' words (`policy.redress.Escalation`), `body` to whom it goes,
    "" where that is not laid down; `at` from when on."""

    rule: str
    happened: str
    action: str
    body: str
    at: datetime
    clause: str


def tells_the_hour(rules: Profile, events: Mapping[str, datetime]) -> bool:
    """Whether who knows the instant at which the limit for rectification ends would know the hour of the rating: it is
    counted in hours from the rating, or from the opening of the order, which follows at once."""
    limit = rules.rectification.value if rules.rectification else None
    due = rules.due(limit, Course(events))
    start = limit.start(events) if limit else None
    if due is None or start is None or due.last_day is not None:
        return False
    return events[start] in {events.get("rating"), events.get("opening")}


def planned(
    rules: Profile,
    events: Mapping[str, datetime],
    due_at: datetime,
    *,
    step: str = STEP,
    by_day: bool = False,
) -> tuple[Planned, ...]:
    """What follows by these rules of the limit of a step that ends at `due_at` and is settled, by instant.

    `events`: what has happened, as limits name it. `by_day`: nothing is set off within a day, only when it has ended. Of
    what is overdue several times nothing is said here, nor of what depends on holidays that are not settled.
    """
    course = Course({**events, "due": due_at})
    found = [
        each
        for key, value in rules.escalations.items()
        if (each := _planned(rules, key, value, course, step))
    ]
    if by_day:
        found = [replace(each, at=_next_midnight(each.at)) for each in found]
    return tuple(sorted(found, key=lambda each: (each.at, each.rule)))


def _next_midnight(at: datetime) -> datetime:
    """The instant itself where it is one."""
    return due_instant(local_day(at - _MOMENT))


def _planned(rules: Profile, key: str, value: Value[Escalation], course: Course, step: str) -> Planned | None:
    rule = value.value
    if rule.on not in (NEARING, OVERDUE) or rule.step not in (None, step) or rule.times not in (None, 1):
        return None
    at = _instant(rules, rule, course)
    if at is None:
        return None
    return Planned(key, rule.on, rule.action, rule.to or "", at, value.citation)


def _instant(rules: Profile, rule: Escalation, course: Course) -> datetime | None:
    if rule.limit is None:
        return course.events["due"]
    due = rules.due(rule.limit, course)
    if due is None or due.provisional:
        return None
    # A last day in time begins a day before the instant at which it is over; what is near is near from its morning on.
    return due.due_at - _ONE_DAY if rule.on == NEARING and due.last_day is not None else due.due_at
