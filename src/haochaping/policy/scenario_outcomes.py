"""What came out of a scenario's figures, by the words that its expectations use: scores, lists, samples, duties."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any, Final

from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import due_instant
from haochaping.policy.counting import Course
from haochaping.policy.limits import Limit
from haochaping.policy.listed import Consequence
from haochaping.policy.objections import Revisit
from haochaping.policy.owed import Owed, owed
from haochaping.policy.profile import Profile
from haochaping.policy.publicity import DatedDuty, Publication
from haochaping.policy.scenario_figures import sampled_by
from haochaping.policy.scenario_file import Scenario
from haochaping.policy.score_figures import Figures, NotCounted
from haochaping.policy.score_pages import Page
from haochaping.policy.scoring import Computed, Result
from haochaping.policy.spells import calendar_name
from haochaping.policy.story import NOT_BEGUN, NOT_LAID_DOWN, body_told, local_time
from haochaping.policy.values import Value
from haochaping.policy.vocabulary import COUNTS, MEASURES, PERIODS

UNRANKED: Final = "不排名"
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
_INPUTS: Final = {
    "previous": "上一统计期",
    "year_ago": "上年同期",
    "average": "同类其他单位平均",
    "rank": "名次",
    "ranked": "参加排名数",
}


def scores_told(page: Page) -> dict[str, dict[str, Any]]:
    """Every score of every unit in a period, with each intermediate, by `KEY/UNIT`."""
    found = {}
    for (key, unit), result in page.results.items():
        facts = score_told(result)
        if result.points is not None:
            facts["rank"] = page.ranks.get((key, unit), UNRANKED)
        found[f"{key}/{unit}"] = facts
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
    facts["of"] = _inputs_told(computed.inputs)
    if computed.missing:
        facts["missing"] = computed.missing
    if computed.left_out:
        facts["left_out"] = True
    if computed.beneath:
        facts["parts"] = [_part_told(each) for each in computed.beneath]
    return facts


def _inputs_told(inputs: Sequence[tuple[str, Fraction]]) -> dict[str, Fraction]:
    """The figures by name; of several of one name (the windows' scores) each."""
    told: dict[str, Fraction] = {}
    for word, number in inputs:
        name = COUNTS.get(word) or MEASURES.get(word) or _INPUTS.get(word, word)
        times = sum(each.partition("#")[0] == name for each in told)
        told[f"{name}#{times + 1}" if times else name] = number
    return told


def why_told(why: str) -> str:
    """Why there is no score, or no rank, in words."""
    kind, _, word = why.partition(":")
    if kind == "not_counted":
        return f"未采集：{COUNTS.get(word, word)}"
    return {"minimum": "数量不足", "unranked": "不参加排名", "nothing_to_measure": "没有可计量的"}[kind]


def lists_told(page: Page) -> dict[str, dict[str, Any]]:
    """Who is named on each list after a period."""
    found = {}
    for key, named in page.lists.items():
        rule = page.profile.lists[key].value
        units: Any = why_told(f"not_counted:{named.missing}") if named.missing else sorted(named.units)
        entailed = [each.kind.removeprefix("named:") for each in rule.consequences]
        due = [_entailed_by(page, each) for each in rule.consequences]
        found[key] = {"named": units, "label": rule.label, "entails": entailed, "due": due}
    return found


def _entailed_by(page: Page, consequence: Consequence) -> Any:
    """Until when a consequence must be drawn, counted from the period's end; what else it runs from is not known here."""
    if consequence.limit is None:
        return NOT_LAID_DOWN
    period = page.spell.period
    course = Course({"period_end": due_instant(period.last)} if period else {})
    due = page.profile.due(consequence.limit, course)
    return NOT_BEGUN if due is None else due.last_day or local_time(due.due_at)


def revisits_told(page: Page, revisits: Mapping[str, Value[Revisit]]) -> dict[str, dict[str, Any]]:
    """How many of a period are to be revisited by each rule, of all units together."""
    found = {}
    for key, value in revisits.items():
        facts: dict[str, Any] = {"means": list(value.value.means)}
        if value.value.by:
            facts["by"] = body_told(value.value.by)
        try:
            facts.update(_sample(value.value, page.figures.values()))
        except NotCounted as missing:
            facts["of"] = why_told(f"not_counted:{missing}")
        found[key] = facts
    return found


def _sample(revisit: Revisit, figures: Iterable[Figures]) -> dict[str, Any]:
    word = _POPULATION.get(revisit.of, revisit.of)
    numbers = [int(each.count(word)) for each in figures]
    groups = numbers if "organisation" in revisit.per else [sum(numbers)]
    drawn_of = [drawn(revisit, each) for each in groups]
    least = [each for each in drawn_of if each is not None]
    return {"of": sum(numbers), "at_least": sum(least) if len(least) == len(groups) else NOT_LAID_DOWN}


def drawn(revisit: Revisit, number: int) -> int | None:
    """How many of so many must be revisited: the share, rounded up, and at least as many as are laid down.

    None where neither is.
    """
    if revisit.share is None:
        return None if revisit.least is None else min(number, revisit.least)
    return min(number, max(ceil(revisit.share * number), revisit.least or 0))


def duties_told(scenario: Scenario, profile: Profile) -> dict[str, dict[str, Any]]:
    """Which dated duties, and surveys that are repeated, are due in the span that is looked at."""
    found = {}
    for key, value in profile.duties.items():
        facts = _due_told(_owed(value.value, scenario, profile))
        if value.value.by:
            facts["by"] = body_told(value.value.by)
        found[key] = facts
    for key, survey in profile.surveys.items():
        rule = survey.value
        if (duty := _periodic(rule.every, rule.limit)) is not None:
            by = {"by": body_told(rule.by)} if rule.by else {}
            found[f"surveys.{key}"] = {**_due_told(_owed(duty, scenario, profile)), **by}
    return found


def _periodic(every: str | None, limit: Limit | None) -> DatedDuty | None:
    """What is due for each period of the calendar; None for what is once, or by no period."""
    if every is None or every not in PERIODS or every == "once":
        return None
    return DatedDuty(
        "", every, limit=limit if limit and limit.after in ("period_end", "period_start") else None
    )


def _owed(duty: DatedDuty, scenario: Scenario, profile: Profile) -> list[Owed]:
    last = local_day(scenario.now)
    return owed(duty, scenario.since or last, last, profile.calendar)


def _due_told(all_owed: Sequence[Owed]) -> dict[str, Any]:
    due: list[Any] = [
        NOT_LAID_DOWN if each.due is None else each.due.last_day or local_time(each.due.due_at)
        for each in all_owed
    ]
    provisional = any(each.due is not None and each.due.provisional for each in all_owed)
    return {"due": due, "periods": [each.period.first for each in all_owed], "provisional": provisional}


def publications_told(scenario: Scenario, profile: Profile, page: Page) -> dict[str, dict[str, Any]]:
    """What is published by when, by whom, with what masked; whose figures are too few to be shown."""
    found = {}
    for key, value in profile.publication.items():
        rule = value.value
        facts: dict[str, Any] = {"what": rule.what.removeprefix("named:"), "masks": list(rule.masks)}
        if (duty := _periodic(rule.every, rule.limit)) is not None:
            facts.update(_due_told(_owed(duty, scenario, profile)))
        for word, body in (("by", rule.by), ("released_by", rule.released_by)):
            if body:
                facts[word] = body_told(body)
        facts["withheld"] = [each.what for each in rule.withheld]
        facts["hidden"] = _hidden(rule, page)
        found[key] = facts
    return found


def _hidden(rule: Publication, page: Page) -> list[str]:
    """Those with fewer ratings than may be shown."""
    return sorted(
        unit.name
        for unit, figures in page.figures.items()
        if (not unit.kind or not rule.of or unit.kind in rule.of)
        and rule.least is not None
        and figures.count("ratings") < rule.least
    )


def facts_of(
    scenario: Scenario, profile: Profile, pages: Mapping[str, Sequence[Page]]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """All that came out of the figures, by what is looked at: of the last period of each, of the shortest kind that
    fits; of an earlier one that an expectation names with that name behind (`monthly/甲局/2026年3月`).
    """
    facts: dict[tuple[str, str], Mapping[str, Any]] = {}
    asked = {calendar_name(str(each["period"])) for each in scenario.expected if "period" in each}
    for kind, each in pages.items():
        for page in each:
            behind = [f"/{page.spell.name}"] if page.spell.name in asked else []
            behind += [""] if page is each[-1] else []
            for (what, name), told in _page_told(page, kind).items():
                for suffix in behind:
                    facts.setdefault((what, f"{name}{suffix}"), told)
    last = next(iter(pages.values()))[-1]
    facts.update({("duty", key): told for key, told in duties_told(scenario, profile).items()})
    published = publications_told(scenario, profile, last)
    facts.update({("publication", key): told for key, told in published.items()})
    return facts


def _page_told(page: Page, kind: str) -> dict[tuple[str, str], dict[str, Any]]:
    revisits = {
        key: value
        for key, value in page.profile.revisits.items()
        if not kind or sampled_by(value.value) in (None, kind)
    }
    return {
        **{("score", name): told for name, told in scores_told(page).items()},
        **{("list", name): told for name, told in lists_told(page).items()},
        **{("revisit", name): told for name, told in revisits_told(page, revisits).items()},
    }
