"""Codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), as every application for phones makes them.

Pure. The arithmetic and the comparison in constant time are those of `cryptography`, which we have already.
"""

import base64
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECRET_BYTES: Final = 20
DIGITS: Final = 6
STEP: Final = 30
RECOVERY_CODES: Final = 8
RECOVERY_BYTES: Final = 10
# Wrong codes in a row, from anywhere, before the first lock: who gets here knows the password.
FREE_FAILURES: Final = 5
_ISSUER: Final = "政务服务好差评"
# One step early or late: phones' clocks are a little off, and people type slowly.
_AROUND: Final = (0, -1, 1)


def written(secret: bytes) -> str:
    """The secret in base 32, in groups of four, for who types it instead of taking the picture."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, username: str) -> str:
    """The otpauth address that the QR code carries."""
    return _totp(secret).get_provisioning_uri(username, _ISSUER)


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The 30-second step that a code belongs to, the present one or a neighbour; None for a wrong code."""
    if not (code.isascii() and code.isdigit() and len(code) == DIGITS):
        return None
    present = int(now.timestamp()) // STEP
    for step in (present + offset for offset in _AROUND):
        try:
            _totp(secret).verify(code.encode(), step * STEP)
        except InvalidToken:
            continue
        return step
    return None


def code_at(secret: bytes, now: datetime) -> str:
    """The code of an instant: what the phone shows."""
    return _totp(secret).generate(int(now.timestamp())).decode()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303  (the phones' applications know no other)
