"""Which organisation and which division a count belongs to."""

from collections.abc import Mapping
from datetime import date

from haochaping.registry.queries import (
    DivisionView,
    OrganisationView,
    division_tree,
    organisations,
    organisations_ever,
    trial_organisations,
)
from haochaping.tallies.queries import organisation_day_counts, organisation_totals
from haochaping.tallies.rules import Counts


def public_totals(*, to_day: date | None = None) -> dict[int, Counts]:
    """Organisation id → counts of the service days up to `to_day`, None: all. Ratings of the self-test are nobody's."""
    tested = trial_organisations()
    totals = organisation_totals(to_day=to_day)
    return {number: counts for number, counts in totals.items() if number not in tested}


def public_days(*, from_day: date, to_day: date) -> dict[date, Counts]:
    """Service day → counts of everybody, both days included. Ratings of the self-test are nobody's."""
    tested = trial_organisations()
    sums: dict[date, Counts] = {}
    for (number, day), counts in organisation_day_counts(from_day=from_day, to_day=to_day).items():
        if number not in tested:
            sums[day] = sums.get(day, Counts()) + counts
    return sums


def place_counts(totals: Mapping[int, Counts], *, on: date) -> list[tuple[OrganisationView, Counts]]:
    """The counts with the organisations as of `on`, in the registry's order; then the ended ones as
    they last were. An id that the registry never had is left out: only the city's total shows it.
    """
    living = organisations(on)
    known = {view.id for view in living}
    ended = organisations_ever(set(totals) - known, on)
    return [(view, totals[view.id]) for view in (*living, *ended) if view.id in totals]


def top_place(on: date) -> str:
    """The name of the highest division that has organisations of its own; "" for an empty registry."""
    found = top_division(on)
    return found.name if found else ""


def top_division(on: date) -> DivisionView | None:
    """The same division; None for an empty registry."""
    present = {view.division_id for view in organisations(on)}
    found = (division for division in division_tree(on) if division.id in present)
    return min(found, key=lambda each: (each.depth, each.code), default=None)


def place_code(name: str, on: date) -> str:
    """The code of the place of this name; "" where there is none."""
    return next((each.code for each in division_tree(on) if each.name == name), "")


def regions_below(name: str, on: date) -> dict[str, str]:
    """Name → code of the divisions right below the place of this name."""
    tree = division_tree(on)
    above = {each.id for each in tree if each.name == name}
    return {each.name: each.code for each in tree if each.parent_id in above}
