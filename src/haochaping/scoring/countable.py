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
# By these facts orders are counted apart; ratings by none: see `tallies.declared`.
_ORDER_FACTS: Final = frozenset({"named", "classes"})


def not_countable(profile: Profile) -> Mapping[str, str]:
    """`scores.KEY` or `lists.KEY` → the fact, a name of `policy.measures.Filter`, by which nothing is counted."""
    said: dict[str, Score | ListRule] = {
        **{f"scores.{key}": each.value for key, each in profile.scores.items()},
        **{f"lists.{key}": each.value for key, each in profile.lists.items()},
    }
    found = {}
    for name, each in said.items():
        unknown = sorted(fact for measured in measures_of(each) for fact in _unknown(measured))
        if unknown:
            found[name] = unknown[0]
    return found


def _unknown(measured: Measured) -> frozenset[str]:
    facts = facts_looked_at(measured)
    return facts - _ORDER_FACTS if _of_orders(measured) else facts


def _of_orders(measured: Measured) -> bool:
    words = {*measured.of, *measured.minus, *measured.over, *measured.over_minus}
    return measured.measure in _ORDER_RATES or (bool(words) and words <= _OF_ORDERS)


def external_names(profile: Profile) -> frozenset[str]:
    """The names of the values that scores and lists take from outside."""
    said: list[Score | ListRule] = [each.value for each in profile.scores.values()]
    said += [each.value for each in profile.lists.values()]
    return frozenset(measured.external for one in said for measured in measures_of(one) if measured.external)
