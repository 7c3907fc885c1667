"""The rated contest a rating: states and acts of an objection, what the rules let it be, what it leads to. Pure.

Kunming, article 10: 书面复核申请 within three working days, decided and answered by the authority of the same level within
ten, 排除误评和恶意差评. An appeal (申诉) is a second objection, against the decision on the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.counting import Due
from haochaping.policy.limits import Limit
from haochaping.policy.objections import GROUNDS, Objection, Voiding
from haochaping.policy.profile import Profile
from haochaping.policy.values import Value
from haochaping.rectification.rules import Clock, ClockKind
from haochaping.tallies.rules import share

_ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """Each is a dimension of the rules by this name."""

    OBJECTION = "objection"
    APPEAL = "appeal"


# By which dimension an objection's own deadline is laid down, and the event that its decision is.
REVIEWS: Final[Mapping[Kind, str]] = {Kind.OBJECTION: "review", Kind.APPEAL: "appeal_review"}
# The step of the rules that the decision is.
REVIEW_STEPS: Final[Mapping[Kind, str]] = {Kind.OBJECTION: "decision", Kind.APPEAL: "appeal_decision"}


class By(StrEnum):
    """In whose name. What a person puts in writing his unit enters."""

    ORGANISATION = "rated_organisation"
    PERSON = "rated_person"


class State(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"  # one person would uphold it and have the rating not count: undecided until another confirms
    DECIDED = "decided"
    VOIDING = "voiding"  # upheld by the body's silence: one person would have the rating not count
    RESTORING = "restoring"  # one person would have the rating count again
    WITHDRAWN = "withdrawn"


PENDING: Final = frozenset({State.FILED, State.ACCEPTED, State.PROPOSED})
PROPOSALS: Final = frozenset({State.PROPOSED, State.VOIDING, State.RESTORING})
# Somebody is still to decide or to confirm something.
UNENDED: Final = PENDING | PROPOSALS


class Act(StrEnum):
    FILE = "file"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECIDE = "decide"
    VOID = "void"
    RESTORE = "restore"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    LAPSE = "lapse"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states an act leads on, and who may. Where it leads to depends on what was said (`operations`)."""

    sources: frozenset[State]
    permission: Permission


_BODY: Final = Permission.DECIDE_OBJECTIONS
TRANSITIONS: Final[Mapping[Act, Transition]] = {
    Act.WITHDRAW: Transition(PENDING, Permission.FILE_OBJECTIONS),
    Act.ACCEPT: Transition(frozenset({State.FILED}), _BODY),
    Act.DECIDE: Transition(frozenset({State.FILED, State.ACCEPTED}), _BODY),
    Act.VOID: Transition(frozenset({State.DECIDED}), _BODY),
    Act.RESTORE: Transition(frozenset({State.DECIDED}), _BODY),
    Act.CONFIRM: Transition(PROPOSALS, Permission.CONFIRM_VOIDING),
    Act.SEND_BACK: Transition(PROPOSALS, Permission.CONFIRM_VOIDING),
}


class Outcome(StrEnum):
    UPHELD = "upheld"
    REFUSED = "refused"
    UNESTABLISHED = "unestablished"


class OrderMark(StrEnum):
    """What an objection did to the order: it stands in the order's history."""

    VOIDED = "voided"
    RESTORED = "restored"


class Barrier(StrEnum):
    """Why nothing can be filed."""

    NOT_LAID_DOWN = "not_laid_down"
    NO_BODY = "no_body"
    NOTHING_DECIDED = "nothing_decided"  # an appeal, and there is no decision against which
    PENDING = "pending"
    SETTLED = "settled"  # the rating does not count any more, or was taken back
    TIMES = "times"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Past:
    """What was filed before about the rating. `times`: how often of this kind."""

    pending: bool = False
    settled: bool = False
    times: int = 0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """What the rated say. `ground` is one of the rules' words, `evidence` names what it rests on."""

    by: str
    ground: str
    reasons: str
    evidence: str = ""


def rule_of(rules: Profile, kind: Kind) -> Value[Objection] | None:
    """What is laid down of it; None for 未规定."""
    return rules.objection if kind is Kind.OBJECTION else rules.appeal


def review_limit(rules: Profile, kind: Kind) -> Value[Limit] | None:
    """Within what it is decided; None for 未规定."""
    return rules.review if kind is Kind.OBJECTION else rules.appeal_review


def barrier(
    kind: Kind, rule: Objection | None, *, due: Due | None, body: bool, past: Past, now: datetime
) -> Barrier | None:
    """Why nothing can be filed at `now`; None where it can. `body`: who decides is laid down and known.

    A limit that no notice has settled closes nothing.
    """
    if rule is None:
        return Barrier.NOT_LAID_DOWN
    if past.pending:
        return Barrier.PENDING
    if past.settled:
        return Barrier.SETTLED
    if kind is Kind.APPEAL and not past.refused:
        return Barrier.NOTHING_DECIDED
    if rule.times is not None and past.times >= rule.times:
        return Barrier.TIMES
    if due is not None and not due.provisional and now >= due.due_at:
        return Barrier.LATE
    return None if body else Barrier.NO_BODY


def filers(rule: Objection) -> tuple[By, ...]:
    """In whose name it may be filed; where the rules leave it open, in either."""
    return tuple(each for each in By if not rule.by or each in rule.by)


def grounds_of(rule: Objection) -> tuple[str, ...]:
    """For which grounds; where the rules name none, for any."""
    return rule.grounds or tuple(GROUNDS)


def ground_words(ground: str) -> str:
    """A ground as the regulations say it."""
    return GROUNDS.get(ground, ground.removeprefix("named:"))


def effect_of(voiding: Voiding | None, ground: str) -> str:
    """What an upheld ground does to the rating; "" where the rules do not let it have any effect."""
    return voiding.effect if voiding is not None and ground in voiding.grounds else ""


def acts_in(state: State, *, effect: str, voids: bool) -> tuple[Act, ...]:
    """What can be done, whoever may. `effect` stands now; `voids`: it was upheld on a ground by which the rating would not
    count."""
    found = (act for act, each in TRANSITIONS.items() if state in each.sources)
    possible = {Act.RESTORE: bool(effect), Act.VOID: voids and not effect}
    return tuple(act for act in found if possible.get(act, True))


def review_clock(
    due_at: datetime | None, *, provisional: bool, clause: str, now: datetime, calendar: WorkCalendar
) -> Clock:
    """How long the body has left: in working days, today not counted. Nothing laid down, or not begun, has no `last_day`."""
    if due_at is None:
        return Clock(ClockKind.NOT_LAID_DOWN, clause=clause)
    today, last_day = local_day(now), local_day(due_at - timedelta(microseconds=1))
    if now >= due_at:
        kind = ClockKind.PROVISIONAL_OVER if provisional else ClockKind.OVERDUE
        days = calendar.workdays_between(last_day + _ONE_DAY, today)
    elif today == last_day:
        kind, days = ClockKind.LAST_DAY, 0
    else:
        kind, days = ClockKind.RUNNING, calendar.workdays_between(today + _ONE_DAY, last_day)
    return Clock(kind, days, last_day, provisional, clause)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a body decided, by persons; `by_silence` apart, `overdue` is undecided though its limit is over."""

    upheld: int = 0
    refused: int = 0
    unestablished: int = 0
    by_silence: int = 0
    pending: int = 0
    overdue: int = 0

    @property
    def decided(self) -> int:
        return self.upheld + self.refused + self.unestablished

    @property
    def overturned(self) -> Decimal | None:
        """The share of what was decided that was upheld; None where nothing was decided."""
        return share(self.upheld, self.decided)
