"""Ranks, and the lists on which somebody is named."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from haochaping.policy.exact import rounded, within
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Rounding
from haochaping.policy.readings import holds, ranks_as_the_score, read
from haochaping.policy.score_figures import Figures

Name = TypeVar("Name", bound=Hashable)
# The value, then what decides between equals; None stands behind every number.
Standing = tuple[Fraction | None, ...]


def ranks(standings: Mapping[Name, Standing], tied: str = "shared") -> dict[Name, int]:
    """Rank from 1, the highest first. Equal ones share a rank; after `shared` ranks stay empty, after `dense` none."""
    ordered = sorted(standings, key=lambda name: _key(standings[name]), reverse=True)
    found: dict[Name, int] = {}
    for place, name in enumerate(ordered, start=1):
        before = ordered[place - 2] if place > 1 else None
        if before is not None and _key(standings[before]) == _key(standings[name]):
            found[name] = found[before]
        else:
            found[name] = place if tied == "shared" or before is None else found[before] + 1
    return found


def _key(standing: Standing) -> tuple[tuple[bool, Fraction], ...]:
    return tuple((each is not None, Fraction() if each is None else each) for each in standing)


def listed(rule: ListRule, periods: Sequence[Mapping[Name, Figures]]) -> set[Name]:
    """Who is named after the last of these periods (the latest last): so often in a row, or so often among the last.

    Of a rule that counts `within` a year these are the periods of that year. Who has nothing to measure in a period
    is not on that period's list. Raises NotCounted.
    """
    looked = len(periods) if rule.within is not None else rule.out_of or rule.periods
    found = [on_list(rule, period) for period in periods[-looked:]]
    names = set().union(*found) if found else set()
    return {name for name in names if sum(name in each for each in found) >= rule.periods}


def on_list(rule: ListRule, figures: Mapping[Name, Figures]) -> set[Name]:
    """Who meets the rule in one period; nobody where no criterion is laid down (差评比较集中的)."""
    if rule.measure is None:
        return set()
    values = {
        name: value
        for name, each in figures.items()
        if _may_be_named(rule, each) and (value := _value(rule, each)) is not None
    }
    if rule.rank is None:
        return {name for name, value in values.items() if within(value, rule)}
    better_first = (rule.rank == "first") == (rule.better == "higher")
    ordered = sorted(values, key=lambda name: values[name], reverse=better_first)
    number = rule.n if rule.n is not None else _share_of(rule, len(values))
    chosen = ordered[:number]
    if rule.ties_in and chosen:
        chosen += [name for name in ordered[number:] if values[name] == values[chosen[-1]]]
    return set(chosen)


def _may_be_named(rule: ListRule, figures: Figures) -> bool:
    minimum = rule.minimum
    if minimum is not None and figures.count(minimum.count) < minimum.n:
        return False
    return all(holds(condition, figures) for condition in rule.when)


def _value(rule: ListRule, figures: Figures) -> Fraction | None:
    """What is compared: the measure; of the ranking of a score the place in it, with its ties and without its unranked."""
    if rule.rank is None or not ranks_as_the_score(rule):
        return read(rule, figures).value
    standing = figures.standings.get(rule.score or "")
    return None if standing is None else Fraction(-standing.rank)


def _share_of(rule: ListRule, number: int) -> int:
    exact = Fraction(rule.share or 0) * number
    return int(rounded(exact, Rounding(0, rule.share_rounded)))
