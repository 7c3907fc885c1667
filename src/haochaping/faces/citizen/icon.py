"""The icon in a browser's tab. Browsers ask for it unasked; without an answer each page would log a 404."""

from hashlib import sha256
from typing import Final

from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services

_PICTURE: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b57b0"/>'
    b'<g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"><path d="M9 18q7 8 14 0"/>'
    b'<path d="M10.5 11v2M21.5 11v2"/></g></svg>'
)
_HEADERS: Final = (
    ("Cache-Control", "public, max-age=86400"),
    ("ETag", f'"{sha256(_PICTURE).hexdigest()[:16]}"'),
)


async def show(request: Request, services: Services) -> Response:  # noqa: ARG001  (all handlers are called alike)
    """GET /favicon.ico: one smile on the accent's blue, the same for every face."""
    return Response(200, _PICTURE, content_type="image/svg+xml", headers=_HEADERS)
