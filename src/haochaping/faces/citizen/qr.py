"""A link as a QR code, for the counter's screen, for printed receipts and for what hangs at a window."""

from collections.abc import Callable

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import manner_of
from haochaping.faces.shared.qr import inline, png, svg
from haochaping.foundation.browser import content_policy
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services

__all__ = ["inline", "png", "show", "show_png", "svg"]


async def show(request: Request, services: Services) -> Response:
    """GET /r/{token}/qr: SVG with its own quiet zone. Asks no database: the page tells whether it is open."""
    return _picture(request, services, svg, "image/svg+xml; charset=utf-8")


async def show_png(request: Request, services: Services) -> Response:
    """GET /r/{token}/qr.png: the same for printers and devices that draw no SVG."""
    return _picture(request, services, png, "image/png")


def _picture(
    request: Request, services: Services, draw: Callable[[str], bytes], content_type: str
) -> Response:
    text = request.parameters["token"]
    try:
        tokens.read(text, key_for("rating token"))
    except tokens.ForgedToken:
        return notices.unknown(manner_of(request))
    return Response(
        200,
        draw(f"{services.base_url}/r/{text}"),
        content_type=content_type,
        headers=(
            ("Content-Security-Policy", content_policy()),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ),
    )
