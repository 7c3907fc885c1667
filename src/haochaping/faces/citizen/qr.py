"""A link as a QR code, for the counter's screen, for printed receipts and for what hangs at a window."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import manner_of
from haochaping.foundation.browser import content_policy
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services

# ISO/IEC 18004 asks for a light margin of four modules.
_QUIET_ZONE = 4
_PIXELS_A_MODULE = 8


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


def svg(address: str) -> bytes:
    """The picture of an address, with its quiet zone; the address must bear upper case."""
    return _drawn(address, kind="svg", light="#fff", xmldecl=False, svgclass=None, lineclass=None)


def inline(address: str) -> str:
    """The SVG for within a page, as large as its style says."""
    how = {"light": "#fff", "xmldecl": False, "svgclass": None, "lineclass": None}
    return _drawn(address, kind="svg", omitsize=True, svgns=False, **how).decode()


def png(address: str) -> bytes:
    """The same in black and white pixels, eight to a module."""
    return _drawn(address, kind="png")


def _drawn(address: str, **how: Any) -> bytes:
    picture = BytesIO()
    # Upper case throughout: QR packs two such characters in 11 bits, so the modules on paper get larger.
    code = segno.make(address.upper(), error="m", micro=False)
    code.save(picture, border=_QUIET_ZONE, scale=_PIXELS_A_MODULE, **how)
    return picture.getvalue()
