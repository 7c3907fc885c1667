"""Corrections of past days for the officials who look after these organisations, each with the publications whose figures
it would change: those stay as they are, and a later one corrects them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.publication.models import Publication
from haochaping.registry import queries as registry
from haochaping.scoring.queries.spans import Span, spans
from haochaping.tallies.corrections import NEWEST, Corrected, CorrectionsAsked, Place, corrections

PAGE: Final = 50
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction with the name of its organisation. `published`: numbers of the publications of that day that nothing
    has corrected yet and that were counted before it came."""

    corrected: Corrected
    organisation: str
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """A page of them; `after` where the next one begins, None at the end. `organisations`: id and name of all in reach, by
    name."""

    lines: tuple[CorrectionLine, ...]
    after: Place | None
    organisations: tuple[tuple[int, str], ...]


def corrections_in_reach(
    *, official_id: UUID, now: datetime, asked: CorrectionsAsked, after: Place = NEWEST
) -> CorrectionsPage:
    """A page of what the official may see; of no organisation asked for: of all in reach.

    Never of an organisation at which he has a post himself: those who were rated do not learn when somebody changed his
    mind.
    """
    today = local_day(now)
    reach = _reach(official_id, today)
    found = corrections(_within(asked, reach), most=PAGE + 1, after=after)
    shown = found[:PAGE]
    names = sorted(registry.organisation_names(reach, today).items(), key=lambda each: (each[1], each[0]))
    return CorrectionsPage(
        lines=tuple(_lines(shown, today)),
        after=shown[-1].place if len(found) > PAGE else None,
        organisations=tuple(names),
    )


def all_corrections(*, official_id: UUID, now: datetime, asked: CorrectionsAsked) -> Iterator[CorrectionLine]:
    """All that `corrections_in_reach` gives page by page."""
    today, after = local_day(now), NEWEST
    within = _within(asked, _reach(official_id, today))
    while found := corrections(within, most=_AT_ONCE, after=after):
        yield from _lines(found, today)
        after = found[-1].place


def _reach(official_id: UUID, today: date) -> frozenset[int]:
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_CORRECTIONS, on=today)
    own = {each.organisation_id for each in officials.posts(official_id=official_id, on=today)}
    return reach - own


def _within(asked: CorrectionsAsked, reach: frozenset[int]) -> CorrectionsAsked:
    return replace(asked, organisations=reach & set(asked.organisations) if asked.organisations else reach)


def _lines(found: Sequence[Corrected], today: date) -> Iterator[CorrectionLine]:
    whose = {each.place.organisation_id for each in found}
    names = registry.organisation_names(whose, today)
    published = _Published(whose, today)
    for each in found:
        number = each.place.organisation_id
        yield CorrectionLine(each, names.get(number, str(number)), published.of(each.place))


class _Published:
    """Publications that nothing has corrected yet, by place and period."""

    def __init__(self, whose: Collection[int], today: date) -> None:
        standing = Publication.objects.filter(corrected_by=None)
        numbers = dict(standing.values_list("source", "number"))
        self._spans = [(numbers[run], span) for run, span in spans(numbers.keys()).items()]
        places = {span.division_id for _, span in self._spans}
        self._below = {number: registry.divisions_below(number, today) for number in places}
        self._homes = registry.homes(whose, today)

    def of(self, place: Place) -> tuple[str, ...]:
        """The numbers of those whose figures a correction would change."""
        return tuple(sorted(number for number, span in self._spans if self._changes(place, span)))

    def _changes(self, place: Place, span: Span) -> bool:
        counted = span.first <= place.day <= span.last and local_day(span.cut_off) <= place.noted_on
        return counted and self._homes.get(place.organisation_id) in self._below[span.division_id]
