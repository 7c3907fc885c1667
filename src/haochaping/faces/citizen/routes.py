"""The citizen's addresses, mounted by the door. Each says who may call it."""

from functools import partial
from typing import Final

from haochaping.faces.citizen import (
    consent,
    follow_up,
    icon,
    later_words,
    pressure_again,
    privacy,
    qr,
    rate,
    revisit,
    slip,
    static_code,
    taking_back,
    verdict,
)
from haochaping.faces.citizen.own_data import ADDRESSES
from haochaping.faces.citizen.pressure import Pressure
from haochaping.faces.citizen.receipts import Receipts
from haochaping.intake.http import Route

# A text far too long comes back with a word about its length instead of a bare 413.
_FORM_LIMIT = 256 * 1024
# One memory of guesses for all that a receipt opens.
_RECEIPTS = Receipts()
_PRESSURE = Pressure(_RECEIPTS)

_RATED: Final = partial(Route, permission="rating token", slowed=rate.slow_down)
_BY_STATIC_CODE: Final = partial(Route, permission="static code", slowed=rate.slow_down)
_TO_REPORT: Final = "rating token, to report"
_REPORTED: Final = partial(Route, slowed=pressure_again.slow_down)
_HELD: Final = partial(Route, permission="receipt", slowed=follow_up.slow_down)

ROUTES: tuple[Route, ...] = (
    _RATED("GET", "/r/{token}", rate.show),
    _RATED("POST", "/r/{token}", rate.submit, body_limit=_FORM_LIMIT, unready=rate.unready),
    _RATED("GET", "/r/{token}/qr", qr.show),
    _RATED("GET", "/r/{token}/slip", slip.show),
    _RATED("GET", "/r/{token}/slip.pdf", slip.SlipDocument()),
    _RATED("GET", "/r/{token}/qr.png", qr.show_png),
    _BY_STATIC_CODE("GET", "/r/w/{token}", static_code.show),
    _BY_STATIC_CODE(
        "POST",
        "/r/w/{token}",
        static_code.submit,
        body_limit=_FORM_LIMIT,
        unready=static_code.unready,
    ),
    Route("GET", "/receipt", follow_up.ask_receipt, permission="public", slowed=follow_up.slow_down),
    _HELD("POST", "/receipt", follow_up.Lookup(_RECEIPTS), body_limit=16 * 1024),
    *(
        _HELD("POST", f"/receipt/{address}", later_words.LaterWords(_RECEIPTS, kind), body_limit=_FORM_LIMIT)
        for kind, address in ADDRESSES.items()
    ),
    _HELD("POST", "/receipt/verdict", verdict.GiveVerdict(_RECEIPTS), body_limit=16 * 1024),
    _HELD("POST", "/receipt/revisit", revisit.AnswerRevisit(_RECEIPTS), body_limit=_FORM_LIMIT),
    _HELD("POST", "/receipt/withdrawal", taking_back.TakeBackRating(_RECEIPTS), body_limit=16 * 1024),
    _HELD("POST", "/receipt/consent", consent.WithdrawConsent(_RECEIPTS), body_limit=16 * 1024),
    _REPORTED("GET", "/pressure", _PRESSURE.ask_where, permission="public"),
    _REPORTED("GET", "/pressure/receipt", _PRESSURE.ask_progress, permission="public"),
    _REPORTED("POST", "/pressure/receipt", _PRESSURE.progress, permission="receipt", body_limit=16 * 1024),
    _REPORTED("GET", "/pressure/{division}", _PRESSURE.ask_division, permission="public"),
    _REPORTED(
        "POST", "/pressure/{division}", _PRESSURE.submit_division, permission="public", body_limit=_FORM_LIMIT
    ),
    _REPORTED("GET", "/r/{token}/pressure", _PRESSURE.ask_link, permission=_TO_REPORT),
    _REPORTED(
        "POST", "/r/{token}/pressure", _PRESSURE.submit_link, permission=_TO_REPORT, body_limit=_FORM_LIMIT
    ),
    _REPORTED(
        "POST", "/receipt/pressure", _PRESSURE.from_receipt, permission="receipt", body_limit=_FORM_LIMIT
    ),
    Route("GET", "/favicon.ico", icon.show, permission="public"),
    Route("GET", "/privacy", privacy.show, permission="public"),
)
