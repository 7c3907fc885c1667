"""The states of a work order and the acts between them: one table, keyed by one enum."""

from dataclasses import dataclass
from enum import StrEnum


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
    """An act leads from one state to another; `rule` names the profile's rule whose clock it starts or obeys."""

    act: Act
    source: State
    target: State
    rule: str = ""


TRANSITIONS: dict[Act, Transition] = {
    transition.act: transition
    for transition in (
        Transition(Act.TAKE, State.OPENED, State.TAKEN),
        Transition(Act.VERIFY, State.TAKEN, State.VERIFIED, rule="rectification"),
        Transition(Act.RECTIFY, State.VERIFIED, State.RECTIFIED, rule="rectification"),
        Transition(Act.ANSWER, State.RECTIFIED, State.ANSWERED, rule="rectification"),
        Transition(Act.CLOSE, State.ANSWERED, State.CLOSED),
    )
}
