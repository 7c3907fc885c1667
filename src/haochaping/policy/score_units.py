"""Who is scored over which period, by which rules and figures: what scores, ranks and lists are made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol, overload

from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Figures, Worth
from haochaping.policy.spells import Spell


@dataclass(frozen=True, slots=True)
class Unit:
    """Who is scored. `kind`: a word of SCORED, "" where nothing says what it is; `of`: to whom it belongs."""

    name: str
    kind: str = ""
    of: str = ""


@dataclass(frozen=True)
class Chapter:
    """One period: its rules, and the figures of every unit that has any."""

    spell: Spell
    profile: Profile
    figures: Mapping[Unit, Figures]


class Book(Protocol):
    """All figures there are, period by period."""

    def kinds(self) -> Sequence[str]:
        """The lengths of period that are looked at, the shortest first; "" for periods that are only named."""

    def chapters(self, kind: str) -> Iterator[Chapter]:
        """The periods of one length, in order."""


class Others(Sequence[Figures]):
    """All of a kind but one: of many, each sees all the others, and they are kept once."""

    __slots__ = ("_all", "_but")

    def __init__(self, everybody: Sequence[Figures], but: int) -> None:
        self._all, self._but = everybody, but

    def __len__(self) -> int:
        return len(self._all) - 1

    def __iter__(self) -> Iterator[Figures]:
        return (each for place, each in enumerate(self._all) if place != self._but)

    @overload
    def __getitem__(self, place: int) -> Figures: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Figures]: ...
    def __getitem__(self, place: int | slice) -> Figures | Sequence[Figures]:
        return list(self)[place]


# Asked of every group of ratings of everybody who is scored, and the same for most.
@lru_cache(maxsize=1024)
def worth_by(profile: Profile) -> Worth:
    """What a profile makes of levels and of silence."""
    default = profile.default.value if profile.default else None
    return Worth(
        points=profile.points.value if profile.points else None,
        levels=profile.levels.value if profile.levels else (),
        default_level=default.level if default else None,
        default_counts_in=default.counts_in if default else None,
        default_worth=default.points if default else None,
    )


def worth_at(rulebook: Rulebook, occasion: Occasion, on: date) -> Worth:
    """What the rules of a day make of counted ratings of such an occasion."""
    return worth_by(rulebook.rules(occasion, on))
