"""Addresses as QR codes: drawn, not yet answered. Without Django: the door draws them as well."""

from io import BytesIO
from typing import Any, Final

import segno

# ISO/IEC 18004 asks for a light margin of four modules.
_QUIET_ZONE: Final = 4
_PIXELS_A_MODULE: Final = 8


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
