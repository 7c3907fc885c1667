"""How each way rates: as a browser, as a device, as a business system. Each gives the receipt or raises Failed."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from haochaping.accounts.operations.keys import IssuedKey
from haochaping.foundation.outgoing import Answer
from haochaping.intake.signing import signed_headers
from haochaping.oversight.watching import Cell, Way
from haochaping.simulation.selftest.calling import Door, Failed

# What a bad rating gives as its reason.
TEXT = "自检：这不是一条真实的评价"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_CODES = re.compile(r'<dd class="code">([0-9A-Za-z-]+)</dd>')


class Receipt(NamedTuple):
    """The way back to a rating."""

    number: str
    secret: str


class _Kept(msgspec.Struct):
    number: str
    secret: str


class _Answer(msgspec.Struct):
    receipt: _Kept


def open_page(door: Door, path: str) -> dict[str, str]:
    """The hidden fields of the rating page. Raises Failed."""
    answer = door.get(path)
    fields = dict(_HIDDEN.findall(answer.body.decode("utf-8", "replace")))
    if answer.status != 200 or "submission" not in fields:
        raise Failed.of(answer)
    return fields


def by_form(door: Door, path: str, hidden: Mapping[str, str], cell: Cell) -> Receipt:
    """As a browser without JavaScript sends the page."""
    body = urlencode({**hidden, **_said(cell)}).encode()
    answer = door.post(path, body, _FORM)
    codes = _CODES.findall(answer.body.decode("utf-8", "replace"))
    if answer.status != 201 or len(codes) < 2:
        raise Failed.of(answer)
    return Receipt(codes[0], codes[1])


def by_device(door: Door, token: str, cell: Cell) -> Receipt:
    """As a tablet at a window."""
    body = msgspec.json.encode({**_said(cell), "submission": secrets.token_hex(16)})
    return _receipt(door.post(f"/api/v1/ratings/{token}", body, _JSON))


def by_client(
    door: Door, path: str, about: Mapping[str, str], cell: Cell, *, key: IssuedKey, now: datetime
) -> Receipt:
    """As a business system that hands in what it was told, signed, with the channel in it: by the link that it holds, or
    `about` the case that it reported."""
    said = {**about, **_said(cell), "submission": secrets.token_hex(16), "pf": str(cell.channel)}
    body = msgspec.json.encode(said)
    return _receipt(
        door.post(path, body, _JSON, lambda: signed_headers(key.key, key.secret, path, body, now=now))
    )


def follow(door: Door, receipt: Receipt) -> str:
    """The page that the receipt opens. Raises Failed."""
    answer = door.post("/receipt", urlencode(receipt._asdict()).encode(), _FORM)
    if answer.status != 200:
        raise Failed.of(answer)
    return answer.body.decode("utf-8", "replace")


def has_page(way: Way) -> bool:
    """Whether somebody sees a page before rating that way."""
    return way is Way.FORM


def _said(cell: Cell) -> dict[str, str]:
    return {"satisfaction": str(cell.level), "named": "0", "writingEvaluation": TEXT}


def _receipt(answer: Answer) -> Receipt:
    try:
        kept = msgspec.json.decode(answer.body, type=_Answer).receipt
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Failed.of(answer) from None
    if answer.status != 201:
        raise Failed.of(answer)
    return Receipt(kept.number, kept.secret)
