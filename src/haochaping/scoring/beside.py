"""What is shown beside every score, whatever the rules make of it: what citizens themselves said and what silence added, how
sure that is, and what became of bad ratings. All exact. Pure.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

from haochaping.policy.ranking import ranks
from haochaping.policy.score_figures import Figures, NotCounted
from haochaping.scoring.interval import exact_interval

Key = TypeVar("Key")
# Who has fewer ratings is in no ranking of ours: one rating moves a rate by more than five points.
MINIMUM: Final = 20
# Like is compared with like: the number of ratings from which a group begins, the largest first.
VOLUMES: Final = (10_000, 1_000, 100, MINIMUM)
# A rate is drawn towards that of all of its kind as if so many ratings of theirs were added.
WEIGHT_OF_ALL: Final = 20
_COUNTS: Final = ("occasions", "ratings", "good", "bad", "defaults", "unrated")
_SHARES: Final = (
    ("good_active", "good", "ratings"),
    ("bad_active", "bad", "ratings"),
    ("participation", "ratings", "occasions"),
    ("unrated_share", "unrated", "occasions"),
    ("default_share", "defaults", "occasions"),
    ("rectified_in_time", "rectified_in_time", "orders_due"),
    ("revisit_satisfied", "revisit_satisfied", "revisit_answered"),
    ("overturned", "objections_upheld", "objections"),
)


class Ranked(NamedTuple):
    """A place among those of about as many ratings: from 1, of so many."""

    rank: int
    of: int


@dataclass(frozen=True, slots=True)
class Beside:
    """`counts` by word and `shares` as exact fractions; what was not counted, or is a share of nothing, is left out.
    `interval`: the exact ends of `good_active`, as text. `shrunk`: see WEIGHT_OF_ALL. `group`: the least number of ratings
    of its volume group, None below MINIMUM; `ranked` within it by `good_active`, equal ones share a place."""

    counts: Mapping[str, int]
    shares: Mapping[str, Fraction]
    interval: tuple[str, str] | None
    shrunk: Fraction | None
    group: int | None
    ranked: Ranked | None

    def kept(self) -> dict[str, object]:
        """As it is written down."""
        return {
            "counts": dict(sorted(self.counts.items())),
            "shares": {name: str(share) for name, share in sorted(self.shares.items())},
            "interval": list(self.interval) if self.interval else None,
            "shrunk": None if self.shrunk is None else str(self.shrunk),
            "group": self.group,
            "rank": self.ranked.rank if self.ranked else None,
            "of": self.ranked.of if self.ranked else None,
        }


def beside(of_kind: Mapping[Key, Figures]) -> dict[Key, Beside]:
    """Of all units of one kind, which are compared with each other only."""
    counted = {key: _counts(figures) for key, figures in of_kind.items()}
    ratings = sum(each.get("ratings", 0) for each in counted.values())
    good = sum(each.get("good", 0) for each in counted.values())
    of_all = Fraction(good, ratings) if ratings else None
    places = _places(counted)
    return {
        key: Beside(
            counts=each,
            shares=_shares(each, of_kind[key]),
            interval=_interval(each),
            shrunk=_shrunk(each, of_all),
            group=_group(each.get("ratings", 0)),
            ranked=places.get(key),
        )
        for key, each in counted.items()
    }


def _counts(figures: Figures) -> dict[str, int]:
    found = {}
    wanted = (*_COUNTS, *(word for _, part, whole in _SHARES for word in (part, whole)))
    for word in dict.fromkeys(wanted):
        with suppress(NotCounted):
            found[word] = int(figures.count(word))
    return found


def _shares(counts: Mapping[str, int], figures: Figures) -> dict[str, Fraction]:
    found = {
        name: Fraction(counts[part], counts[whole])
        for name, part, whole in _SHARES
        if part in counts and counts.get(whole)
    }
    with suppress(NotCounted):
        good = sum(
            each.counts["defaults"]
            for each in figures.fitting(None)
            if each.counts.get("defaults") and figures.worth_of(each).default_is("good")
        )
        if whole := counts.get("ratings", 0) + counts.get("defaults", 0):
            found["good_inclusive"] = Fraction(counts["good"] + good, whole)
    return found


def _interval(counts: Mapping[str, int]) -> tuple[str, str] | None:
    ends = (
        exact_interval(counts["good"], counts["ratings"])
        if "good" in counts and "ratings" in counts
        else None
    )
    return None if ends is None else (str(ends[0]), str(ends[1]))


def _shrunk(counts: Mapping[str, int], of_all: Fraction | None) -> Fraction | None:
    if of_all is None or "good" not in counts or "ratings" not in counts:
        return None
    return (counts["good"] + WEIGHT_OF_ALL * of_all) / (counts["ratings"] + WEIGHT_OF_ALL)


def _group(ratings: int) -> int | None:
    return next((least for least in VOLUMES if ratings >= least), None)


def _places(counted: Mapping[Key, Mapping[str, int]]) -> dict[Key, Ranked]:
    groups: dict[int, dict[Key, tuple[Fraction | None, ...]]] = {}
    for key, each in counted.items():
        group = _group(each.get("ratings", 0))
        if group is not None and "good" in each:
            groups.setdefault(group, {})[key] = (Fraction(each["good"], each["ratings"]),)
    return {key: Ranked(rank, len(group)) for group in groups.values() for key, rank in ranks(group).items()}
