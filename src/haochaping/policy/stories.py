"""What the rules say about several occasions together: ratings that repeat each other, things that pile up."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course
from haochaping.policy.redress import Escalation
from haochaping.policy.story import Story, passed
from haochaping.policy.story_outcomes import REPEATED, occurred
from haochaping.policy.values import Value
from haochaping.policy.voice import Repetition

_MOMENT: Final = timedelta(microseconds=1)
_LEVELS: Final = tuple(f"level_{n}" for n in range(1, 6))
# What must be the same of two ratings for them to be about the same thing; None where it is not known of one.
_SAME: Final[Mapping[str, Callable[[Story], tuple[Any, ...]]]] = {
    "case": lambda story: (story.given.case,),
    "rater_and_day": lambda story: (story.given.person, local_day(story.events["rating"])),
    "rater_and_item": lambda story: (story.given.person, story.occasion.item),
    "window_and_day": lambda story: (
        story.given.window,
        story.given.person,
        local_day(story.events["rating"]),
    ),
}
# Of what escalations of repeated things count: by its name, "" where it is not known.
_OF_THE_SAME: Final[Mapping[str, Callable[[Story], str]]] = {
    "unit": lambda story: story.given.unit,
    "staff": lambda story: story.given.staff,
    "window": lambda story: story.given.window,
    "item": lambda story: story.occasion.item,
    "case": lambda story: story.given.case,
    "rater": lambda story: story.given.person,
}


def set_apart(stories: Sequence[Story]) -> None:
    """Takes out of the figures what counts as one with another rating of the same person."""
    rated = sorted((each for each in stories if "rating" in each.events), key=_rated_at)
    for story, other, value in (*_too_many(rated), *_repeats(rated)):
        story.note("counted", False, value)
        story.note("repeats", other.given.name, value)
        story.cells = [
            (unit, cell) for unit, cell in story.cells if not any(word in cell.counts for word in _LEVELS)
        ]


def _too_many(rated: Sequence[Story]) -> Iterator[tuple[Story, Story, Value[Any]]]:
    """Each rating beyond how often its thing can be rated, with the first one of it."""
    for index, story in enumerate(rated):
        value = story.rules().frequency
        same = _SAME.get(value.value.per) if value else None
        if value is None or same is None or "" in same(story):
            continue
        before = [each for each in rated[:index] if same(each) == same(story)]
        if len(before) >= value.value.most:
            yield story, before[0], value


def _repeats(rated: Sequence[Story]) -> Iterator[tuple[Story, Story, Value[Any]]]:
    """Each rating that is not counted because of another, with that one."""
    for index, story in enumerate(rated):
        value = story.rules().repetition
        if value is None:
            continue
        later = next((each for each in rated[index + 1 :] if _again(story, each, value.value)), None)
        if later is None:
            continue
        if value.value.counted in ("none", "last"):
            yield story, later, value
        if value.value.counted in ("none", "first"):
            yield later, story, value


def _again(story: Story, later: Story, rule: Repetition) -> bool:
    """Whether the later rating repeats this one: the same person, the same item where that matters, near enough."""
    if not story.given.person or story.given.person != later.given.person:
        return False
    if rule.per == "rater_and_item" and story.occasion.item != later.occasion.item:
        return False
    until = story.rules().due(rule.within, story.course)
    return rule.within is None or (until is not None and _rated_at(later) < until.due_at)


def _rated_at(story: Story) -> datetime:
    return story.events["rating"]


def repeated(stories: Sequence[Story]) -> None:
    """Escalations where so many of the same unit, item or whatever it is have come together."""
    for key in sorted({key for story in stories for key in story.rules().escalations}):
        together: dict[str, list[Story]] = {}
        for story in stories:
            value = story.rules().escalations.get(key)
            # What is not known to be the same is not.
            if value is not None and (name := _OF_THE_SAME[value.value.same](story)):
                together.setdefault(name, []).append(story)
        for each in together.values():
            _pile_up(key, each)


def _pile_up(key: str, stories: Sequence[Story]) -> None:
    """Tells the escalation with the occasion that makes it so many, and with each after it."""
    happened = [
        (at, story) for story in stories for at in _occurred(story, story.rules().escalations[key].value)
    ]
    happened.sort(key=lambda each: each[0])
    better = [_rated_at(each) for each in stories if "rating" in each.events and not each.facts.get("bad")]
    for index, (at, story) in enumerate(happened):
        value = story.rules().escalations[key]
        rule = value.value
        if rule.times is None or (rule.times == 1 and rule.on not in REPEATED):
            continue
        near = [each for each in happened[: index + 1] if _near(rule, each, (at, story))]
        if rule.in_a_row:
            near = [each for each in near if not any(each[0] <= one <= at for one in better)]
        if len(near) >= rule.times:
            story.note(f"escalations.{key}", rule.action, value, word="action")


def _occurred(story: Story, rule: Escalation) -> list[datetime]:
    if rule.on == "repeated_bad":
        return [_rated_at(story)] if story.facts.get("bad") and story.facts.get("counted") else []
    found = sorted(occurred(story, rule))
    # Several late steps of one occasion are one time.
    return found[:1] if rule.on == "overdue" else found


def _near(rule: Escalation, one: tuple[datetime, Story], last: tuple[datetime, Story]) -> bool:
    """Whether what happened then is near enough to the last one, counted from what happened.

    Bad ratings are counted from the event that the span names, such as the verification: without it they do not count.
    """
    span = rule.within
    if span is None:
        return True
    event = span.after or ""
    begins, ends = one[0], last[0]
    if rule.on == "repeated_bad":
        if event not in one[1].events or event not in last[1].events:
            return False
        begins, ends = one[1].events[event], last[1].events[event]
    if rule.on == "overdue":
        # A limit that ends at midnight ends with the day before.
        ends -= _MOMENT
    return not passed(one[1].rules().due(span, Course({event: begins})), ends)
