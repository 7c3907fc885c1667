"""What the citizen wrote, and which case he named, as it is kept: sealed, so that the table and its dumps hold it unaltered
and name nobody.

The key follows from the root secret, which outlives master keys: a rating is never written again, not even to seal it anew.
"""

import base64
import uuid
from typing import Final

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal

# No text that a citizen may send has this character: what does not begin with it was kept before texts were sealed.
SEALED: Final = "\x02"
_RATING: Final = b"ratings_rating.text:"
_WORD: Final = b"ratings_laterword.text:"
_CASE: Final = b"ratings_namedcase.number:"


def sealed_text(text: str, rating_id: uuid.UUID) -> str:
    """The text for `ratings_rating.text`, bound to its rating; "" for none."""
    return _sealed(text, _RATING + rating_id.bytes)


def opened_text(kept: str, rating_id: uuid.UUID) -> str:
    """What the citizen wrote. Raises SealBroken when it was altered, or is another rating's."""
    return _opened(kept, _RATING + rating_id.bytes)


def sealed_word(text: str, word_id: uuid.UUID) -> str:
    """The text for `ratings_laterword.text`, bound to that later word; "" for none."""
    return _sealed(text, _WORD + word_id.bytes)


def opened_word(kept: str, word_id: uuid.UUID) -> str:
    """What the citizen wrote later. Raises SealBroken likewise."""
    return _opened(kept, _WORD + word_id.bytes)


def sealed_number(number: str, rating_id: uuid.UUID) -> str:
    """The number of a case for `ratings_namedcase.number`, bound to its rating; "" for none."""
    return _sealed(number, _CASE + rating_id.bytes)


def opened_number(kept: str, rating_id: uuid.UUID) -> str:
    """The number that the citizen named; "" once it is gone. Raises SealBroken likewise."""
    return _opened(kept, _CASE + rating_id.bytes)


def _sealed(text: str, place: bytes) -> str:
    if not text:
        return ""
    sealed = seal(key_for("rating text"), text.encode(), place)
    return SEALED + base64.b64encode(sealed).decode()


def _opened(kept: str, place: bytes) -> str:
    if not kept.startswith(SEALED):
        return kept
    sealed = base64.b64decode(kept.removeprefix(SEALED))
    return unseal(key_for("rating text"), sealed, place).decode()
