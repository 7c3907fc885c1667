"""What a report of pressure says and what is written about it, as it is kept: sealed, bound to its row and column.

Under a key that follows from the root secret, as texts of ratings: both are evidence. What can lead to a person besides,
the contact, lies in the vault, whose keys change.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from functools import cache

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3, seal, unseal
from haochaping.ratings.receipt import Issued, ReceiptKeys, issue


@dataclass(frozen=True, slots=True)
class Reference:
    """What was served, by registry ids. `subject` is the id of the claim or of the rating: it leads to the printed token and
    is shown to nobody. `rater`: the reporter held the receipt of the rating, so that it is his own."""

    subject: str
    rater: bool
    item_id: int | None
    hall_id: int | None
    window_id: int | None
    staff_id: int | None


def sealed_words(words: str, *, row: uuid.UUID, column: str) -> bytes | None:
    """The words for a column of a report or of a step; None for none."""
    return seal(key_for("pressure report"), words.encode(), _place(row, column)) if words else None


def opened_words(sealed: bytes | memoryview | None, *, row: uuid.UUID, column: str) -> str:
    """What `sealed_words` closed, "" for none. Raises SealBroken when it was altered, or is another row's or column's."""
    return unseal(key_for("pressure report"), bytes(sealed), _place(row, column)).decode() if sealed else ""


def sealed_reference(reference: Reference | None, *, row: uuid.UUID) -> bytes | None:
    """What is referred to, for the column `reference`."""
    return sealed_words(json.dumps(asdict(reference)), row=row, column="reference") if reference else None


def opened_reference(sealed: bytes | memoryview | None, *, row: uuid.UUID) -> Reference | None:
    """What `sealed_reference` closed. Raises SealBroken."""
    words = opened_words(sealed, row=row, column="reference")
    return Reference(**json.loads(words)) if words else None


@cache
def pressure_keys() -> ReceiptKeys:
    """The keys of this process for receipts of reports: none of them opens a rating."""
    return ReceiptKeys(
        number=key_for("pressure number"),
        secret=key_for("pressure secret"),
        kept=key_for("pressure secret kept"),
        submission=key_for("pressure submission"),
    )


def issued(submission: bytes) -> tuple[uuid.UUID, Issued]:
    """The id of the report that a page's submission id (16 bytes) makes, and its receipt: always the same ones. The id tells
    nothing of the time."""
    report_id = uuid.UUID(bytes=hmac_sm3(pressure_keys().submission, submission)[:16], version=4)
    return report_id, issue(report_id, submission, pressure_keys())


def _place(row: uuid.UUID, column: str) -> bytes:
    return b"oversight_pressurereport." + column.encode() + b":" + row.bytes
