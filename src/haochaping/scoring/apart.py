"""Services and ratings told apart by what scores pick them by: out of tallies where one is kept, else out of the rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from haochaping.cases.facts import CHANNELS
from haochaping.policy.owed import Period
from haochaping.policy.score_figures import Cell
from haochaping.ratings.queries import by_facts
from haochaping.ratings.queries.held import CountedAs
from haochaping.scoring.countable import Picking
from haochaping.scoring.worth import Judge
from haochaping.tallies.declared import CHANNEL_MONTH
from haochaping.tallies.queries import totals_of
from haochaping.tallies.rules import Counts

_NOTHING: Final = Counts()
_ONE_DAY: Final = timedelta(days=1)


class _By(NamedTuple):
    """By what counts are told apart, in the names of `Cell`; `facts` of the service with their words."""

    aside: bool
    facts: tuple[tuple[str, str], ...]
    channel: str
    named: bool | None


_Told = Mapping[_By, Counts]


@dataclass(frozen=True)
class ToldApart:
    """Of the kinds of unit whose ratings are picked by anything: by registry id. The services of a kind may be known whole
    only (`whole`), as tallies have them."""

    told: Mapping[str, Mapping[int, _Told]]
    whole: frozenset[str]

    def cells(self, kind: str, number: int, counts: Counts, judge: Judge) -> Iterator[Cell]:
        """Services, ratings by level and defaults of a unit. `counts`: its tallies, all there is where nothing is picked;
        `judge` says what each is worth."""
        subject = "staff" if kind == "staff" else "item"
        if kind not in self.told:
            yield judge.judged(Cell({"occasions": counts.occasions, **_levels(counts)}, subject=subject))
            yield from _defaults(counts, judge, Cell({}, subject=subject))
            return
        silent = Cell({}, subject=subject, named=False)
        if kind in self.whole:
            yield Cell({"occasions": counts.occasions}, subject=subject)
            yield from _defaults(counts, judge, silent)
        else:  # nought where there was nothing: it was looked for
            yield Cell({"occasions": 0, **_levels(_NOTHING)}, subject=subject)
        # In an order that is always the same: it is digested.
        for by, said in sorted(self.told[kind].get(number, {}).items(), key=str):
            facts: dict[str, Any] = {**dict(by.facts), "channel": by.channel, "aside": by.aside}
            about = replace(silent, subject="staff" if by.aside else subject, **facts)
            if any(_levels(said).values()):
                yield judge.judged(replace(about, counts=_levels(said), named=by.named))
            # Nobody was 实名 who said nothing; a service is neither.
            if said.occasions:
                yield replace(about, counts={"occasions": said.occasions}, named=None)
            yield from _defaults(said, judge, about)


def told_apart(
    picked: Mapping[str, Picking],
    period: Period,
    *,
    organisations: Collection[int],
    held: Mapping[UUID, CountedAs],
) -> ToldApart:
    """Of the services of a period, of items of those that these `organisations` gave. `held`: ratings that are left out, by
    their ids. Raises NotFilled."""
    tallied = {kind for kind, each in picked.items() if each.tallied and _whole_months(period)}
    told: dict[str, Mapping[int, _Told]]
    told = {kind: _by_tallies(period, held.values()) for kind in tallied}
    for kind, picking in picked.items():
        if kind not in tallied:
            asked = by_facts.Asked(
                kind,
                picking.facts,
                of_staff=kind == "staff",
                first=period.first,
                last=period.last,
                organisations=organisations,
                without=held.keys(),
            )
            told[kind] = _by_rows(asked, picking)
    return ToldApart(told, frozenset(tallied))


def _whole_months(period: Period) -> bool:
    return period.first.day == (period.last + _ONE_DAY).day == 1


def _by_tallies(period: Period, held: Collection[CountedAs]) -> Mapping[int, _Told]:
    """Organisation id → ratings by channel (a word of the rules, "" for none of them) and by 实名 or not."""
    found: dict[int, dict[_By, Counts]] = {}

    def add(whose: int, channel: int, named: bool, counts: Counts) -> None:
        mine, key = found.setdefault(whose, {}), _By(False, (), CHANNELS.get(channel, ""), named)
        mine[key] = mine.get(key, _NOTHING) + counts

    for (whose, channel, named), counts in totals_of(CHANNEL_MONTH, period.first, period.last).items():
        add(whose, channel, bool(named), counts)
    for each in held:
        for whose in each.organisations:
            add(whose, each.channel, each.named, _NOTHING - Counts(**{f"n{each.level}": each.weight}))
    return found


def _by_rows(asked: by_facts.Asked, picking: Picking) -> Mapping[int, _Told]:
    """Registry id → services and what was said of them."""
    found: dict[int, dict[_By, Counts]] = {}
    for aside in (False, True) if picking.staff else (False,):
        for each in by_facts.counted_by_facts(replace(asked, of_staff=aside or asked.of_staff)):
            mine = found.setdefault(each.whose, {})
            channel, named = (each.channel, each.named) if picking.voice else ("", None)
            key = _By(aside, each.facts, channel, named)
            mine[key] = mine.get(key, _NOTHING) + each.counts
    return found


def _levels(counts: Counts) -> dict[str, int]:
    return {f"level_{level}": getattr(counts, f"n{level}") for level in range(1, 6)}


def _defaults(counts: Counts, judge: Judge, about: Cell) -> Iterator[Cell]:
    """By the level for which silence counted."""
    for level in range(1, 6):
        if number := getattr(counts, f"d{level}"):
            worth = replace(judge.own(about), default_level=level)
            yield replace(about, counts={"defaults": number}, worth=worth)
