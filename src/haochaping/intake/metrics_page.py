"""GET /metrics: for a machine that bears the token; for all others there is no such page."""

from typing import TYPE_CHECKING, Final

from haochaping.foundation.bearer import bears, metrics_token
from haochaping.intake.answers import trouble
from haochaping.intake.http import Request, Response, Route

if TYPE_CHECKING:
    from haochaping.intake.services import Services

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


async def show(request: Request, services: "Services") -> Response:
    """200 with the token of HAOCHAPING_METRICS_TOKEN; 404 without it, whether one is set or not."""
    token = metrics_token()
    if token is None or not bears(request.headers.get("authorization", ""), token):
        return trouble("not_found", path=request.path)
    return Response(200, services.metrics.text(), CONTENT_TYPE)


ROUTES: tuple[Route, ...] = (Route("GET", "/metrics", show, permission="metrics token"),)
