"""Corrections of past days: what was counted of an organisation's day and is counted otherwise since, each with the counts
before and after it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

from haochaping.tallies.declared import CORRECTION_DAY, ORGANISATION_DAY
from haochaping.tallies.queries import both
from haochaping.tallies.rules import MEASURES, Correction, Counts

# What a rater changes on the day of the service itself has not been told of that day yet.
_PAST: Final = "noted_on > day AND organisation_id = ANY(%s)"
_NOTED: Final = "noted_on >= coalesce(%s, '-infinity'::date) AND noted_on <= coalesce(%s, 'infinity'::date)"
_BEYOND: Final = "(noted_on, day, organisation_id, why) < (%s, %s, %s, %s)"
_KEY: Final = "noted_on, day, organisation_id, why"
_CHANGED: Final = " OR ".join(f"sum({measure}) <> 0" for measure in MEASURES)
_PAGE: Final = f"""
{both(CORRECTION_DAY, _KEY, only=f"{_PAST} AND {_NOTED} AND {_BEYOND}")}
HAVING {_CHANGED} ORDER BY {", ".join(f"{column} DESC" for column in _KEY.split(", "))} LIMIT %s
"""
# Of the days of a page: given by two lists.
_THESE: Final = "(organisation_id, day) IN (SELECT * FROM unnest(%s::int[], %s::date[]))"
_OF_THESE: Final = both(CORRECTION_DAY, _KEY, only=f"{_THESE} AND noted_on > day")
_COUNTED: Final = both(ORGANISATION_DAY, "organisation_id, day", only=_THESE)


class Place(NamedTuple):
    """Where a correction stands in their order: the latest first."""

    noted_on: date
    day: date
    organisation_id: int
    why: int


# Before all of them.
NEWEST: Final = Place(date.max, date.max, 2**31 - 1, 0)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was told on the local day `place.noted_on` moved the counts of an organisation's service day by `by` (less is
    negative); `after` it they were these. Ratings that came in without correcting anything are in `after` as well: it is
    what is counted now, less what was corrected later."""

    place: Place
    why: Correction
    by: Counts
    after: Counts

    @property
    def before(self) -> Counts:
        return self.after - self.by


@dataclass(frozen=True, slots=True)
class CorrectionsAsked:
    """Of these organisations, noted from one local day to another, of one service day or of all."""

    organisations: Collection[int]
    from_noted: date | None = None
    to_noted: date | None = None
    day: date | None = None


def corrections(asked: CorrectionsAsked, *, most: int, after: Place = NEWEST) -> tuple[Corrected, ...]:
    """Those behind `after` in their order, at most so many; what came to nothing within a day is left out."""
    given = [asked.day, asked.day, list(asked.organisations), asked.from_noted, asked.to_noted, *after, most]
    found = {Place(*key): by for key, by in _read(_PAGE, given, len(Place._fields))}
    after_each = _after_each(found.keys())
    return tuple(
        Corrected(place, Correction(place.why), by, after_each[place]) for place, by in found.items()
    )


def _after_each(places: Collection[Place]) -> Mapping[Place, Counts]:
    """What was counted after each correction of the days of these."""
    days = sorted({(each.organisation_id, each.day) for each in places})
    given = [None, None, [number for number, _ in days], [day for _, day in days]]
    now = {(number, day): counts for (number, day), counts in _read(_COUNTED, given, 2)}
    told: dict[tuple[int, date], list[tuple[Place, Counts]]] = {}
    for key, by in _read(_OF_THESE, given, len(Place._fields)):
        place = Place(*key)
        told.setdefault((place.organisation_id, place.day), []).append((place, by))
    found: dict[Place, Counts] = {}
    for whose, corrected in told.items():
        found.update(_backwards(now.get(whose, Counts()), sorted(corrected, reverse=True)))
    return found


def _backwards(now: Counts, corrected: Iterable[tuple[Place, Counts]]) -> Iterator[tuple[Place, Counts]]:
    """From what is counted now, the latest correction first."""
    for place, by in corrected:
        yield place, now
        now = now - by


def _read(statement: str, given: Sequence[Any], width: int) -> list[tuple[tuple[Any, ...], Counts]]:
    """Keys of so many columns, each with its counts."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [(row[:width], Counts(*row[width:])) for row in cursor.fetchall()]
