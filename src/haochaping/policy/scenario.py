"""A scenario run through the rules: what they say, step by step, and where that differs from what was expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final, NamedTuple

from haochaping.foundation.clock import local_day
from haochaping.policy.exact import shown
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario_figures import (
    duties_told,
    figures_of,
    lists_told,
    revisits_told,
    scored,
)
from haochaping.policy.scenario_file import Given, Scenario
from haochaping.policy.stories import repeated, set_apart
from haochaping.policy.story import Story
from haochaping.policy.story_contests import counts
from haochaping.policy.story_rating import cells_of, play_ratings
from haochaping.policy.story_redress import play_redress

_LOOKED_AT: Final = ("occasion", "score", "list", "duty", "revisit")
NOTHING: Final = "（没有）"


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
    first = scenario.where if scenario.where.division else scenario.cases[0].occasion
    profile = rulebook.rules(first, local_day(scenario.now))
    periods = figures_of(scenario, stories, profile)
    facts: dict[tuple[str, str], Mapping[str, Any]] = {}
    facts.update({("occasion", story.given.name): story.facts for story in stories})
    facts.update({("score", f"{key}/{unit}"): each for (key, unit), each in scored(periods, profile).items()})
    facts.update({("list", key): each for key, each in lists_told(periods, profile).items()})
    facts.update({("revisit", key): each for key, each in revisits_told(periods, profile).items()})
    facts.update({("duty", key): each for key, each in duties_told(scenario, profile).items()})
    profiles = [profile, *(each for story in stories for each in story.profiles)]
    citations = {value.citation for each in profiles for value in each.values().values() if value is not None}
    differences = [
        each for expected in scenario.expected for each in _checked(expected, facts, citations, periods[-1])
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
    story.cells += cells_of(story, accepted, effect)
    return story


def _checked(
    expected: Mapping[str, Any],
    facts: Mapping[tuple[str, str], Mapping[str, Any]],
    citations: set[str],
    units: Mapping[str, object],
) -> list[Difference]:
    kind = next(each for each in _LOOKED_AT if each in expected)
    name = str(expected[kind])
    if kind == "score":
        name = f"{name}/{expected.get('unit', next(iter(units), ''))}"
    about = f"{kind} {name}"
    found = facts.get((kind, name))
    if found is None:
        return [Difference(about, "", NOTHING, NOTHING, _nearest(name, [n for k, n in facts if k == kind]))]
    wanted = {key: value for key, value in expected.items() if key not in (kind, "unit", "article")}
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
        elif key not in found:
            differences.append(Difference(about, place, value, NOTHING, _nearest(key, list(found))))
        else:
            differences += _differing(about, place, value, found[key])
    return differences


def _differing(about: str, place: str, value: Any, found: Any) -> list[Difference]:
    if isinstance(value, dict) and isinstance(found, Mapping):
        return compared(about, value, found, f"{place}.")
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
    return type(value) is type(found) and bool(value == found)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known)) or 'none'}"
