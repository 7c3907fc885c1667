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
    """A later word as it is kept (`ratings_laterword`); `text` is sealed, by the word's own id. `staff_level` 0: the member
    of staff is not rated any more, None: nothing is said of him."""

    id: UUID
    kind: WordKind
    level: int | None
    bad: bool
    counts: bool
    tags: tuple[int, ...]
    text: str
    received_at: datetime
    submission: bytes
    staff_level: int | None = None


class Standing(NamedTuple):
    """What a rating says now. `level` is the one that counts, `judged` the one that was given or corrected: what is said
    after a rectification is another judgement, not a mistake that is taken back.

    `by`: the place among its later words of the correction that gave tags and text, None where they are the rating's own.
    `corrected_to_good`: by that correction it is no longer bad. `staff`: the level of the member of staff, None: none.
    """

    level: int
    judged: int
    tags: tuple[int, ...]
    by: int | None
    corrected_to_good: bool
    staff: int | None = None


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


def standing(level: int, tags: Sequence[int], words: Sequence[Word], *, staff: int | None = None) -> Standing:
    """What stands of a rating of this level and these tags, with this level for the member of staff, after its later words,
    which are in order."""
    now = Standing(level, level, tuple(tags), None, corrected_to_good=False, staff=staff)
    for place, word in enumerate(words):
        if not word.counts or word.level is None:
            continue
        if word.kind is WordKind.CORRECTION:
            of_staff = now.staff if word.staff_level is None else word.staff_level or None
            now = Standing(
                word.level, word.level, word.tags, place, corrected_to_good=not word.bad, staff=of_staff
            )
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
    if kind is WordKind.FOLLOW_UP and not ("answer" in events and begun(rule.limit, events)):
        return None
    correction = kind is WordKind.CORRECTION
    if correction and any(word.counts for word in words if word.kind is not WordKind.CORRECTION):
        # Another judgement stands by now: that the first one was a mistake would set it aside.
        return None
    adds = _EVERYTHING if correction else _BESIDE & frozenset(rule.adds)
    if not adds:
        return None
    due = due_of(profile, rule.limit, events)
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


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A rating may be taken back: until before `until` (None where nothing ends it for certain), and what then becomes of
    its occasion, "unrated" or "not_counted"."""

    until: datetime | None
    effect: str
    citation: str


def take_back(profile: Profile, events: Mapping[str, datetime], *, at: datetime) -> TakeBack | None:
    """Whether the whole rating may be taken back at this instant. None where the rules are silent, as for what may be said;
    also where they would let the occasion be rated once more, which cannot be done here."""
    value = profile.withdrawal
    if value is None or not value.value.allowed or value.value.effect == "rate_again":
        return None
    due = due_of(profile, value.value.limit, events)
    until = due.due_at if due and not due.provisional else None
    if until is not None and at >= until:
        return None
    return TakeBack(until, value.value.effect or "unrated", value.citation)


class Silence(NamedTuple):
    """What silence counts for, and from when on."""

    level: int
    due: Due


def silence(profile: Profile, events: Mapping[str, datetime]) -> Silence | None:
    """What silence about the occasion counts for; None where it stays silence, or its limit has not begun."""
    value = profile.default
    due = due_of(profile, value.value.limit, events) if value else None
    return Silence(value.value.level, due) if value and due else None


def begun(limit: Limit | None, events: Mapping[str, datetime]) -> bool:
    """Whether the event from which the limit runs has happened; none, of a limit that runs from none."""
    return limit is None or limit.after is None or limit.start(events) is not None


def due_of(profile: Profile, limit: Limit | None, events: Mapping[str, datetime]) -> Due | None:
    """When the limit ends; None where nothing ends it for certain."""
    try:
        return profile.due(limit, Course(events))
    except CalendarMissing:
        return None
