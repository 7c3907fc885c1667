"""The privacy notice: what is collected, why, how long, and the rater's rights."""

from haochaping.faces.citizen.language import manner_of
from haochaping.faces.citizen.pages import page
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.statement import TRACE_KEPT


async def show(request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """GET /privacy."""
    return page(200, "privacy.html", manner_of(request), trace_days=TRACE_KEPT.days)
