"""The citizen's addresses, mounted by the door. Each says who may call it."""

from functools import partial
from typing import Final

from haochaping.faces.citizen import follow_up, icon, privacy, qr, rate
from haochaping.intake.http import Route

# A text far too long comes back with a word about its length instead of a bare 413.
_FORM_LIMIT = 256 * 1024

_RATED: Final = partial(Route, permission="rating token", slowed=rate.slow_down)

ROUTES: tuple[Route, ...] = (
    _RATED("GET", "/r/{token}", rate.show),
    _RATED("POST", "/r/{token}", rate.submit, body_limit=_FORM_LIMIT),
    _RATED("GET", "/r/{token}/qr", qr.show),
    Route("GET", "/receipt", follow_up.ask_receipt, permission="public", slowed=follow_up.slow_down),
    Route(
        "POST",
        "/receipt",
        follow_up.Lookup(),
        permission="receipt",
        body_limit=16 * 1024,
        slowed=follow_up.slow_down,
    ),
    Route("GET", "/favicon.ico", icon.show, permission="public"),
    Route("GET", "/privacy", privacy.show, permission="public"),
)
