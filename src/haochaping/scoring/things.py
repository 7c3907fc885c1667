"""What was counted of windows, halls, items and members of staff in a period, and whom each belongs to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from haochaping.policy.owed import Period
from haochaping.ratings.queries.held import CountedAs
from haochaping.registry.queries.placed import Placed, placed
from haochaping.scoring.places import Places, unit_name
from haochaping.tallies.declared import HALL_MONTH, ITEM_MONTH, STAFF_SERVICES, WINDOW_MONTH
from haochaping.tallies.queries import staff_totals, totals_of
from haochaping.tallies.rules import Counts

_NOTHING: Final = Counts()
_TALLIES: Final = {"window": WINDOW_MONTH, "hall": HALL_MONTH}


class Thing(NamedTuple):
    """One of them: its registry id, its name, the unit to which it belongs, the division by whose rules it is judged."""

    number: int
    name: str
    of: str
    division: int
    counts: Counts


def things(kind: str, period: Period, places: Places, held: Iterable[CountedAs]) -> Iterator[Thing]:
    """Those of one kind, "staff", "window", "hall" or "item", of which anything was counted in the months of the period, by
    their ids; without the ratings `held` back. Of what no place has any more nothing is told. Raises NotFilled."""
    months = period.first.replace(day=1), period.last
    counted = _staff(*months, held) if kind == "staff" else _others(kind, months, places, held)
    for number, found in sorted(placed(kind, counted.keys(), period.last).items()):
        division, of = _belongs(found, places)
        if division is not None:
            yield Thing(number, found.name, of, division, counted[number])


def theirs(kind: str, numbers: Collection[int], on: date, places: Places) -> frozenset[int]:
    """Those of one kind that are scored with these places."""
    return frozenset(
        number
        for number, found in placed(kind, numbers, on).items()
        if _belongs(found, places)[0] is not None
    )


def _belongs(found: Placed, places: Places) -> tuple[int | None, str]:
    """To its organisation; a hall for which none answers, to its division."""
    whose, division = found.organisation_id, found.division_id
    if whose is not None and whose in places.divisions:
        return places.divisions[whose], unit_name("organisation", whose)
    if whose is None and division is not None and division in places.parents:
        return division, unit_name("region", division)
    return None, ""


def _staff(first: date, last: date, held: Iterable[CountedAs]) -> Mapping[int, Counts]:
    """What was said of each himself, and over how many services."""
    sums = dict(staff_totals(from_month=first, to_month=last))
    for (number,), services in totals_of(STAFF_SERVICES, first, last).items():
        sums[number] = sums.get(number, _NOTHING) + Counts(occasions=services.occasions)
    for each in held:
        if each.staff_id is not None and each.staff_level is not None:
            less = Counts(**{f"n{each.staff_level}": 1})
            sums[each.staff_id] = sums.get(each.staff_id, _NOTHING) - less
    return sums


def _others(
    kind: str, months: tuple[date, date], places: Places, held: Iterable[CountedAs]
) -> Mapping[int, Counts]:
    if kind == "item":
        sums: dict[int, Counts] = {}
        # Others may serve the same item elsewhere: what they do is theirs.
        for (whose, number), counts in totals_of(ITEM_MONTH, *months).items():
            if whose in places.divisions:
                sums[number] = sums.get(number, _NOTHING) + counts
    else:
        sums = {number: counts for (number,), counts in totals_of(_TALLIES[kind], *months).items()}
    for each in held:
        about = getattr(each, f"{kind}_id")
        if about in sums:
            sums[about] -= Counts(**{f"n{each.level}": each.weight})
    return sums
