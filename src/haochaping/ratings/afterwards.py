"""What the rater may still say by the receipt, as the rules have it, and what then stands. Pure.

A rating is never changed: what is said later are rows beside it, and every figure is made of what stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from haochaping.foundation.workdays import CalendarMissing
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.ratings.states import WordKind

_EVERYTHING: Final = frozenset({"level", "tags", "text"})
_BESIDE: Final = frozenset({"level", "text"})


@dataclass(frozen=True, slots=True)
class Word:
    """A later word as it is kept (`ratings_laterword`); `text` is sealed, by the word's own id."""

    id: UUID
    kind: WordKind
    level: int | None
    bad: bool
    counts: bool
    tags: tuple[int, ...]
    text: str
    received_at: datetime
    submission: bytes


class Standing(NamedTuple):
    """What a rating says now. `level` is the one that counts, `judged` the one that was given or corrected: what is said
    after a rectification is another judgement, not a mistake that is taken back.

    `by`: the place among its later words of the correction that gave tags and text, None where they are the rating's own.
    `corrected_to_good`: by that correction it is no longer bad.
    """

    level: int
    judged: int
    tags: tuple[int, ...]
    by: int | None
    corrected_to_good: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What the rules let the rater say at an instant. `adds`: of "level", "tags" and "text".

    `until`: before which instant, None where nothing ends it for certain. `left`: how often still, None: no bound.
    `counts`: a level that is said takes the place of the one before. `direction` is "any", "up" or "down".
    """

    kind: WordKind
    adds: frozenset[str]
    until: datetime | None
    left: int | None
    direction: str
    counts: bool
    citation: str

    def allows(self, before: int, level: int) -> bool:
        """Whether the direction allows this change."""
        return not (self.direction == "up" and level < before) and not (
            self.direction == "down" and level > before
        )


def standing(level: int, tags: Sequence[int], words: Sequence[Word]) -> Standing:
    """What stands of a rating of this level and these tags after its later words, which are in order."""
    now = Standing(level, level, tuple(tags), None, corrected_to_good=False)
    for place, word in enumerate(words):
        if not word.counts or word.level is None:
            continue
        if word.kind is WordKind.CORRECTION:
            now = Standing(word.level, word.level, word.tags, place, corrected_to_good=not word.bad)
        else:
            now = now._replace(level=word.level)
    return now


def offers(
    profile: Profile, events: Mapping[str, datetime], words: Sequence[Word], *, at: datetime
) -> dict[WordKind, Offer]:
    """What may be said at this instant. Silent rules offer nothing.

    `profile`: the rules for what stands. `events`: what has happened, by the words of the rules ("rating", "answer", ...).
    """
    found: dict[WordKind, Offer] = {}
    for kind in WordKind:
        offer = _offer(kind, profile, events, words)
        if offer is None or offer.left == 0 or (offer.until is not None and at >= offer.until):
            continue
        found[kind] = offer
    return found


def _offer(
    kind: WordKind, profile: Profile, events: Mapping[str, datetime], words: Sequence[Word]
) -> Offer | None:
    value = profile.value(kind.value)
    if value is None:
        return None
    rule = value.value
    # 追评 is a word about the answer: there is none before it.
    if kind is WordKind.FOLLOW_UP and not ("answer" in events and _begun(rule.limit, events)):
        return None
    correction = kind is WordKind.CORRECTION
    if correction and any(word.counts for word in words if word.kind is not WordKind.CORRECTION):
        # Another judgement stands by now: that the first one was a mistake would set it aside.
        return None
    adds = _EVERYTHING if correction else _BESIDE & frozenset(rule.adds)
    if not adds:
        return None
    due = _due(profile, rule.limit, events)
    said = sum(word.kind is kind for word in words)
    return Offer(
        kind=kind,
        adds=adds,
        # What no notice has settled closes nothing.
        until=due.due_at if due and not due.provisional else None,
        left=None if rule.times is None else max(0, rule.times - said),
        direction=rule.direction,
        counts=rule.counts == ("last" if correction else "replaces"),
        citation=value.citation,
    )


def _begun(limit: Limit | None, events: Mapping[str, datetime]) -> bool:
    return limit is None or limit.after is None or limit.start(events) is not None


def _due(profile: Profile, limit: Limit | None, events: Mapping[str, datetime]) -> Due | None:
    try:
        return profile.due(limit, Course(events))
    except CalendarMissing:
        return None
