"""Which scores and lists can be worked out of what is known: one that picks ratings by a fact that nobody has would find
nought, and nought is not what happened. And by which facts ratings are picked at all. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from haochaping.cases.facts import CHANNELS
from haochaping.oversight.queries.score_counts import WORDS as REVISIT_WORDS
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Filter, Measured
from haochaping.policy.needs import measures_of
from haochaping.policy.profile import Profile
from haochaping.policy.score_reach import facts_looked_at, filters_of
from haochaping.policy.scores import Score
from haochaping.ratings.queries.by_facts import CHANNEL_WORDS
from haochaping.rectification.score_counts import WORDS as ORDER_WORDS
from haochaping.scoring.places import COUNTED
from haochaping.scoring.worth import untold

_OF_ORDERS: Final = frozenset({*ORDER_WORDS, *REVISIT_WORDS})
_ORDER_RATES: Final = frozenset(
    {"rectification_rate", "rectified_in_time_rate", "revisit_rate", "revisit_satisfaction"}
)
# By these facts orders are counted apart.
_ORDER_FACTS: Final = frozenset({"named", "classes"})
# A name of `Filter` → the fact of a service (`ratings.queries.by_facts.FACTS`) at which it looks.
_SERVICE_FACTS: Final[Mapping[str, str]] = {
    "places": "place",
    "item_types": "item_type",
    "case_types": "case_type",
    "forms": "form",
    "stages": "stage",
    "raters": "rater",
}
# Of ratings alone: nobody knows by which channel a service would have been rated.
_VOICE_FACTS: Final = frozenset({"channels", "named"})
_VOICE: Final = frozenset({"channel", "named"})
_OF_SERVICES: Final = frozenset({"occasions", "unrated", "invited"})
_SERVICE_RATES: Final = frozenset({"participation", "unrated_rate"})
# What is said of others than these is said without a case, and is in no figure of services.
_SUBJECTS: Final[Mapping[str, frozenset[str]]] = {
    "organisation": frozenset({"item", "staff"}),
    "region": frozenset({"item", "staff"}),
    "staff": frozenset({"staff"}),
    **dict.fromkeys(("window", "hall", "item"), frozenset({"item"})),
}


@dataclass(frozen=True, slots=True)
class Picking:
    """By what the ratings of one kind of unit are picked. `facts` of their services; `voice`: by channel or 实名 as well.
    `staff`: what was said of members of staff is asked for beside it. `tallied`: tallies of whole months tell it."""

    facts: frozenset[str]
    voice: bool
    staff: bool
    tallied: bool


_NOTHING: Final[frozenset[str]] = frozenset()


def not_countable(
    profile: Profile, hanging: frozenset[str] = _NOTHING, otherwise: frozenset[str] = _NOTHING
) -> Mapping[str, str]:
    """`scores.KEY` or `lists.KEY` → why it cannot be worked out: the fact, a name of `policy.measures.Filter`, that nobody
    has, or "of" where it is about somebody of whom nothing is counted. `hanging`: on which facts the worth of ratings hangs
    (`scoring.worth`); where nobody tells them apart by one, that, a name of `policy.occasions.Occasion`. `otherwise`: the
    dimensions by which ratings are to be counted otherwise than anybody counts them."""
    found = {}
    for name, each in _said(profile).items():
        whose = _whose(each)
        unknown = sorted(fact for measured in measures_of(each) for fact in _unknown(measured, whose))
        if not whose <= set(COUNTED):
            found[name] = "of"
        elif unknown:
            found[name] = unknown[0]
        elif any(_of_ratings(measured) for measured in measures_of(each)):
            lacking = [*sorted(otherwise), *sorted(fact for kind in whose for fact in untold(hanging, kind))]
            found |= {name: lacking[0]} if lacking else {}
    return found


def picked(
    profile: Profile, hanging: frozenset[str] = _NOTHING, kinds: Iterable[str] = ()
) -> Mapping[str, Picking]:
    """Kind of unit → by what its ratings are picked; of whom nothing is picked, that is left out. What is asked of regions
    is asked of their organisations. `hanging` as in `not_countable`: by these facts the ratings of all `kinds` are told
    apart."""
    asked: dict[str, list[Measured]] = {kind: [] for kind in kinds if kind != "region"}
    without = not_countable(profile, hanging)
    for name, each in _said(profile).items():
        if name not in without:
            for kind in _whose(each):
                of_ratings = [measured for measured in measures_of(each) if not _of_orders(measured)]
                asked.setdefault("organisation" if kind == "region" else kind, []).extend(of_ratings)
    found = {kind: _picking(kind, measures, hanging) for kind, measures in asked.items()}
    return {kind: each for kind, each in found.items() if each.facts or each.voice or each.staff}


def _picking(kind: str, asked: Iterable[Measured], hanging: frozenset[str]) -> Picking:
    filters = [only for measured in asked for only in filters_of(measured)]
    names = frozenset(name for only in filters for name in only.said())
    facts = frozenset(fact for name, fact in _SERVICE_FACTS.items() if name in names or fact in hanging)
    staff = kind == "organisation" and any("staff" in only.subjects for only in filters)
    channels = {channel for only in filters for channel in only.channels}
    known = kind == "organisation" and not facts and not staff and channels <= set(CHANNELS.values())
    # By which words of channels rules differ is not looked at here, and tallies have not all of them.
    known = known and "channel" not in hanging
    voice = bool(names & _VOICE_FACTS or hanging & _VOICE)
    return Picking(facts, voice=voice, staff=staff, tallied=known)


def _said(profile: Profile) -> dict[str, Score | ListRule]:
    return {
        **{f"scores.{key}": each.value for key, each in profile.scores.items()},
        **{f"lists.{key}": each.value for key, each in profile.lists.items()},
    }


def _whose(said: Score | ListRule) -> frozenset[str]:
    return frozenset(said.of if isinstance(said, Score) else (said.listed,))


def _unknown(measured: Measured, whose: frozenset[str]) -> frozenset[str]:
    facts = facts_looked_at(measured)
    if _of_orders(measured):
        return facts - _ORDER_FACTS
    known = {*_SERVICE_FACTS}
    if measured.measure not in _SERVICE_RATES and not _words(measured) & _OF_SERVICES:
        known |= _VOICE_FACTS
    unknown = {name for only in filters_of(measured) for name in _nobodys(only, whose)}
    return frozenset(facts - known - {"subjects"} | unknown)


def _nobodys(only: Filter, whose: frozenset[str]) -> Iterable[str]:
    """What a filter asks for by words that are never said of a rating of these."""
    if not set(only.channels) <= CHANNEL_WORDS:
        yield "channels"
    if not all(set(only.subjects) <= _SUBJECTS.get(kind, frozenset()) for kind in whose):
        yield "subjects"


def _words(measured: Measured) -> frozenset[str]:
    return frozenset({*measured.of, *measured.minus, *measured.over, *measured.over_minus})


def _of_orders(measured: Measured) -> bool:
    words = _words(measured)
    return measured.measure in _ORDER_RATES or (bool(words) and words <= _OF_ORDERS)


def _of_ratings(measured: Measured) -> bool:
    return not _of_orders(measured) and not measured.external


def external_names(profile: Profile) -> frozenset[str]:
    """The names of the values that scores and lists take from outside."""
    said = _said(profile).values()
    return frozenset(measured.external for one in said for measured in measures_of(one) if measured.external)
