"""Which organisation and which division a count belongs to."""

from collections.abc import Mapping
from datetime import date

from haochaping.registry.queries import (
    OrganisationView,
    division_tree,
    organisation,
    organisations,
    trial_organisations,
)
from haochaping.tallies.queries import organisation_totals
from haochaping.tallies.rules import Counts


def public_totals(*, to_day: date | None = None) -> dict[int, Counts]:
    """Organisation id → counts of the service days up to `to_day`, None: all. Ratings of the self-test are nobody's."""
    tested = trial_organisations()
    totals = organisation_totals(to_day=to_day)
    return {number: counts for number, counts in totals.items() if number not in tested}


def place_counts(totals: Mapping[int, Counts], *, on: date) -> list[tuple[OrganisationView, Counts]]:
    """The counts with the organisations as of `on`, in the registry's order; then the ended ones as
    they last were. An id that the registry never had is left out: only the city's total shows it.
    """
    living = organisations(on)
    known = {view.id for view in living}
    ended = [view for number in sorted(set(totals) - known) if (view := organisation(number, on))]
    return [(view, totals[view.id]) for view in (*living, *ended) if view.id in totals]


def top_place(on: date) -> str:
    """The name of the highest division that has organisations of its own; "" for an empty registry."""
    present = {view.division_id for view in organisations(on)}
    depths = [
        (division.depth, division.code, division.name)
        for division in division_tree(on)
        if division.id in present
    ]
    return min(depths)[2] if depths else ""
