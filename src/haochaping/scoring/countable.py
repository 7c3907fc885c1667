"""Which scores and lists can be worked out of what is counted: one that picks ratings by a fact that no tally has would find
nought, and nought is not what happened. Pure.
"""

from collections.abc import Mapping
from typing import Final

from haochaping.oversight.queries.score_counts import WORDS as REVISIT_WORDS
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Measured
from haochaping.policy.needs import measures_of
from haochaping.policy.profile import Profile
from haochaping.policy.score_reach import facts_looked_at
from haochaping.policy.scores import Score
from haochaping.rectification.score_counts import WORDS as ORDER_WORDS

_OF_ORDERS: Final = frozenset({*ORDER_WORDS, *REVISIT_WORDS})
_ORDER_RATES: Final = frozenset(
    {"rectification_rate", "rectified_in_time_rate", "revisit_rate", "revisit_satisfaction"}
)
# By these facts orders are counted apart.
_ORDER_FACTS: Final = frozenset({"named", "classes"})
# And by these the ratings of organisations, of whole months; services are not: nobody knows by which channel one would have
# been rated.
_RATING_FACTS: Final = frozenset({"channels", "named"})
_APART: Final = frozenset({"organisation", "region"})
_OF_SERVICES: Final = frozenset({"occasions", "unrated", "invited"})
_SERVICE_RATES: Final = frozenset({"participation", "unrated_rate"})


def not_countable(profile: Profile, *, months: bool = True) -> Mapping[str, str]:
    """`scores.KEY` or `lists.KEY` → the fact, a name of `policy.measures.Filter`, by which nothing is counted. `months`: of
    whole months, as of a quarter."""
    found = {}
    for name, each in _said(profile).items():
        apart = months and _whose(each) <= _APART
        unknown = sorted(fact for measured in measures_of(each) for fact in _unknown(measured, apart=apart))
        if unknown:
            found[name] = unknown[0]
    return found


def asks_apart(profile: Profile) -> bool:
    """Whether any score or list picks ratings by the facts by which they are counted apart."""
    asked = (measured for each in _said(profile).values() for measured in measures_of(each))
    return any(facts_looked_at(measured) & _RATING_FACTS for measured in asked if not _of_orders(measured))


def _said(profile: Profile) -> dict[str, Score | ListRule]:
    return {
        **{f"scores.{key}": each.value for key, each in profile.scores.items()},
        **{f"lists.{key}": each.value for key, each in profile.lists.items()},
    }


def _whose(said: Score | ListRule) -> frozenset[str]:
    return frozenset(said.of if isinstance(said, Score) else (said.listed,))


def _unknown(measured: Measured, *, apart: bool) -> frozenset[str]:
    facts = facts_looked_at(measured)
    if _of_orders(measured):
        return facts - _ORDER_FACTS
    if apart and measured.measure not in _SERVICE_RATES and not _words(measured) & _OF_SERVICES:
        return facts - _RATING_FACTS
    return facts


def _words(measured: Measured) -> frozenset[str]:
    return frozenset({*measured.of, *measured.minus, *measured.over, *measured.over_minus})


def _of_orders(measured: Measured) -> bool:
    words = _words(measured)
    return measured.measure in _ORDER_RATES or (bool(words) and words <= _OF_ORDERS)


def external_names(profile: Profile) -> frozenset[str]:
    """The names of the values that scores and lists take from outside."""
    said = _said(profile).values()
    return frozenset(measured.external for one in said for measured in measures_of(one) if measured.external)
