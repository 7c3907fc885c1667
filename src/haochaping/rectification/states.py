"""The states of a work order and the acts between them: one table, keyed by one enum."""

from dataclasses import dataclass
from enum import StrEnum

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


class Finding(StrEnum):
    """What verification found."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"


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


def next_act(state: State) -> Act | None:
    """The one act that leads on from a state; None at the end."""
    return next((act for act, transition in TRANSITIONS.items() if transition.source == state), None)
