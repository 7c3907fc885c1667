"""What exists for the self-test alone. Lists leave it out; whoever is asked for it by code or id finds it."""

from haochaping.foundation.asked_once import steady
from haochaping.registry import models


@steady
def trial_organisations() -> frozenset[int]:
    """The organisations that were ever placed in a division of the self-test: counted in no figure."""
    placed = models.OrganisationRecord.objects.filter(division__trial=True)
    return frozenset(placed.values_list("organisation_id", flat=True))
