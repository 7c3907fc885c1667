"""How far the scores and lists of a period look back: into which shorter periods, and over how many earlier ones."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Filter, Measured
from haochaping.policy.needs import measures_of
from haochaping.policy.profile import Profile
from haochaping.policy.scores import Score
from haochaping.policy.spells import KINDS

# So many of them may begin within a year.
_IN_A_YEAR: Final[Mapping[str, int]] = MappingProxyType(
    {"day": 366, "week": 53, "month": 12, "two_months": 6, "quarter": 4, "half_year": 2, "year": 1}
)


def kinds_within(profile: Profile, kind: str) -> tuple[str, ...]:
    """The lengths of period that must be looked at for one of this length, the shortest first, its own last."""
    asked = {each.period for each in _all(profile)}
    asked |= {each.each for said in _all(profile) for each in measures_of(said)}
    return (*(each for each in KINDS[: KINDS.index(kind)] if each in asked), kind)


def periods_before(profile: Profile, kind: str) -> int:
    """How many periods of this length before one of them are looked at for it."""
    found = [0]
    for said in _all(profile):
        if said.period not in (None, "once", kind):
            continue
        if isinstance(said, Score):
            found.append((said.rolling or 1) - 1)
        else:
            found.append(max(said.periods, said.out_of or 0) - 1)
            found.append(_IN_A_YEAR[kind] if said.within is not None else 0)
        compared = {each.compared for each in measures_of(said)}
        found.append(1 if "previous" in compared else 0)
        found.append(_IN_A_YEAR[kind] if "year_ago" in compared else 0)
    return max(found)


def _all(profile: Profile) -> Iterator[Score | ListRule]:
    yield from (each.value for each in profile.scores.values())
    yield from (each.value for each in profile.lists.values())


def filters_of(measured: Measured) -> tuple[Filter, ...]:
    """By what a measure picks what it counts."""
    return tuple(
        only for only in (measured.only, *(group.only for group in measured.groups)) if only is not None
    )


def facts_looked_at(measured: Measured) -> frozenset[str]:
    """The facts by which a measure picks what it counts: the names of `Filter` that it fills in."""
    return frozenset(name for only in filters_of(measured) for name in only.said())
