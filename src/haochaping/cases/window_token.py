"""The token of a window's static code, printed once and hung up for years: it gives the right to rate the window, whoever
comes and without any case.

13 bytes = 21 characters of Crockford base 32: key version (1), the window's id in the registry (4) and 64 bits of HMAC-SM3
over those. Kept nowhere: a forged one is known without the database, and a rating token is never taken for one.
"""

from haochaping.cases.token import ForgedToken, signed_part
from haochaping.foundation import base32
from haochaping.foundation.sealing import hmac_sm3

LENGTH = 21
PURPOSE = "window token"
_SIZE = 13
_SIGNED = 5
_VERSION = 1


def mint(window_id: int, key: bytes) -> str:
    """The token of a window, 21 upper-case characters, always the same one. `key` is key_for(PURPOSE).

    Raises OverflowError for what is no id of a window."""
    signed = bytes([_VERSION]) + window_id.to_bytes(_SIGNED - 1)
    return base32.encode(signed + hmac_sm3(key, signed)[: _SIZE - _SIGNED])


def read(text: str, key: bytes) -> int:
    """The window of a token in upper or lower case. Raises ForgedToken."""
    signed = signed_part(text, LENGTH, size=_SIZE, signed=_SIGNED, key=key)
    if signed[0] != _VERSION:
        raise ForgedToken
    return int.from_bytes(signed[1:])
