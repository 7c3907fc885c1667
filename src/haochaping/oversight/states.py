"""What a citizen may report of pressure, and the way of such a report: one table, keyed by one enum."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The act by which the proof of a term is on record, by what is kept.
PROVED: Final = "retention.prove"


# The ways by which notices go out of the house, by the number that an alarm about one has in place of a channel's.
CARRIERS: Final[Mapping[int, str]] = {1: "email", 2: "sms"}


class Matter(StrEnum):
    """What happened: Guangdong's 三不 (nobody may force or disturb the rater), Kunming, article 11 (弄虚作假, 故意刁难,
    打击报复)."""

    PRESSED = "pressed"
    CHANGE = "change"
    OBSTRUCTION = "obstruction"
    RETALIATION = "retaliation"
    FABRICATION = "fabrication"


class Source(StrEnum):
    """By what right a report refers to a service: the printed link, the rater's own receipt, or to none."""

    LINK = "link"
    RECEIPT = "receipt"
    PORTAL = "portal"


class State(StrEnum):
    RECEIVED = "received"
    TAKEN = "taken"
    DECIDED = "decided"
    ANSWERED = "answered"


class Act(StrEnum):
    TAKE = "take"
    NOTE = "note"
    DECIDE = "decide"
    ANSWER = "answer"


class Verdict(StrEnum):
    """What the authority decided."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    DISCIPLINE = "discipline"


@dataclass(frozen=True, slots=True)
class Transition:
    """An act is done in one of `sources` and leads to `target` (None: the state stays). `least` and `most` are the
    characters of its text, none where `most` is 0; `verdict` says whether it needs one."""

    act: Act
    sources: frozenset[State]
    target: State | None
    least: int = 0
    most: int = 0
    verdict: bool = False


TRANSITIONS: Final[Mapping[Act, Transition]] = {
    transition.act: transition
    for transition in (
        Transition(Act.TAKE, frozenset({State.RECEIVED}), State.TAKEN),
        Transition(
            Act.NOTE, frozenset({State.TAKEN, State.DECIDED, State.ANSWERED}), None, least=2, most=2000
        ),
        Transition(Act.DECIDE, frozenset({State.TAKEN}), State.DECIDED, least=10, most=2000, verdict=True),
        Transition(Act.ANSWER, frozenset({State.DECIDED}), State.ANSWERED, least=10, most=2000),
    )
}


def acts_in(state: State) -> tuple[Act, ...]:
    """What may be done in a state, what leads on first."""
    allowed = [each for each in TRANSITIONS.values() if state in each.sources]
    return tuple(each.act for each in sorted(allowed, key=lambda each: each.target is None))
