"""What the rules set off when a report of pressure was found to be so, and until when: 打击报复 and 弄虚作假 (Kunming,
article 11). Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.oversight.states import Act, Matter
from haochaping.policy.counting import Course, Due
from haochaping.policy.profile import Profile
from haochaping.policy.redress import Escalation
from haochaping.policy.values import Value

# What a report is about, in the words by which the rules know what goes further.
_KNOWN: Final[Mapping[Matter, str]] = {
    Matter.RETALIATION: "retaliation",
    Matter.FABRICATION: "fabrication",
}
# The acts on a report as events of the rules' words; that it came in is a 投诉举报.
EVENTS: Final[Mapping[Act, str]] = {
    Act.TAKE: "receipt",
    Act.VERIFY: "verification",
    Act.DECIDE: "decision",
    Act.MEASURE: "rectification",
    Act.ANSWER: "answer",
    Act.CLOSE: "closure",
}
RECEIVED: Final = "complaint"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows by one rule: `action` and `to` in the rules' words, "" for nobody named."""

    action: str
    to: str
    clause: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Until when the rules want it, and by which clause."""

    due: Due
    clause: str


def consequences(rules: Profile, matters: Collection[Matter]) -> tuple[Consequence, ...]:
    """What is set off once it is found to be so the first time."""
    return tuple(
        Consequence(value.value.action, value.value.to or "", value.citation)
        for value in _rules_for(rules, matters)
        if value.value.times in (None, 1)
    )


def wanted(rules: Profile, matters: Collection[Matter], events: Mapping[str, datetime]) -> Wanted | None:
    """The end that comes first of those that the rules lay down; None where they lay down none, or none has begun."""
    found = [
        Wanted(due, value.citation)
        for value in _rules_for(rules, matters)
        if (due := rules.due(value.value.limit, Course(events))) is not None
    ]
    return min(found, key=lambda each: each.due.due_at, default=None)


def _rules_for(rules: Profile, matters: Collection[Matter]) -> Iterator[Value[Escalation]]:
    known = {_KNOWN[each] for each in matters if each in _KNOWN}
    yield from (value for _, value in sorted(rules.escalations.items()) if value.value.on in known)
