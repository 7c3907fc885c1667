"""What a score or a list is made of: its measures, and the other scores and lists at which those look."""

from collections.abc import Iterable, Iterator

from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Measured
from haochaping.policy.scores import Part, Score


def measures_of(said: Score | ListRule) -> Iterator[Measured]:
    """Every measure of a score or list, its own first."""
    if isinstance(said, ListRule):
        yield said
        yield from said.when
        return
    yield from _parts(said.parts)
    for cap in said.caps:
        yield cap
        yield from cap.when
    yield from said.unranked
    yield from said.ties


def _parts(parts: Iterable[Part]) -> Iterator[Measured]:
    for part in parts:
        yield part
        yield from part.when
        yield from _parts(part.parts)


def needs(said: Score | ListRule, *, of_its_own: bool = False) -> tuple[str, ...]:
    """`scores.KEY` and `lists.KEY` of all that must be known before it.

    `of_its_own`: without the scores of those below and of shorter periods, which cannot lead back.
    """
    found = []
    for measured in measures_of(said):
        far = measured.below is not None or measured.each is not None
        if measured.score and not (far and of_its_own):
            found.append(f"scores.{measured.score}")
        if measured.list:
            found.append(f"lists.{measured.list}")
    return tuple(dict.fromkeys(found))
