"""A run worked out again out of what it kept, and two runs laid beside each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from haochaping.foundation.errors import NotFound
from haochaping.policy.owed import Period
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_pages import written
from haochaping.policy.spells import name_of
from haochaping.registry import queries as registry
from haochaping.scoring import record
from haochaping.scoring.city_book import KeptBook, Place
from haochaping.scoring.models import Listing, Result, Run, Unit


@dataclass(frozen=True, slots=True)
class Again:
    """Whether a run's parts are as they were kept. `altered`: what does not fit, in words for operators; `other_rules`: the
    rules now in force for that day are another edition, so that nothing can be said of the results."""

    altered: tuple[str, ...]
    other_rules: bool

    @property
    def holds(self) -> bool:
        """Worked out again, it is the same to the last byte."""
        return not self.altered and not self.other_rules


def worked_again(number: str, *, rulebook: Rulebook) -> Again:
    """Works a run out again and holds it against what is kept. Raises NotFound."""
    row = _row(number)
    kept = _kept(row)
    altered = [] if record.digest(kept) == row.inputs_digest else ["inputs"]
    if _stored_digest(row) != row.digest:
        altered.append("results")
    place = Place(_code(row), row.kind, Period(row.first, row.last))
    book = KeptBook(rulebook, place, kept)
    if book.profile.version != row.version:
        return Again(tuple(altered), other_rules=True)
    page = written(book)[row.kind][-1]
    told = []
    for unit, figures in page.figures.items():
        for key in page.profile.scores:
            if result := page.results.get((key, unit.name)):
                standing = figures.standings.get(key)
                rank, ranked = (standing.rank, standing.ranked) if standing else (None, None)
                told.append((unit.name, key, record.result_of(result, rank, ranked)))
    if record.run_digest(told, {key: each.units for key, each in page.lists.items()}) != row.digest:
        altered.append("scores")
    return Again(tuple(altered), other_rules=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one unit between two runs: `counts` that changed, word → (before, after), and `points` that did, score → (before,
    after) as text. `only_in`: "before" or "after" where the other run does not have it."""

    unit: str
    name: str
    counts: Mapping[str, tuple[int, int]]
    points: Mapping[str, tuple[str, str]]
    only_in: str = ""


def differences(before: str, after: str) -> Iterator[Difference]:
    """What changed from one run to another, by unit, the largest change of points first. Raises NotFound."""
    found = [*_differences(before, after)]
    return iter(sorted(found, key=lambda each: (-_size(each), each.unit)))


def _differences(before: str, after: str) -> Iterator[Difference]:
    old, new = _by_unit(before), _by_unit(after)
    for unit in sorted(old.keys() | new.keys()):
        then, now = old.get(unit), new.get(unit)
        if then is None or now is None:
            there = now or then
            assert there is not None  # noqa: S101  (it is in one of the two)
            yield Difference(unit, there[0], {}, {}, "after" if then is None else "before")
            continue
        counts = _changed(_summed(then[1]), _summed(now[1]), 0)
        points = _changed(then[2], now[2], "")
        if counts or points:
            yield Difference(unit, now[0], counts, points)


def _size(each: Difference) -> Fraction:
    if each.only_in:
        return Fraction(10**9)
    changes = (abs(Fraction(after or 0) - Fraction(before or 0)) for before, after in each.points.values())
    return max(changes, default=Fraction(0))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], none: Any) -> dict[str, tuple[Any, Any]]:
    words = sorted(before.keys() | after.keys())
    pairs = {word: (before.get(word, none), after.get(word, none)) for word in words}
    return {word: pair for word, pair in pairs.items() if pair[0] != pair[1]}


def _summed(inputs: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cell in record.own_cells(inputs):
        for word, number in cell["counts"].items():
            found[word] = found.get(word, 0) + number
    return found


def _by_unit(number: str) -> dict[str, tuple[str, Mapping[str, Any], dict[str, str]]]:
    """Unit name → what it is called, its inputs, its points by score."""
    row = _row(number)
    points: dict[Any, dict[str, str]] = {}
    for unit, score, said in Result.objects.filter(unit__run=row).values_list("unit_id", "score", "points"):
        points.setdefault(unit, {})[score] = said
    units = Unit.objects.filter(run=row)
    return {f"{each.kind}:{each.number}": (each.name, each.inputs, points.get(each.id, {})) for each in units}


def _row(number: str) -> Run:
    row = Run.objects.filter(number=number).first()
    if row is None:
        raise NotFound("score_run", _("没有这次评分。"))
    return row


def _kept(row: Run) -> dict[str, Any]:
    """All that went in, as it was digested."""
    own = {f"{each.kind}:{each.number}": each.inputs for each in Unit.objects.filter(run=row)}
    name = name_of(row.kind, Period(row.first, row.last))
    kinds = {kind: dict(periods) for kind, periods in row.earlier.items()}
    kinds.setdefault(row.kind, {})[name] = own
    return kinds


def _stored_digest(row: Run) -> str:
    told = [
        (
            f"{each.unit.kind}:{each.unit.number}",
            each.score,
            {
                "points": each.points,
                "why": each.why,
                "grade": each.grade,
                "rank": each.rank,
                "ranked": each.ranked,
                "parts": each.parts,
            },
        )
        for each in Result.objects.filter(unit__run=row).select_related("unit")
    ]
    lists = {each.key: each.named for each in Listing.objects.filter(run=row)}
    return record.run_digest(told, lists)


def _code(row: Run) -> str:
    return next((each.code for each in registry.division_tree(row.last) if each.id == row.division_id), "")
