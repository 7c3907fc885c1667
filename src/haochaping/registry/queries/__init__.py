"""Reads of the registry. `on` is a legal day.

Lists give what is valid on that day. Names and single things by id are found also after their end: a work
order of a merged organisation still shows the name that it last had.
"""

from haochaping.registry.queries.divisions import DivisionView, division_tree, divisions_up
from haochaping.registry.queries.divisions import subtree as divisions_below
from haochaping.registry.queries.names import (
    division_codes,
    division_names,
    hall_names,
    hall_names_then,
    item_codes,
    item_names,
    item_names_then,
    item_types,
    items_called_then,
    organisation_names,
    organisation_names_then,
    organisations_called,
    staff_names,
    window_names,
    window_names_then,
)
from haochaping.registry.queries.offers import HallView, ItemView, halls_of, items_of
from haochaping.registry.queries.organisations import (
    OrganisationView,
    authorities,
    authority_above,
    authority_of,
    homes,
    names_by_credit_code,
    organisation,
    organisation_id_by_credit_code,
    organisations,
    organisations_ever,
    scope_of,
)
from haochaping.registry.queries.situations import Described, described, directory, edition, situation
from haochaping.registry.queries.staff import staff_id_by_code, staff_names_in
from haochaping.registry.queries.trials import trial_organisations

__all__ = [
    "Described",
    "DivisionView",
    "HallView",
    "ItemView",
    "OrganisationView",
    "authorities",
    "authority_above",
    "authority_of",
    "described",
    "directory",
    "division_codes",
    "division_names",
    "division_tree",
    "divisions_below",
    "divisions_up",
    "edition",
    "hall_names",
    "hall_names_then",
    "halls_of",
    "homes",
    "item_codes",
    "item_names",
    "item_names_then",
    "item_types",
    "items_called_then",
    "items_of",
    "names_by_credit_code",
    "organisation",
    "organisation_id_by_credit_code",
    "organisation_names",
    "organisation_names_then",
    "organisations",
    "organisations_called",
    "organisations_ever",
    "scope_of",
    "situation",
    "staff_id_by_code",
    "staff_names",
    "staff_names_in",
    "trial_organisations",
    "window_names",
    "window_names_then",
]
