"""The rating token on receipts and in links: it gives the right to rate one occasion, and says nothing else.

25 bytes = 40 characters of Crockford base 32: the occasion's id (16), key version and channel (1), and 64
bits of HMAC-SM3 over those. No column, no index: a forged token is known without the database.
"""

import uuid

from msgspec import Struct

from haochaping.foundation import base32
from haochaping.foundation.sealing import hmac_sm3, same

LENGTH = 40
_SIZE = 25
_SIGNED = 17
_VERSION = 1
_CHANNELS = range(1, 16)


class ForgedToken(Exception):
    """Not a token that we minted. Says no more: how a forgery fails is nobody's business."""


class RatingToken(Struct, frozen=True, gc=False):
    """What a token says: which occasion, and through which channel (`pf` of the national convention) it was
    handed out.
    """

    occasion_id: uuid.UUID
    channel: int


def mint(occasion_id: uuid.UUID, channel: int, key: bytes) -> str:
    """The token of an occasion for a channel (1 to 15), 40 upper-case characters. `key` is key_for("rating
    token").

    The same occasion and channel always give the same token. Raises ValueError for a channel out of range.
    """
    if channel not in _CHANNELS:
        raise ValueError(f"a channel is a number from 1 to 15, not {channel}")
    signed = occasion_id.bytes + bytes([_VERSION << 4 | channel])
    return base32.encode(signed + hmac_sm3(key, signed)[: _SIZE - _SIGNED])


def read(text: str, key: bytes) -> RatingToken:
    """What a token in upper or lower case says. Raises ForgedToken."""
    signed = signed_part(text, LENGTH, size=_SIZE, signed=_SIGNED, key=key)
    version, channel = signed[-1] >> 4, signed[-1] & 15
    if version != _VERSION or channel not in _CHANNELS:
        raise ForgedToken
    return RatingToken(uuid.UUID(bytes=signed[:16]), channel)


def signed_part(text: str, length: int, *, size: int, signed: int, key: bytes) -> bytes:
    """The first `signed` bytes of a token of so many characters and bytes, whose other bytes are the beginning of their
    HMAC-SM3. Raises ForgedToken."""
    if len(text) != length or not text.isascii():
        raise ForgedToken
    try:
        data = base32.decode(text, size)
    except ValueError:
        raise ForgedToken from None
    said, seal = data[:signed], data[signed:]
    if not same(seal, hmac_sm3(key, said)[: len(seal)]):
        raise ForgedToken
    return said
