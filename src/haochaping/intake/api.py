"""The routes for business systems, all in one place, with their description."""

from typing import Final

from haochaping.intake.http import Route
from haochaping.intake.occasions import ROUTES as OCCASIONS
from haochaping.intake.openapi import described
from haochaping.intake.quarantine_api import ROUTES as QUARANTINE
from haochaping.intake.ratings_api import ROUTES as RATINGS

ROUTES: Final[tuple[Route, ...]] = described((*OCCASIONS, *QUARANTINE, *RATINGS))
