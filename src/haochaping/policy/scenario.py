"""A scenario run through the rules: what they say, step by step, and where that differs from what was expected."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final, NamedTuple

from haochaping.policy.exact import shown
from haochaping.policy.profile import Profile
from haochaping.policy.redress import OWN
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario_figures import Book
from haochaping.policy.scenario_file import LOOKED_AT, Given, Scenario
from haochaping.policy.scenario_outcomes import facts_of
from haochaping.policy.score_pages import written
from haochaping.policy.spells import calendar_name
from haochaping.policy.stories import repeated, set_apart
from haochaping.policy.story import NOT_LAID_DOWN, Story, told
from haochaping.policy.story_contests import counts
from haochaping.policy.story_outcomes import tell_keeping, tell_publication
from haochaping.policy.story_rating import cells_of, play_ratings
from haochaping.policy.story_redress import play_redress
from haochaping.policy.vocabulary import STEPS

NOTHING: Final = "（没有）"
_STEPS: Final = "|".join([*(word.removesuffix("_") for word in STEPS), f"{OWN}[a-z0-9_]+"])
_EACH: Final = re.compile(
    rf"(?:steps|responsible)\.(?:{_STEPS})|(?:invitations|revisits|escalations)\.[a-z0-9_]+"
)
# Names and words of which the order says nothing.
_UNORDERED: Final = ("named", "entails", "means", "masks", "withheld", "hidden")


class Difference(NamedTuple):
    """Expected one thing, found another. `about`: which occasion, score, ...; `key`: which of its facts."""

    about: str
    key: str
    expected: Any
    found: Any
    hint: str = ""


@dataclass(frozen=True)
class Run:
    """All that the rules say about a scenario. Facts by what is looked at: ("occasion", "甲"), ("score", "final/本单位")."""

    scenario: Scenario
    profile: Profile
    stories: tuple[Story, ...]
    facts: Mapping[tuple[str, str], Mapping[str, Any]]
    differences: tuple[Difference, ...]


def run(scenario: Scenario, rulebook: Rulebook) -> Run:
    """Plays a scenario. Raises LookupError where no jurisdiction applies, ValueError for what is no division code."""
    stories = tuple(_played(given, scenario, rulebook) for given in scenario.cases)
    set_apart(stories)
    repeated(stories)
    book = Book(scenario, stories, rulebook)
    profile, pages = book.profile, written(book)
    facts: dict[tuple[str, str], Mapping[str, Any]] = {}
    facts.update({("occasion", story.given.name): story.facts for story in stories})
    facts.update(facts_of(scenario, profile, pages))
    profiles = [profile, *(page.profile for each in pages.values() for page in each)]
    profiles += [each for story in stories for each in story.profiles]
    citations = {value.citation for each in profiles for value in each.values().values() if value is not None}
    units = [unit.name for each in pages.values() for unit in each[-1].figures]
    differences = [
        each for expected in scenario.expected for each in _checked(expected, facts, citations, units)
    ]
    differences += [
        Difference("cites", article, article, NOTHING, "no rule in force here cites it")
        for article in scenario.cites
        if not any(article in each for each in citations)
    ]
    return Run(scenario, profile, stories, facts, tuple(differences))


def _played(given: Given, scenario: Scenario, rulebook: Rulebook) -> Story:
    story = Story(
        given,
        rulebook,
        scenario.ratings.get(given.name, ()),
        scenario.events.get(given.name, ()),
        scenario.now,
    )
    accepted = play_ratings(story)
    effect = "not_counted" if story.withdrawn == "not_counted" and not accepted else ""
    if story.bad is not None:
        play_redress(story, story.bad)
        # What was decided about a rating says nothing about the one that was given after it.
        after = any(accepted[-1].at > each.at for each in story.happened if each.event == "decision")
        effect = "" if after and accepted[-1] is not story.bad else counts(story)
    elif accepted:
        story.note("bad", False)
    if accepted:
        tell_publication(story)
        tell_keeping(story)
    if story.beside:
        story.note("counted", False, story.rules().after_default)
        effect = "default"
    story.cells += cells_of(story, accepted, effect)
    return story


def _checked(
    expected: Mapping[str, Any],
    facts: Mapping[tuple[str, str], Mapping[str, Any]],
    citations: set[str],
    units: Sequence[str],
) -> list[Difference]:
    kind = next(each for each in LOOKED_AT if each in expected)
    name = str(expected[kind])
    if kind == "score":
        name = f"{name}/{expected.get('unit', next(iter(units), ''))}"
    if "period" in expected:
        name = f"{name}/{calendar_name(str(expected['period']))}"
    about = f"{kind} {name}"
    found = facts.get((kind, name))
    if found is None:
        return [Difference(about, "", NOTHING, NOTHING, _nearest(name, [n for k, n in facts if k == kind]))]
    wanted = {key: value for key, value in expected.items() if key not in (kind, "unit", "period", "article")}
    differences = list(compared(about, wanted, found))
    article = str(expected.get("article", ""))
    if not any(article in each for each in citations):
        differences.append(Difference(about, "article", article, NOTHING, "no rule in force here cites it"))
    return differences


def compared(
    about: str, expected: Mapping[str, Any], found: Mapping[str, Any], above: str = ""
) -> list[Difference]:
    """What differs; what is found beside what is expected does not matter. `steps.contact` may be nested or dotted."""
    differences = []
    for key, value in expected.items():
        place = f"{above}{key}"
        if isinstance(value, dict) and key not in found:
            nested = {
                name.removeprefix(f"{key}."): each
                for name, each in found.items()
                if name.startswith(f"{key}.")
            }
            differences += compared(about, value, nested, f"{place}.")
        elif key not in found and value == NOT_LAID_DOWN and _EACH.fullmatch(place):
            # Of steps, revisits and the like only those are told that some rule lays down.
            continue
        elif key not in found:
            differences.append(Difference(about, place, value, NOTHING, _nearest(key, list(found))))
        else:
            differences += _differing(about, place, value, found[key])
    return differences


def _differing(about: str, place: str, value: Any, found: Any) -> list[Difference]:
    if isinstance(value, dict) and isinstance(found, Mapping):
        return compared(about, value, found, f"{place}.")
    if isinstance(found, (list, tuple)) and len(found) == 1 and not isinstance(value, list):
        value = [value]
    if place in _UNORDERED and isinstance(value, list) and isinstance(found, list):
        value, found = sorted(value, key=str), sorted(found, key=str)
    if isinstance(value, list) and isinstance(found, (list, tuple)) and len(value) == len(found):
        pairs = enumerate(zip(value, found, strict=True))
        return [each for n, (one, other) in pairs for each in _differing(about, f"{place}[{n}]", one, other)]
    return [] if _same(value, found) else [Difference(about, place, value, found)]


def _same(value: Any, found: Any) -> bool:
    if isinstance(found, Fraction):
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return Fraction(value) == found
        return bool(value == shown(found))
    if isinstance(found, datetime) and not isinstance(value, datetime):
        return bool(found.time() == time() and value == found.date())
    if found is None:
        return bool(value == "不评分")
    if isinstance(found, bool) and isinstance(value, str):
        return value == told(found)
    return type(value) is type(found) and bool(value == found)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known)) or 'none'}"
