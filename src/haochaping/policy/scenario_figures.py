"""From what happened in a scenario to figures, scores, ranks, lists, samples and dated duties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any, Final

from haochaping.foundation.clock import local_day
from haochaping.policy.objections import Revisit
from haochaping.policy.owed import owed
from haochaping.policy.profile import Profile
from haochaping.policy.ranking import listed, ranks
from haochaping.policy.scenario_file import Counted, Scenario
from haochaping.policy.score_figures import Beneath, Cell, Figures, NotCounted
from haochaping.policy.scores import Score
from haochaping.policy.scoring import Computed, Result, evaluate, tie_values
from haochaping.policy.story import NOT_LAID_DOWN, Story, body_told, local_time
from haochaping.policy.vocabulary import COUNTS, MEASURES

Periods = list[dict[str, Figures]]

# What a scenario counts by itself: nought where nothing of the kind happened.
_PLAYED: Final = (
    "occasions",
    "defaults",
    *(f"level_{n}" for n in range(1, 6)),
    "orders",
    "orders_due",
    "rectified",
    "rectified_in_time",
    "overdue",
    "verified",
    "bad_named",
    "bad_verified",
    "named",
    "voided",
    "objections",
    "objections_upheld",
    "revisits_due",
    "revisited",
    "revisit_answered",
    "revisit_satisfied",
)
_POPULATION: Final = {
    "bad": "bad",
    "named_bad": "bad_named",
    "rectified": "rectified",
    "verified_bad": "bad_verified",
    "all": "ratings",
    "default": "defaults",
    "good": "good",
    "objected": "objections",
}


def figures_of(scenario: Scenario, stories: Sequence[Story], profile: Profile) -> Periods:
    """The figures of each unit, period by period in the order of the file; what was played belongs to the last."""
    names = list(dict.fromkeys(each.period for each in scenario.figures)) or [""]
    periods: Periods = []
    for name in names:
        given = [each for each in scenario.figures if each.period == name]
        played = stories if name == names[-1] else ()
        units = dict.fromkeys(
            [*(each.unit for each in given), *(owner for story in played for owner, _ in story.cells)]
        )
        before = periods[-1] if periods else {}
        now = {unit: _figures(unit, given, played, before.get(unit), profile) for unit in units}
        periods.append({unit: _with_peers(unit, now) for unit in now})
    return periods


def _with_peers(unit: str, figures: Mapping[str, Figures]) -> Figures:
    return replace(figures[unit], peers=tuple(each for name, each in figures.items() if name != unit))


def _figures(
    unit: str, given: Sequence[Counted], played: Sequence[Story], before: Figures | None, profile: Profile
) -> Figures:
    mine = [each for each in given if each.unit == unit]
    cells = [Cell(**cell) for each in mine for cell in each.cells]
    stories = [story for story in played if any(owner == unit for owner, _ in story.cells)]
    if stories:
        cells += [
            Cell(dict.fromkeys(_PLAYED, 0)),
            *(cell for story in stories for owner, cell in story.cells if owner == unit),
        ]
    beneath: dict[tuple[str, str], list[Beneath]] = {}
    for below in (each for one in mine for each in one.below):
        points = below.get("points")
        found = Beneath(None if points is None else Fraction(points), int(below.get("ratings", 0)))
        beneath.setdefault((str(below["score"]), str(below["of"])), []).append(found)
    default = profile.default.value if profile.default else None
    return Figures(
        cells=tuple(cells),
        points=profile.points.value if profile.points else None,
        levels=profile.levels.value if profile.levels else (),
        default_level=default.level if default else None,
        default_counts_in=default.counts_in if default else None,
        default_worth=default.points if default else None,
        external={name: value for each in mine for name, value in each.external.items()},
        beneath=beneath,
        previous=before,
    )


def scored(periods: Periods, profile: Profile) -> dict[tuple[str, str], dict[str, Any]]:
    """Every score of every unit in the last period, with each intermediate, by (score, unit)."""
    results: dict[tuple[str, str], Result] = {}
    for index, period in enumerate(periods):
        for unit in period:
            found = _own(period[unit], profile)
            own = {key: result.points for key, result in found.items()}
            period[unit] = replace(
                period[unit], own=own, previous=periods[index - 1].get(unit) if index else None
            )
            if index == len(periods) - 1:
                results.update({(key, unit): result for key, result in found.items()})
    facts = {each: score_told(result) for each, result in results.items()}
    for key, value in profile.scores.items():
        standings = {
            unit: (result.points, *_ties(value.value, periods[-1][unit]))
            for (name, unit), result in results.items()
            if name == key and result.ranked
        }
        for unit, rank in ranks(standings, value.value.tied_rank).items():
            facts[key, unit]["rank"] = rank
    return facts


def _ties(score: Score, figures: Figures) -> tuple[Fraction | None, ...]:
    try:
        return tie_values(score.ties, figures)
    except NotCounted:
        return (None,) * len(score.ties)


def _own(figures: Figures, profile: Profile) -> dict[str, Result]:
    """Scores that are made of others of the same unit come out once those are known."""
    found: dict[str, Result] = {}
    for _ in profile.scores:
        own = {key: result.points for key, result in found.items() if result.points is not None}
        given = replace(figures, own=own)
        found = {key: evaluate(value.value, given) for key, value in profile.scores.items()}
    return found


def score_told(result: Result) -> dict[str, Any]:
    """A score as a scenario expects it."""
    facts: dict[str, Any] = {"points": result.points, "parts": [_part_told(each) for each in result.parts]}
    if result.why:
        facts["why"] = why_told(result.why)
    if result.grade:
        facts["grade"] = result.grade
    if result.capped_by:
        facts["before_caps"] = result.before_caps
    return facts


def _part_told(computed: Computed) -> dict[str, Any]:
    part = computed.part
    name = part.label or MEASURES.get(part.measure or "", "") or "合计"
    facts: dict[str, Any] = {"name": name, "value": computed.value, "points": computed.points}
    facts["of"] = {COUNTS.get(word) or MEASURES.get(word, word): number for word, number in computed.inputs}
    if computed.missing:
        facts["missing"] = computed.missing
    if computed.left_out:
        facts["left_out"] = True
    if computed.beneath:
        facts["parts"] = [_part_told(each) for each in computed.beneath]
    return facts


def why_told(why: str) -> str:
    """Why there is no score, in words."""
    kind, _, word = why.partition(":")
    if kind == "not_counted":
        return f"未采集：{COUNTS.get(word, word)}"
    return {"minimum": "数量不足", "nothing_to_measure": "没有可计量的"}[kind]


def lists_told(periods: Periods, profile: Profile) -> dict[str, dict[str, Any]]:
    """Who is named on each list after the last period."""
    found = {}
    for key, value in profile.lists.items():
        try:
            named: Any = sorted(listed(value.value, periods))
        except NotCounted as missing:
            named = why_told(f"not_counted:{missing}")
        entailed = [each.kind.removeprefix("named:") for each in value.value.consequences]
        found[key] = {"named": named, "label": value.value.label, "entails": entailed}
    return found


def revisits_told(periods: Periods, profile: Profile) -> dict[str, dict[str, Any]]:
    """How many are to be revisited by each rule, of all units together."""
    found = {}
    for key, value in profile.revisits.items():
        facts: dict[str, Any] = {"means": list(value.value.means)}
        if value.value.by:
            facts["by"] = body_told(value.value.by)
        try:
            number = sum(
                int(each.count(_POPULATION.get(value.value.of, value.value.of)))
                for each in periods[-1].values()
            )
            least = drawn(value.value, number)
            facts.update(of=number, at_least=NOT_LAID_DOWN if least is None else least)
        except NotCounted as missing:
            facts["of"] = why_told(f"not_counted:{missing}")
        found[key] = facts
    return found


def drawn(revisit: Revisit, number: int) -> int | None:
    """How many of so many must be revisited: the share, rounded up, and at least as many as are laid down.

    None where neither is.
    """
    if revisit.share is None:
        return None if revisit.least is None else min(number, revisit.least)
    return min(number, max(ceil(revisit.share * number), revisit.least or 0))


def duties_told(scenario: Scenario, profile: Profile) -> dict[str, dict[str, Any]]:
    """Which dated duties are due in the span that is looked at."""
    last = local_day(scenario.now)
    found = {}
    for key, value in profile.duties.items():
        all_owed = owed(value.value, scenario.since or last, last, profile.calendar)
        due: list[Any] = [
            NOT_LAID_DOWN if each.due is None else each.due.last_day or local_time(each.due.due_at)
            for each in all_owed
        ]
        facts: dict[str, Any] = {"due": due, "periods": [each.period.first for each in all_owed]}
        facts["provisional"] = any(each.due is not None and each.due.provisional for each in all_owed)
        if value.value.by:
            facts["by"] = body_told(value.value.by)
        found[key] = facts
    return found
