"""A static code, printed once and hung up for years: it gives the right to rate a window, a hall, a platform or the guide of
an item, whoever comes and without any case.

13 bytes = 21 characters of Crockford base 32: key version and what it is of (1), its id in the registry (4) and 64 bits of
HMAC-SM3 over those. Kept nowhere: a forged one is known without the database, and a rating token is never taken for one.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from haochaping.cases.token import ForgedToken, signed_part
from haochaping.foundation import base32
from haochaping.foundation.sealing import hmac_sm3

LENGTH: Final = 21
# Of the first codes, which were of windows alone: what hangs there must stay good.
PURPOSE: Final = "window token"
_SIZE: Final = 13
_SIGNED: Final = 5
# What is rated without a case, in the words that rules select by, with its number in a code. The other four bits of that
# byte are the key version, 0.
SUBJECTS: Final[Mapping[str, int]] = {"window": 1, "hall": 2, "platform": 3, "guide": 4}
_BY_NUMBER: Final[Mapping[int, str]] = {number: subject for subject, number in SUBJECTS.items()}


class StaticCode(NamedTuple):
    """What a code is of: one of SUBJECTS, and the id in the registry of the window, the hall, the platform (an organisation)
    or the item whose guide it is."""

    subject: str
    thing_id: int

    @property
    def signed(self) -> bytes:
        """The five bytes that say so."""
        return bytes([SUBJECTS[self.subject]]) + self.thing_id.to_bytes(_SIGNED - 1)


def mint(code: StaticCode, key: bytes) -> str:
    """The token of what is rated, 21 upper-case characters, always the same one. `key` is key_for(PURPOSE).

    Raises OverflowError for what is no id of the registry."""
    return base32.encode(code.signed + hmac_sm3(key, code.signed)[: _SIZE - _SIGNED])


def read(text: str, key: bytes) -> StaticCode:
    """What a token in upper or lower case is of. Raises ForgedToken."""
    signed = signed_part(text, LENGTH, size=_SIZE, signed=_SIGNED, key=key)
    subject = _BY_NUMBER.get(signed[0])
    if subject is None:
        raise ForgedToken
    return StaticCode(subject, int.from_bytes(signed[1:]))


def rated_by(
    *, window_id: int | None, hall_id: int | None, item_id: int | None, organisation_id: int
) -> StaticCode:
    """What a rating without a case is of, by what it copied of its place: the narrowest that is there."""
    if window_id is not None:
        return StaticCode("window", window_id)
    if hall_id is not None:
        return StaticCode("hall", hall_id)
    if item_id is not None:
        return StaticCode("guide", item_id)
    return StaticCode("platform", organisation_id)
