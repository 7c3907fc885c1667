"""Every mistake in rule files at once: also what can be loaded and yet cannot be meant."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from haochaping.policy.calendars import load_calendar
from haochaping.policy.circles import circle
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.jurisdictions import Jurisdiction, collect_jurisdictions
from haochaping.policy.limits import Span
from haochaping.policy.listed import ListRule
from haochaping.policy.needs import needs
from haochaping.policy.occasions import Selector, apart
from haochaping.policy.reading import nearest
from haochaping.policy.scores import Score
from haochaping.policy.sources import RULES_DIR, Mistake, RulesError
from haochaping.policy.tags import Tags
from haochaping.policy.values import Value

# The event that ends the limit of a dimension; a step's is named as the step.
_ENDS = {
    "rectification": "rectification",
    "review": "decision",
    "appeal_review": "appeal_decision",
    "objection": "objection",
    "appeal": "appeal",
    "verdict": "verdict",
    "default": "default",
}


def check(path: Path) -> tuple[Mistake, ...]:
    """All mistakes of a directory of rules, or of one file in it; names and lines as in the directory.

    A directory that is not the product's own is checked on top of it, as HAOCHAPING_RULES_DIR is read.
    """
    if path.is_file():
        root, alone = _root_of(path), path.resolve()
        return tuple(each for each in check(root) if (root / each.file).resolve() == alone)
    dirs = [path] if _complete(path) else [RULES_DIR, path]
    jurisdictions, mistakes = collect_jurisdictions(dirs)
    found = [*mistakes, *_doubts(jurisdictions)]
    found += [*_calendar_mistakes(path), *_tag_mistakes(path)]
    # Of the product's own files only that is told which the operator's have brought about.
    return tuple(each for each in found if (path / each.file).exists() or each.file == "jurisdictions")


def _root_of(path: Path) -> Path:
    """The directory of rules in which a profile, calendar or dictionary stands."""
    for parent in path.resolve().parents:
        if parent.name in ("jurisdictions", "calendars", "tags"):
            return parent.parent
    raise RulesError(
        path.name, "", "stands in no directory of rules; expected DIR/jurisdictions/NAME/profile.toml"
    )


def _complete(path: Path) -> bool:
    """Whether a directory has a national base of its own, and so stands by itself."""
    return any('layer = "national"' in each.read_text("utf-8", "replace") for each in path.glob("*/*/*.toml"))


def _calendar_mistakes(root: Path) -> Iterator[Mistake]:
    try:
        load_calendar(root)
    except RulesError as error:
        yield from error.mistakes


def _tag_mistakes(root: Path) -> Iterator[Mistake]:
    if (root / "tags").is_dir():
        try:
            Tags.load(root)
        except RulesError as error:
            yield from error.mistakes


def _doubts(jurisdictions: Sequence[Jurisdiction]) -> Iterator[Mistake]:
    """What can be read and yet cannot be meant."""
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
                yield from _never(each, value, name, classes)
                yield from _references(value, name, taken)
        yield from _waiting(each)
        yield from _levels(each)
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


def _never(jurisdiction: Jurisdiction, value: Value[Any], name: str, classes: set[str]) -> Iterator[Mistake]:
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
            if key not in classes:
                yield _at(
                    value, f"{name}.only.classes", f"selects nothing: no [[classes]] has the key {key!r}"
                )


def _codes(jurisdiction: Jurisdiction) -> tuple[str, ...]:
    return tuple(each.ljust(6 if len(each) <= 6 else 12, "0") for each in jurisdiction.stems)


def _references(value: Value[Any], name: str, taken: Mapping[str, Value[Any]]) -> Iterator[Mistake]:
    """Names of scores, lists and dimensions that do not exist."""
    said = value.value
    named = list(needs(said)) if isinstance(said, Score | ListRule) else []
    if isinstance(said, Score) and said.variant_of:
        named.append(f"scores.{said.variant_of}")
    for key in named:
        if key not in taken:
            what, _, word = key.partition(".")
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
            if limit is not None and limit.after is not None:
                after.setdefault(event, set()).add(limit.after)
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
    known = {level.number for each in jurisdiction.values["levels"] if each.value for level in each.value}
    if not known:
        return
    for value in jurisdiction.values["default"]:
        if value.value is not None and value.value.level not in known:
            yield _at(value, "default.value.level", f"{value.value.level} is not among the levels laid down")
    for value in jurisdiction.values["points"]:
        for level in sorted(set(value.value or ()) - known):
            yield _at(value, "points.value", f"{level} is not among the levels laid down")
