"""What can be read and yet cannot be meant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from typing import Any, Final

from haochaping.policy.circles import circle
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.jurisdictions import Jurisdiction
from haochaping.policy.limits import Span
from haochaping.policy.listed import ListRule
from haochaping.policy.needs import needs
from haochaping.policy.occasions import Selector, apart
from haochaping.policy.places import line_of
from haochaping.policy.reading import nearest
from haochaping.policy.scores import Part, Score
from haochaping.policy.sources import Mistake
from haochaping.policy.values import Value

# The event that ends the limit of a dimension; a step's is named as the step.
_ENDS: Final = {
    "rectification": "rectification",
    "review": "decision",
    "appeal_review": "appeal_decision",
    "objection": "objection",
    "appeal": "appeal",
    "verdict": "verdict",
    "default": "default",
}
# Measures that are shares of a whole: from 0 to 1.
_SHARES: Final = (
    "participation",
    "unrated_rate",
    "good_rate",
    "bad_rate",
    "rectification_rate",
    "rectified_in_time_rate",
    "revisit_rate",
    "revisit_satisfaction",
)


def doubts(jurisdictions: Sequence[Jurisdiction], *, broken: Collection[str] = ()) -> Iterator[Mistake]:
    """Rules that contradict each other or can never apply. Of dimensions that are `broken` (some entries could not be
    read) it is not said that they lack what others name."""
    lines = {each.file: each.lines for each in jurisdictions}
    for mistake in _doubts(jurisdictions, broken):
        yield replace(mistake, line=_line(lines[mistake.file], mistake))


def _line(lines: Mapping[str, int], mistake: Mistake) -> int:
    """That of the key itself, where the entry is known by its first line only."""
    name, _, key = mistake.key.partition(".")
    number = 0
    while lines.get(f"{name}[{number}]", mistake.line) != mistake.line:
        number += 1
    return line_of(dict(lines), f"{name}[{number}].{key}") or mistake.line


def _doubts(jurisdictions: Sequence[Jurisdiction], broken: Collection[str]) -> Iterator[Mistake]:
    classes = {value.key for each in jurisdictions for value in each.values["classes"]}
    taken = {
        f"{name}.{value.key}": value
        for each in jurisdictions
        for name in ("scores", "lists")
        for value in each.values[name]
    }
    for each in jurisdictions:
        for name in DIMENSIONS:
            values = each.values[name]
            yield from _gaps(name, values)
            for value in values:
                yield from _never(each, value, name, None if "classes" in broken else classes)
                yield from _references(value, name, taken, broken)
        yield from _waiting(each)
        yield from _local_days(each)
        if "levels" not in broken:
            yield from _levels(each)
    for full, value in taken.items():
        if isinstance(value.value, Score):
            yield from _odd_parts(value, full, value.value)
    needed = {name: needs(value.value, of_its_own=True) for name, value in taken.items() if not value.absent}
    found = circle(needed)
    if found:
        yield _at(taken[found[0]], found[0], f"goes in a circle: {' → '.join(found)}")


def _at(value: Value[Any], key: str, problem: str) -> Mistake:
    file, _, line = value.place.rpartition(":")
    return Mistake(file, key, problem, int(line))


def _gaps(name: str, values: Sequence[Value[Any]]) -> Iterator[Mistake]:
    """Days between two values of the same thing on which nothing holds."""

    def same(value: Value[Any]) -> tuple[str, str]:
        return value.key, repr((value.only, value.excepted, value.precedence))

    ordered = sorted(values, key=lambda value: (same(value), value.valid_from))
    for _, group in groupby(ordered, key=same):
        for one, other in pairwise(group):
            if one.valid_to is not None and one.valid_to < other.valid_from:
                yield _at(
                    other,
                    f"{name}.from",
                    f"nothing holds from {one.valid_to} until before {other.valid_from}; where that is meant, "
                    "write an entry with `absent = true` for these days",
                )


def _never(
    jurisdiction: Jurisdiction, value: Value[Any], name: str, classes: set[str] | None
) -> Iterator[Mistake]:
    """A rule that nothing selects."""
    where = Selector(divisions=_codes(jurisdiction))
    if value.only and all(apart(each, where) for each in value.only):
        yield _at(value, f"{name}.only", "selects nothing: its divisions are not among `applies_to`")
    elif value.only and jurisdiction.only and all(apart(a, b) for a in value.only for b in jurisdiction.only):
        yield _at(
            value, f"{name}.only", "selects nothing: the jurisdiction's own `only` leaves none of these"
        )
    elif value.only and set(value.only) <= set(value.excepted):
        yield _at(value, f"{name}.except", "selects nothing: all of `only` is excepted")
    for selector in value.only:
        for key in selector.classes:
            if classes is not None and key not in classes:
                yield _at(
                    value, f"{name}.only.classes", f"selects nothing: no [[classes]] has the key {key!r}"
                )


def _codes(jurisdiction: Jurisdiction) -> tuple[str, ...]:
    return tuple(each.ljust(12, "0") for each in jurisdiction.stems)


def _references(
    value: Value[Any], name: str, taken: Mapping[str, Value[Any]], broken: Collection[str]
) -> Iterator[Mistake]:
    """Names of scores, lists and dimensions that do not exist."""
    said = value.value
    named = list(needs(said)) if isinstance(said, Score | ListRule) else []
    if isinstance(said, Score) and said.variant_of:
        named.append(f"scores.{said.variant_of}")
    for key in named:
        what, _, word = key.partition(".")
        if key not in taken and what not in broken:
            known = [each.partition(".")[2] for each in taken if each.startswith(f"{what}.")]
            problem = f"the {what.removesuffix('s')} {word!r} is unknown; {nearest(word, known)}"
            yield _at(value, f"{name}.{value.key}", problem)
    if name == "transition" and said is not None:
        for key in (*said.as_substance, *said.as_procedure):
            if key not in DIMENSIONS:
                yield _at(value, name, f"the dimension {key!r} is unknown; {nearest(key, DIMENSIONS)}")


def _waiting(jurisdiction: Jurisdiction) -> Iterator[Mistake]:
    """Limits that wait for each other: each begins with what the other one ends."""
    after: dict[str, set[str]] = {}
    places: dict[str, tuple[Value[Any], str]] = {}
    for name in (*_ENDS, "steps"):
        for value in jurisdiction.values[name]:
            limit = _limit(value.value)
            event = value.key if name == "steps" else _ENDS[name]
            # What begins with whichever comes first waits for none of them.
            if limit is not None and limit.after is not None and limit.whichever != "first":
                after.setdefault(event, set()).update(limit.starts())
                places.setdefault(event, (value, name))
    found = circle({event: sorted(before) for event, before in after.items()})
    if found:
        value, name = places[found[0]]
        yield _at(value, name, f"can never begin, it waits for itself: {' → '.join(found)}")


def _limit(said: object) -> Span | None:
    limit = said if isinstance(said, Span) else getattr(said, "limit", None)
    return limit if isinstance(limit, Span) else None


def _levels(jurisdiction: Jurisdiction) -> Iterator[Mistake]:
    """Defaults and points of levels that this file does not have."""
    laid_down = jurisdiction.values["levels"]
    known = {level.number for each in laid_down if each.value for level in each.value}
    # Levels for some occasions only leave those of a wider layer in force for the others.
    if all(each.only for each in laid_down):
        return
    for value in jurisdiction.values["default"]:
        if value.value is not None and value.value.level not in known:
            yield _at(value, "default.value.level", f"{value.value.level} is not among the levels laid down")
    for value in jurisdiction.values["points"]:
        for level in sorted(set(value.value or ()) - known):
            yield _at(value, "points.value", f"{level} is not among the levels laid down")


def _odd_parts(value: Value[Any], key: str, whole: Score | Part) -> Iterator[Mistake]:
    """Bands that a share never reaches, and shares of a mean that do not make one whole."""
    if whole.combine == "weighted_mean" and len(whole.parts) > 1:
        weights = [part.weight for part in whole.parts]
        if all(0 < weight < 1 for weight in weights) and sum(weights) != 1:
            yield _at(value, key, f"the weights of its parts add up to {sum(weights)}; expected 1")
    for part in whole.parts:
        # A place among all, and growth, are not what is measured.
        if part.measure in _SHARES and part.placed is None and not part.relative:
            for bound in filter(None, (band.lower for band in part.bands)):
                if bound > 1:
                    problem = f"a band of {part.measure} begins at {bound}; expected a share from 0 to 1, 95 % is 0.95"
                    yield _at(value, key, problem)
        yield from _odd_parts(value, key, part)


def _local_days(jurisdiction: Jurisdiction) -> Iterator[Mistake]:
    """Days that one file lays down twice for the same time and the same occasions."""
    seen: list[tuple[Value[Any], date]] = []
    for value in jurisdiction.values["local_days"]:
        if value.absent:
            continue
        days = {*value.value.off, *value.value.works}
        for other, day in seen:
            together = value.holds(other.valid_from) or other.holds(value.valid_from)
            if day in days and together and other.key != value.key:
                yield _at(value, f"local_days.{value.key}", f"{day} is laid down by {other.key!r} already")
        seen += [(value, day) for day in sorted(days)]
