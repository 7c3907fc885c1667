"""Which authority a report of pressure goes to: past whom it is about. Pure."""

from collections.abc import Iterator
from datetime import date

from haochaping.registry.directory import Directory, Org
from haochaping.registry.rules import AUTHORITY


def receiving_authority(
    directory: Directory, *, division_id: int, organisation_id: int | None, on: date
) -> int | None:
    """The organisation id of the government-service authority that receives a report about an organisation of a division.

    That of the organisation's own level (of the division where none is named), else of the nearest division above that
    has one. Where the reported body is itself the authority of its level: the one above (our safeguard, as for objections;
    Kunming, article 10, names the authority 同级). None where there is nobody above it: nobody may judge himself.
    """
    about = directory.organisation_by_id(organisation_id, on) if organisation_id is not None else None
    start = about.division_id if about else division_id
    levels = _upwards(directory, start, on)
    if about is not None and about.kind == AUTHORITY:
        next(levels, None)
    authorities = {each.division_id: each for each in _authorities(directory, on)}
    return next((authorities[level].id for level in levels if level in authorities), None)


def _authorities(directory: Directory, on: date) -> Iterator[Org]:
    """Valid on the day; of several in one division the one with the first code comes last and stays, as in the registry's
    own query (`registry.queries.authority_of`)."""
    found = (each for each in directory.organisations(on) if each.kind == AUTHORITY)
    yield from sorted(found, key=lambda each: each.code, reverse=True)


def _upwards(directory: Directory, division_id: int, on: date) -> Iterator[int]:
    """The division and those above it, each once."""
    seen: set[int] = set()
    here: int | None = division_id
    while here is not None and here not in seen:
        seen.add(here)
        yield here
        division = directory.division_by_id(here, on)
        here = division.parent_id if division else None
