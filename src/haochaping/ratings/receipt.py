"""The receipt: the rater's own way back to the rating. Number and secret follow from the submission id that
the page made, so that the same submission always gets the same receipt and nothing but a keyed hash need be
kept.
"""

import uuid
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from haochaping.foundation import base32
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3, same

NUMBER_LENGTH = 12
_NUMBER_SIZE = 7
_SECRET_SIZE = 10
_SECRET_LENGTH = 16
_GROUP = 4
MARK_SIZE = 12


class Unreadable(ValueError):
    """Typed text that is no receipt number or secret: wrong length, wrong character, or the check character
    does not fit.
    """


class Receipt(NamedTuple):
    """`number` (12 characters) and `secret` (16 and a check character), both as shown: in groups of four with
    hyphens.
    """

    number: str
    secret: str


class Issued(NamedTuple):
    """A receipt for its rater, with what is stored of it: the plain number and the keyed hash of the secret."""

    receipt: Receipt
    number: str
    kept: bytes


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """A key for each purpose: who learns one derives nothing of the others."""

    number: bytes
    secret: bytes
    kept: bytes
    submission: bytes


@cache
def receipt_keys() -> ReceiptKeys:
    """The keys of this process."""
    return ReceiptKeys(
        number=key_for("receipt number"),
        secret=key_for("receipt secret"),
        kept=key_for("receipt secret kept"),
        submission=key_for("submission"),
    )


def issue(occasion_id: uuid.UUID, submission: bytes, keys: ReceiptKeys) -> Issued:
    """The receipt of a submission (16 bytes) on an occasion; always the same one.

    The occasion takes part: a submission id used again on another occasion gets another receipt.
    """
    subject = occasion_id.bytes + submission
    number = base32.encode(hmac_sm3(keys.number, subject)[:_NUMBER_SIZE])
    secret = _secret(subject, keys)
    receipt = Receipt(grouped(number), grouped(secret))
    return Issued(receipt, number, _kept(number, secret[:_SECRET_LENGTH], keys))


def kept_secret(number: str, secret: str, keys: ReceiptKeys) -> bytes:
    """What is kept of a secret: a keyed hash bound to the number. Raises Unreadable."""
    return _kept(read_number(number), read_secret(secret), keys)


def secret_fits(number: str, secret: str, kept: bytes, keys: ReceiptKeys) -> bool:
    """Whether a typed secret is the one whose hash was kept; in constant time. What cannot be read does not
    fit.
    """
    try:
        return same(kept_secret(number, secret, keys), kept)
    except Unreadable:
        return False


def kept_submission(occasion_id: uuid.UUID, submission: bytes, keys: ReceiptKeys) -> bytes:
    """What is kept of a submission id (16 bytes): a keyed hash, by which the same submission is known again."""
    return hmac_sm3(keys.submission, occasion_id.bytes + submission)


def submission_mark(occasion_id: uuid.UUID, submission: bytes, keys: ReceiptKeys) -> bytes:
    """What a rating keeps of its submission id: 12 bytes of the hash. Who met them by chance would be told a receipt that
    was never kept, no more. Ratings of before 2026-12 have all 32."""
    return kept_submission(occasion_id, submission, keys)[:MARK_SIZE]


def read_number(text: str) -> str:
    """A typed receipt number as it is stored. Raises Unreadable."""
    return _clean(text, NUMBER_LENGTH)


def read_secret(text: str) -> str:
    """A typed secret without its check character. Raises Unreadable when a character is wrong or missing."""
    clean = _clean(text, _SECRET_LENGTH + 1)
    secret, check = clean[:-1], clean[-1]
    if base32.check_character(secret) != check:
        raise Unreadable
    return secret


def grouped(text: str) -> str:
    """Characters in groups of four, as people read them out."""
    return "-".join([text[start : start + _GROUP] for start in range(0, len(text), _GROUP)])


def _kept(number: str, secret: str, keys: ReceiptKeys) -> bytes:
    return hmac_sm3(keys.kept, f"{number} {secret}".encode())


def _secret(subject: bytes, keys: ReceiptKeys) -> str:
    """80 bits and the check character. One secret in seven would need a check character that a phone's
    keyboard hides (*, ~, $, =) or that looks like V: those are passed over."""
    for attempt in range(256):
        secret = hmac_sm3(keys.secret, subject + bytes([attempt]))[:_SECRET_SIZE]
        check = base32.check_character_of(secret)
        if check in base32.ALPHABET:
            return base32.encode(secret) + check
    raise AssertionError("256 keyed hashes in a row had no plain check character")


def _clean(text: str, length: int) -> str:
    """Upper case without blanks and hyphens, O read as 0, I and L as 1; full-width characters of a Chinese
    keyboard too.
    """
    plain = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text[:200])
    clean = "".join(plain.split()).replace("-", "").replace("—", "").upper()
    clean = clean.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(clean) != length or any(character not in base32.ALPHABET for character in clean):
        raise Unreadable
    return clean
