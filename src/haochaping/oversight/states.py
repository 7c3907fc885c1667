"""What a citizen may report of pressure, and the way of such a report: one table, keyed by one enum."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The act by which the proof of a term is on record, by what is kept.
PROVED: Final = "retention.prove"


# The ways by which notices go out of the house, by the number that an alarm about one has in place of a channel's.
CARRIERS: Final[Mapping[int, str]] = {1: "email", 2: "sms", 3: "video"}


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
    """In the order of the usual way; MEASURED only where something was found."""

    RECEIVED = "received"
    TAKEN = "taken"  # a work order of the authority's own is opened for it
    VERIFIED = "verified"  # looked into, nothing decided yet
    DECIDED = "decided"
    MEASURED = "measured"  # what was found is put right, or handed to the discipline inspection
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    TAKE = "take"
    NOTE = "note"
    VERIFY = "verify"
    DECIDE = "decide"
    MEASURE = "measure"
    ANSWER = "answer"
    CLOSE = "close"
    HAND_UP = "hand_up"
    ESCALATE = "escalate"  # nobody's act: what the rules set off when it was found to be so


class Verdict(StrEnum):
    """What the authority decided."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    DISCIPLINE = "discipline"


# What was found: measures are taken before the answer.
FOUND: Final = frozenset({Verdict.FOUNDED, Verdict.DISCIPLINE})
# The reporter has his answer, and nothing presses.
DONE: Final = frozenset({State.ANSWERED, State.CLOSED})
# What the rules want done about what was found is done.
SETTLED: Final = DONE | {State.MEASURED}


@dataclass(frozen=True, slots=True)
class Transition:
    """An act is done in one of `sources` and leads to `target` (None: the state stays). `least` and `most` are the
    characters of its text, none where `most` is 0; `verdict` says whether it needs one. `aside`: it is not the way on."""

    act: Act
    sources: frozenset[State]
    target: State | None
    least: int = 0
    most: int = 0
    verdict: bool = False
    aside: bool = False


_AT_WORK: Final = frozenset({State.TAKEN, State.VERIFIED, State.DECIDED, State.MEASURED})
TRANSITIONS: Final[Mapping[Act, Transition]] = {
    transition.act: transition
    for transition in (
        Transition(Act.TAKE, frozenset({State.RECEIVED}), State.TAKEN),
        Transition(Act.VERIFY, frozenset({State.TAKEN}), State.VERIFIED, least=10, most=2000),
        Transition(Act.DECIDE, frozenset({State.VERIFIED}), State.DECIDED, least=10, most=2000, verdict=True),
        Transition(Act.MEASURE, frozenset({State.DECIDED}), State.MEASURED, least=10, most=2000),
        Transition(
            Act.ANSWER, frozenset({State.DECIDED, State.MEASURED}), State.ANSWERED, least=10, most=2000
        ),
        Transition(Act.CLOSE, frozenset({State.ANSWERED}), State.CLOSED, least=2, most=500),
        Transition(Act.NOTE, _AT_WORK | DONE, None, least=2, most=2000, aside=True),
        # The authority above takes it anew; whoever had it sees it no more.
        Transition(
            Act.HAND_UP,
            frozenset({State.RECEIVED}) | (_AT_WORK - {State.MEASURED}),
            State.RECEIVED,
            least=10,
            most=2000,
            aside=True,
        ),
    )
}


def allowed(act: Act, state: State, verdict: str) -> bool:
    """Whether an act may be done: what was found is first put right, what was not found is answered at once."""
    if act not in TRANSITIONS or state not in TRANSITIONS[act].sources:
        return False
    if act is Act.MEASURE:
        return verdict in FOUND
    return not (act is Act.ANSWER and state is State.DECIDED and verdict in FOUND)


def acts_in(state: State, verdict: str) -> tuple[Act, ...]:
    """What may be done in a state, what leads on first."""
    found = [each for each in TRANSITIONS.values() if allowed(each.act, state, verdict)]
    return tuple(each.act for each in sorted(found, key=lambda each: each.aside))
