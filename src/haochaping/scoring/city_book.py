"""Books of a city: its figures period by period, each by the rules of its own last day. One reads them as they stand now,
the other as a run has kept them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from haochaping.policy.owed import Period, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_reach import kinds_within, periods_before
from haochaping.policy.score_units import Chapter, Unit, worth_by
from haochaping.policy.spells import Spell, name_of
from haochaping.scoring.countable import not_countable, picked
from haochaping.scoring.gathering import Asked, Gathered, gather
from haochaping.scoring.record import figures_of
from haochaping.scoring.worth import counted_otherwise, hanging_on

_ONE_DAY = timedelta(days=1)
# Length of period → its name → unit name → what is kept of the unit.
Kept = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Which division (code), which period."""

    code: str
    kind: str
    period: Period


class _Periods(ABC):
    """The periods at which the scores and lists of one look, by the rules in force."""

    def __init__(self, rulebook: Rulebook, place: Place) -> None:
        self._rulebook, self._place = rulebook, place
        self.profile = self._rules(place.period)

    def kinds(self) -> tuple[str, ...]:
        """See `policy.score_units.Book`."""
        return kinds_within(self.profile, self._place.kind)

    def chapters(self, kind: str) -> Iterator[Chapter]:
        """The periods of a length that are looked at, up to the last within the one that is asked for."""
        asked = self._place.period
        period = period_of(kind, asked.first)
        for _ in range(periods_before(self.profile, kind)):
            period = period_of(kind, period.first - _ONE_DAY)
        while period.first <= asked.last:
            yield self._chapter(kind, period)
            period = period_of(kind, period.last + _ONE_DAY)

    @abstractmethod
    def _chapter(self, kind: str, period: Period) -> Chapter: ...

    def _rules(self, period: Period) -> Profile:
        """Without the scores and lists that ask for what nobody counts: they would find nought."""
        profile = self._rulebook.profile(self._place.code, period.last)
        without = self._not_countable(profile, period)
        return replace(
            profile,
            scores={key: each for key, each in profile.scores.items() if f"scores.{key}" not in without},
            lists={key: each for key, each in profile.lists.items() if f"lists.{key}" not in without},
        )

    def uncounted(self, period: Period) -> Mapping[str, str]:
        """What of the rules of a period is not worked out, as `countable.not_countable` says it."""
        return self._not_countable(self._rulebook.profile(self._place.code, period.last), period)

    def _not_countable(self, profile: Profile, period: Period) -> Mapping[str, str]:
        otherwise = counted_otherwise(self._rulebook, self._place.code, period.last)
        return not_countable(profile, self._hanging(period), otherwise)

    def _hanging(self, period: Period) -> frozenset[str]:
        return hanging_on(self._rulebook, self._place.code, period.last)


class CityBook(_Periods):
    """As it stands now. `gathered`: what was found of the period itself, once its chapter was read.

    Raises LookupError where no rules apply.
    """

    def __init__(self, asked: Asked, place: Place) -> None:
        super().__init__(asked.rulebook, place)
        self._asked = asked
        self.gathered: dict[tuple[str, Period], Gathered] = {}

    def _chapter(self, kind: str, period: Period) -> Chapter:
        rules = self._rules(period)
        hanging = self._hanging(period)
        found = gather(
            self._asked, kind, period, picked(rules, hanging, self._asked.kinds if hanging else ())
        )
        self.gathered[kind, period] = found
        return Chapter(Spell(name_of(kind, period), kind, period), rules, found.figures)


class KeptBook(_Periods):
    """As a run has kept it."""

    def __init__(self, rulebook: Rulebook, place: Place, kept: Kept) -> None:
        super().__init__(rulebook, place)
        self._kept = kept

    def _chapter(self, kind: str, period: Period) -> Chapter:
        name = name_of(kind, period)
        figures = {}
        for unit, said in self._kept.get(kind, {}).get(name, {}).items():
            worth = worth_by(self._rulebook.profile(said["division"], period.last))
            figures[Unit(unit, unit.partition(":")[0], said["of"])] = figures_of(said, worth)
        return Chapter(Spell(name, kind, period), self._rules(period), figures)
