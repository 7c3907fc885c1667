"""Ranks, and the lists on which somebody is named."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import TypeVar

from haochaping.policy.exact import within
from haochaping.policy.listed import ListRule
from haochaping.policy.score_figures import Figures, read

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
    return tuple((each is not None, each if each is not None else Fraction(0)) for each in standing)


def listed(rule: ListRule, periods: Sequence[Mapping[Name, Figures]]) -> set[Name]:
    """Who is named after the last of these periods (the latest last): so often in a row, or so often among the last.

    Who has nothing to measure in a period is not on that period's list. Raises NotCounted.
    """
    looked = rule.out_of or rule.periods
    found = [on_list(rule, period) for period in periods[-looked:]]
    names = set().union(*found) if found else set()
    return {name for name in names if sum(name in each for each in found) >= rule.periods}


def on_list(rule: ListRule, figures: Mapping[Name, Figures]) -> set[Name]:
    """Who meets the rule in one period; nobody where no criterion is laid down (差评比较集中的)."""
    if rule.measure is None:
        return set()
    minimum = rule.minimum
    values = {
        name: value
        for name, each in figures.items()
        if minimum is None or each.count(minimum.count) >= minimum.n
        if (value := read(rule, each).value) is not None
    }
    if rule.rank is None:
        return {name for name, value in values.items() if within(value, rule)}
    number = rule.n if rule.n is not None else ceil((rule.share or 0) * len(values))
    ordered = sorted(values, key=lambda name: values[name], reverse=rule.rank == "first")
    chosen = ordered[:number]
    if rule.ties_in and chosen:
        chosen += [name for name in ordered[number:] if values[name] == values[chosen[-1]]]
    return set(chosen)
