"""The citizen's addresses, mounted by the door. Each says who may call it."""

from haochaping.faces.citizen import consent, follow_up, icon, later_words, privacy, qr, rate, slip, window
from haochaping.faces.citizen.own_data import ADDRESSES
from haochaping.faces.citizen.pressure import Pressure
from haochaping.faces.citizen.receipts import Receipts
from haochaping.intake.http import Route

# A text far too long comes back with a word about its length instead of a bare 413.
_FORM_LIMIT = 256 * 1024
# One memory of guesses for all that a receipt opens.
_RECEIPTS = Receipts()
_PRESSURE = Pressure()

ROUTES: tuple[Route, ...] = (
    Route("GET", "/r/{token}", rate.show, permission="rating token"),
    Route("POST", "/r/{token}", rate.submit, permission="rating token", body_limit=_FORM_LIMIT),
    Route("GET", "/r/{token}/qr", qr.show, permission="rating token"),
    Route("GET", "/r/{token}/slip", slip.show, permission="rating token"),
    Route("GET", "/r/{token}/qr.png", qr.show_png, permission="rating token"),
    Route("GET", "/r/w/{token}", window.show, permission="window token"),
    Route("POST", "/r/w/{token}", window.submit, permission="window token", body_limit=_FORM_LIMIT),
    Route("GET", "/receipt", follow_up.ask_receipt, permission="public"),
    Route("POST", "/receipt", follow_up.Lookup(_RECEIPTS), permission="receipt", body_limit=16 * 1024),
    *(
        Route(
            "POST",
            f"/receipt/{address}",
            later_words.LaterWords(_RECEIPTS, kind),
            permission="receipt",
            body_limit=_FORM_LIMIT,
        )
        for kind, address in ADDRESSES.items()
    ),
    Route(
        "POST",
        "/receipt/consent",
        consent.WithdrawConsent(_RECEIPTS),
        permission="receipt",
        body_limit=16 * 1024,
    ),
    Route("GET", "/pressure", _PRESSURE.ask_where, permission="public"),
    Route("GET", "/pressure/receipt", _PRESSURE.ask_progress, permission="public"),
    Route("POST", "/pressure/receipt", _PRESSURE.progress, permission="receipt", body_limit=16 * 1024),
    Route("GET", "/pressure/{division}", _PRESSURE.ask_division, permission="public"),
    Route(
        "POST", "/pressure/{division}", _PRESSURE.submit_division, permission="public", body_limit=_FORM_LIMIT
    ),
    Route("GET", "/r/{token}/pressure", _PRESSURE.ask_link, permission="rating token, to report"),
    Route(
        "POST",
        "/r/{token}/pressure",
        _PRESSURE.submit_link,
        permission="rating token, to report",
        body_limit=_FORM_LIMIT,
    ),
    Route("POST", "/receipt/pressure", _PRESSURE.from_receipt, permission="receipt", body_limit=_FORM_LIMIT),
    Route("GET", "/favicon.ico", icon.show, permission="public"),
    Route("GET", "/privacy", privacy.show, permission="public"),
)
