"""What the rules say about several occasions together: ratings that repeat each other, bad ones that pile up."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course
from haochaping.policy.limits import Span
from haochaping.policy.story import Story, passed

_LEVELS: Final = tuple(f"level_{n}" for n in range(1, 6))


def set_apart(stories: Sequence[Story]) -> None:
    """Takes out of the figures what counts as one with another rating of the same person."""
    for story, other in _repeats(stories):
        value = story.rules().repetition or story.rules().frequency
        story.note("counted", False, value)
        story.note("repeats", other.given.name, value)
        story.cells = [
            (unit, cell) for unit, cell in story.cells if not any(word in cell.counts for word in _LEVELS)
        ]


def _repeats(stories: Sequence[Story]) -> Iterator[tuple[Story, Story]]:
    """Each rating that is not counted, with the one for which it is not."""
    rated = sorted((each for each in stories if "rating" in each.events), key=_rated_at)
    for index, story in enumerate(rated):
        rule = story.rules().repetition
        frequency = story.rules().frequency
        for later in rated[index + 1 :]:
            if not story.given.person or story.given.person != later.given.person:
                continue
            same_item = story.occasion.item == later.occasion.item
            if frequency is not None and frequency.value.per == "rater_and_day" and _same_day(story, later):
                yield later, story
                break
            if rule is None or (rule.value.per == "rater_and_item" and not same_item):
                continue
            until = story.rules().due(rule.value.within, story.course)
            if rule.value.within is not None and (until is None or _rated_at(later) >= until.due_at):
                continue
            if rule.value.counted == "none":
                yield story, later
                yield later, story
            else:
                yield (story, later) if rule.value.counted == "last" else (later, story)
            break


def _rated_at(story: Story) -> datetime:
    return story.events["rating"]


def _same_day(story: Story, other: Story) -> bool:
    return local_day(_rated_at(story)) == local_day(_rated_at(other))


def repeated(stories: Sequence[Story]) -> None:
    """Escalations of units against which so many bad ratings have come together."""
    unit: Callable[[Story], str] = lambda story: story.given.unit  # noqa: E731 - named for its type
    for _, group in groupby(sorted(stories, key=unit), key=unit):
        bad = [story for story in group if story.facts.get("bad") and story.facts.get("counted")]
        for index, story in enumerate(sorted(bad, key=_rated_at)):
            for key, value in sorted(story.rules().escalations.items()):
                rule = value.value
                if rule.on != "repeated_bad" or rule.times is None:
                    continue
                near = [
                    each
                    for each in sorted(bad, key=_rated_at)[: index + 1]
                    if _within(each, story, rule.within)
                ]
                if len(near) >= rule.times:
                    story.note(f"escalations.{key}", rule.action, value)


def _within(earlier: Story, later: Story, span: Span | None) -> bool:
    if span is None:
        return True
    event = span.after or "rating"
    until = earlier.rules().due(span, Course(earlier.events))
    return event in later.events and not passed(until, later.events[event])
