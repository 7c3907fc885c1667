"""A link as a QR code, for the counter's screen, for printed receipts and for what hangs at a window."""

from io import BytesIO

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
    text = request.parameters["token"]
    try:
        tokens.read(text, key_for("rating token"))
    except tokens.ForgedToken:
        return notices.unknown(manner_of(request))
    return Response(
        200,
        svg(f"{services.base_url}/r/{text}"),
        content_type="image/svg+xml; charset=utf-8",
        headers=(
            ("Content-Security-Policy", content_policy()),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ),
    )


def svg(address: str) -> bytes:
    """The picture of an address, with its quiet zone; the address must bear upper case."""
    picture = BytesIO()
    # Upper case throughout: QR packs two such characters in 11 bits, so the modules on paper get larger.
    code = segno.make(address.upper(), error="m", micro=False)
    code.save(
        picture,
        kind="svg",
        border=_QUIET_ZONE,
        scale=_PIXELS_A_MODULE,
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return picture.getvalue()
