"""What the rater makes of the rectification, as the rules ask for it: by the answer of his order, once each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haochaping.policy.profile import Profile
from haochaping.policy.redress import Verdict, VerdictLevel
from haochaping.ratings.afterwards import begun, due_of


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as it is kept (`ratings_verdict`). `submission` is b"" of a silent one."""

    id: UUID
    answers: int
    answer: str
    satisfied: bool
    sets_off: str
    silent: bool
    received_at: datetime
    submission: bytes
    clause: str


@dataclass(frozen=True, slots=True)
class Question:
    """What may be answered now. `scale`: the answers, best first; `until`: before which instant, None where nothing ends it
    for certain; `answers`: about which answer of the order it is; `label`: of the rules that ask."""

    scale: tuple[VerdictLevel, ...]
    until: datetime | None
    answers: int
    clause: str
    label: str
    rule: Verdict
    unsatisfied: int

    def level(self, key: str) -> VerdictLevel | None:
        """The answer with this key; None where the scale has none."""
        return next((each for each in self.scale if each.key == key), None)

    def sets_off(self, chosen: VerdictLevel) -> str:
        """What this answer sets off; "none" for nothing."""
        return "none" if chosen.satisfied else self.rule.follows(chosen.key, self.unsatisfied + 1)


def question(
    profile: Profile, events: Mapping[str, datetime], judged: Sequence[Judged], *, answers: int, at: datetime
) -> Question | None:
    """What is asked at this instant of the answer that stands; None where the rules ask nothing, or no longer.

    `profile`: the rules for what follows that answer. `events`: what has happened since the order was opened, or opened
    again, by the words of the rules; without "answer" there is none. `answers`: how many there have been.
    """
    value = profile.verdict
    if value is None or "answer" not in events or not begun(value.value.limit, events):
        return None
    if any(each.answers == answers for each in judged):
        return None
    due = due_of(profile, value.value.limit, events)
    until = due.due_at if due and not due.provisional else None
    if until is not None and at >= until:
        return None
    return Question(
        scale=value.value.scale,
        until=until,
        answers=answers,
        clause=value.citation,
        label=profile.label,
        rule=value.value,
        unsatisfied=unsatisfied(judged),
    )


def unsatisfied(judged: Sequence[Judged]) -> int:
    """How many verdicts were not satisfied so far."""
    return sum(not each.satisfied for each in judged)
