"""The states of a work order and the acts between them: one table, keyed by one enum. Apart from it: what the rater does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from haochaping.accounts.rules import Permission


class State(StrEnum):
    OPENED = "opened"
    TAKEN = "taken"
    VERIFIED = "verified"
    RECTIFIED = "rectified"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    TAKE = "take"
    VERIFY = "verify"
    RECTIFY = "rectify"
    ANSWER = "answer"
    CLOSE = "close"


class RaterAct(StrEnum):
    """What the rater did to an order by what he said later, or by his silence (SILENT) where the rules take that for a
    verdict. It stands in the history; its time is nobody's to see."""

    CORRECTED = "rater_corrected"
    ADDED = "rater_added"
    ANONYMOUS = "rater_anonymous"
    TAKEN_BACK = "rater_taken_back"
    VERDICT = "rater_verdict"
    SILENT = "rater_silent"


class Exclusion(StrEnum):
    """Why an order is closed without having been handled to its end."""

    CORRECTED = "corrected"
    VOIDED = "voided"  # an objection was upheld: the rating does not count
    TAKEN_BACK = "taken_back"


class Verdict(StrEnum):
    """What the rater made of the last answer, or his silence counts for."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"


class SetOff(StrEnum):
    """What a verdict that is not satisfied sets off: words of the rules."""

    REOPEN = "reopen"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"
    REVIEW = "review"


class Finding(StrEnum):
    """What verification found."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"


# A finding in the words that rules select by.
FINDINGS: Final[Mapping[str, str]] = {
    Finding.TRUE: "upheld",
    Finding.PARTLY: "partly_upheld",
    Finding.UNTRUE: "rejected",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """An act leads from one state to another; `permission` says who may.

    `rule` names the profile's rule that is its clause. `least` and `most` are the characters of the text that
    the act needs, none where `most` is 0; `finding` says whether it needs one.
    """

    act: Act
    source: State
    target: State
    permission: Permission = Permission.HANDLE_ORDERS
    rule: str = ""
    least: int = 0
    most: int = 0
    finding: bool = False


TRANSITIONS: dict[Act, Transition] = {
    transition.act: transition
    for transition in (
        Transition(Act.TAKE, State.OPENED, State.TAKEN),
        Transition(
            Act.VERIFY, State.TAKEN, State.VERIFIED, rule="rectification", least=2, most=1000, finding=True
        ),
        Transition(Act.RECTIFY, State.VERIFIED, State.RECTIFIED, rule="rectification", least=2, most=1000),
        Transition(Act.ANSWER, State.RECTIFIED, State.ANSWERED, rule="rectification", least=10, most=2000),
        Transition(Act.CLOSE, State.ANSWERED, State.CLOSED),
    )
}


# The events of the rules' words that acts are.
EVENTS: dict[Act, str] = {
    Act.TAKE: "receipt",
    Act.VERIFY: "verification",
    Act.RECTIFY: "rectification",
    Act.ANSWER: "answer",
    Act.CLOSE: "closure",
}


def next_act(state: State) -> Act | None:
    """The one act that leads on from a state; None at the end."""
    return next((act for act, transition in TRANSITIONS.items() if transition.source == state), None)
