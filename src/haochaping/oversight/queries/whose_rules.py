"""The rules for what an organisation does itself, whatever it is rated for."""

from datetime import date

from haochaping.cases.facts import RuledOccasion
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import queries as registry


def rules_of(organisation: registry.OrganisationView, rulebook: Rulebook, on: date) -> Profile | None:
    """Those of a day; None where none apply."""
    asked = Occasion(
        organisation.division_code,
        organisation=organisation.credit_code,
        department=organisation.department,
    )
    try:
        return RuledOccasion(asked, on, None).rules(rulebook, step=on)
    except LookupError:
        return None
