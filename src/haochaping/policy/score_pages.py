"""The scores, ranks and lists of many periods: each by the rules of its own period, in the order in which they need
each other.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from haochaping.policy.listed import ListRule
from haochaping.policy.needs import measures_of, needs
from haochaping.policy.owed import Period, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.ranking import listed, ranks
from haochaping.policy.score_figures import Beneath, Cell, Figures, NotCounted, Standing
from haochaping.policy.score_units import Book, Chapter, Others, Unit
from haochaping.policy.scores import Score
from haochaping.policy.scoring import Result, evaluate, tie_values
from haochaping.policy.spells import Spell, inside
from haochaping.policy.vocabulary import COUNTS

Figured = dict[Unit, Figures]


class Named(NamedTuple):
    """Who is on a list after a period, and who was named in it alone; `missing`: what was not counted for it."""

    units: tuple[str, ...]
    missing: str = ""


@dataclass
class Page:
    """A period with all that came out of it."""

    spell: Spell
    profile: Profile
    figures: Figured
    results: dict[tuple[str, str], Result] = field(default_factory=dict)
    ranks: dict[tuple[str, str], int] = field(default_factory=dict)
    lists: dict[str, Named] = field(default_factory=dict)


def written(book: Book) -> dict[str, list[Page]]:
    """Every period of every length, the shortest lengths first: longer ones are made of them."""
    found: dict[str, list[Page]] = {}
    for kind in book.kinds():
        pages: list[Page] = found.setdefault(kind, [])
        for chapter in book.chapters(kind):
            pages.append(_page(chapter, pages, found))
    return found


def _page(chapter: Chapter, earlier: Sequence[Page], shorter: Mapping[str, Sequence[Page]]) -> Page:
    page = Page(chapter.spell, chapter.profile, dict(chapter.figures))
    _then(page, earlier, shorter)
    for name in _in_order(chapter.profile):
        kind, _, key = name.partition(".")
        if kind == "scores":
            score = chapter.profile.scores[key].value
            if _looked_at(score.period, page):
                _score(page, key, score, earlier)
        else:
            rule = chapter.profile.lists[key].value
            if _looked_at(_period_of_list(rule, chapter.profile), page):
                _list(page, key, rule, earlier)
    return page


def _looked_at(period: str | None, page: Page) -> bool:
    return not page.spell.kind or period in (None, "once", page.spell.kind)


def _period_of_list(rule: ListRule, profile: Profile) -> str | None:
    """Its own, else that of the score at which it looks."""
    score = profile.scores.get(rule.score or "")
    return rule.period or (score.value.period if score else None)


def _then(page: Page, earlier: Sequence[Page], shorter: Mapping[str, Sequence[Page]]) -> None:
    """What came out before: in the last period, a year ago, in the shorter periods of this one."""
    year_ago = _year_ago(page.spell, earlier)
    for unit, figures in page.figures.items():
        within, listings = _within(unit, page.spell.period, shorter)
        page.figures[unit] = replace(
            figures,
            previous=earlier[-1].figures.get(unit) if earlier else None,
            year_ago=year_ago.figures.get(unit) if year_ago else None,
            within=within,
            listings=listings,
        )
    _meet(page)


def _year_ago(spell: Spell, earlier: Sequence[Page]) -> Page | None:
    if spell.period is None:
        return None
    first = spell.period.first
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    then = period_of(spell.kind, first.replace(year=first.year - 1, day=day))
    return next((page for page in earlier if page.spell.period == then), None)


def _within(
    unit: Unit, period: Period | None, shorter: Mapping[str, Sequence[Page]]
) -> tuple[dict[tuple[str, str], list[Beneath]], dict[str, int]]:
    """The scores of the shorter periods, and how often it was listed in them."""
    scores: dict[tuple[str, str], list[Beneath]] = {}
    listings: dict[str, int] = {}
    unknown: set[str] = set()
    pages = (each for kind in shorter for each in shorter[kind])
    for page in pages:
        if period is None or page.spell.period is None or not inside(page.spell.period, period):
            continue
        for key in page.profile.scores:
            if result := page.results.get((key, unit.name)):
                found = Beneath(result.points, _counts(page.figures[unit]))
                scores.setdefault((key, page.spell.kind), []).append(found)
        for key, each in page.lists.items():
            unknown |= {key} if each.missing else set()
            listings[key] = listings.get(key, 0) + (unit.name in each.units)
    return scores, {key: times for key, times in listings.items() if key not in unknown}


def _counts(figures: Figures) -> dict[str, Fraction]:
    """Whatever was counted, by word."""
    found = {}
    for word in COUNTS:
        with suppress(NotCounted):
            found[word] = figures.count(word)
    return found


def _meet(page: Page) -> None:
    """Each knows the others of its kind as they are now."""
    kinds: dict[str, list[Figures]] = {}
    for unit, figures in page.figures.items():
        alone = replace(figures, peers=())
        of_kind = kinds.setdefault(unit.kind, [])
        of_kind.append(alone)
        page.figures[unit] = replace(alone, peers=Others(of_kind, len(of_kind) - 1))


def _score(page: Page, key: str, score: Score, earlier: Sequence[Page]) -> None:
    """One score of all whom it is about, and their ranking, kind by kind."""
    scored = [unit for unit in _lowest_first(page) if not unit.kind or unit.kind in score.of]
    below: dict[str, list[Unit]] = {}
    for unit in page.figures:
        if unit.kind:
            below.setdefault(unit.of, []).append(unit)
    standings: dict[str, dict[Unit, tuple[Fraction | None, ...]]] = {}
    for unit in scored:
        figures = _rolled(unit, page, score, earlier)
        figures = replace(figures, beneath=_with_those_below(score, figures, page, below.get(unit.name, ())))
        result = page.results[key, unit.name] = evaluate(score, figures)
        page.figures[unit] = replace(page.figures[unit], own={**page.figures[unit].own, key: result.points})
        if result.ranked:
            ties = _ties(score, figures)
            standings.setdefault(unit.kind, {})[unit] = (result.points, *ties)
    for of_kind in standings.values():
        for unit, rank in ranks(of_kind, score.tied_rank).items():
            page.ranks[key, unit.name] = rank
            found = {**page.figures[unit].standings, key: Standing(rank, len(of_kind))}
            page.figures[unit] = replace(page.figures[unit], standings=found)
    _meet(page)


def _lowest_first(page: Page) -> list[Unit]:
    """Windows before the department to which they belong, departments before their region."""
    above = {unit.name: unit.of for unit in page.figures}

    def depth(unit: Unit) -> int:
        seen = [unit.name]
        while (higher := above.get(seen[-1])) and higher not in seen:
            seen.append(higher)
        return len(seen)

    return sorted(page.figures, key=depth, reverse=True)


def _rolled(unit: Unit, page: Page, score: Score, earlier: Sequence[Page]) -> Figures:
    """The figures of this period, with those of the ones before it where the score is a rolling one."""
    figures = page.figures[unit]
    if score.rolling is None or score.rolling == 1:
        return figures
    cells: list[Cell] = list(figures.cells)
    for each in earlier[-(score.rolling - 1) :]:
        if unit in each.figures:
            cells += each.figures[unit].cells
    return replace(figures, cells=tuple(cells))


def _with_those_below(
    score: Score, figures: Figures, page: Page, below: Sequence[Unit]
) -> dict[tuple[str, str], Sequence[Beneath]]:
    """Scores given as such, and those of the units that belong to this one, as far as this score looks at them."""
    found = {place: list(each) for place, each in figures.beneath.items()}
    wanted = {(each.score or "", each.below) for each in measures_of(score) if each.below is not None}
    for key, kind in sorted(wanted):
        for each in below:
            result = page.results.get((key, each.name)) if each.kind == kind else None
            if result is not None:
                entry = Beneath(result.points, _counts(page.figures[each]))
                found.setdefault((key, kind), []).append(entry)
    return dict(found)


def _ties(score: Score, figures: Figures) -> tuple[Fraction | None, ...]:
    try:
        return tie_values(score.ties, figures)
    except NotCounted:
        return (None,) * len(score.ties)


def _list(page: Page, key: str, rule: ListRule, earlier: Sequence[Page]) -> None:
    """Who is named after this period; who is, is known to the scores and lists that come after."""
    pages = [*earlier, page]
    if rule.within is not None:
        pages = [each for each in pages if _same(rule.within, each.spell.period, page.spell.period)]
    # Before the list was laid down nobody was on it.
    periods = [
        {unit: each for unit, each in one.figures.items() if not unit.kind or unit.kind == rule.listed}
        if key in one.profile.lists
        else {}
        for one in pages
    ]
    try:
        named = listed(rule, periods)
    except NotCounted as missing:
        page.lists[key] = Named((), str(missing))
        return
    page.lists[key] = Named(tuple(unit.name for unit in page.figures if unit in named))
    for unit, figures in page.figures.items():
        page.figures[unit] = replace(figures, listings={**figures.listings, key: int(unit in named)})
    _meet(page)


def _same(length: str, one: Period | None, other: Period | None) -> bool:
    """Whether two periods begin in the same year (half year, quarter); those that are only named all do."""
    if one is None or other is None:
        return True
    return period_of(length, one.first) == period_of(length, other.first)


def _in_order(profile: Profile) -> list[str]:
    """`scores.KEY` and `lists.KEY`, whatever another one is made of before it."""
    needed = {f"scores.{key}": needs(value.value) for key, value in profile.scores.items()}
    needed |= {f"lists.{key}": needs(value.value) for key, value in profile.lists.items()}
    found: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name not in needed:
            return
        seen.add(name)
        for each in needed[name]:
            visit(each)
        found.append(name)

    for name in needed:
        visit(name)
    return found
