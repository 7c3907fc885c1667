"""What a rating page carries of its occasion, so that whoever sends it back need not be looked up again: the facts by which
rules are chosen, and the version of the row that had them.

The rating is stored only where the row is still of that version (`intake.statement`); after a correction the occasion is
looked up as it is now, and the rating judged by that. What is carried is no secret from its reader, and sealed together with
the instant at which the page was opened (`rating_form`): nobody is judged by facts of his own making.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from haochaping.cases.facts import Facts, kept_facts
from haochaping.intake.governing import Governed, governed_by
from haochaping.intake.services import Services

if TYPE_CHECKING:
    import asyncpg

# PostgreSQL counts the versions of rows by 32 bits and begins again after four thousand million transactions.
_GOOD_FOR: Final = timedelta(hours=12) // timedelta(milliseconds=1)


class Seen(Struct, frozen=True, gc=False, array_like=True):
    """`version`: of the row in which the facts stood (its xmin); `served`: by a member of staff whom the registry knows."""

    version: int
    served: bool
    facts: Facts


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Seen)


def carried(row: "asyncpg.Record | dict[str, Any]") -> str:
    """What a page is to carry of a row of OPEN_OCCASIONS: ASCII without blanks; "" where the claim is on a unit, whose facts
    are those of an occasion that may become another."""
    if row["unit"]:
        return ""
    seen = Seen(row["version"], row["staff_id"] is not None, kept_facts(row))
    # Without padding: a form that has nothing to be decoded is read in half the time.
    return urlsafe_b64encode(_ENCODER.encode(seen)).decode("ascii").rstrip("=")


def seen_in(text: str, *, spent: int | None) -> Seen | None:
    """What came back with a page that was open for so many milliseconds, None where its seal does not hold. None
    for what is too old, or was written by another release."""
    if spent is None or spent > _GOOD_FOR:
        return None
    try:
        return _DECODER.decode(urlsafe_b64decode(text + "=="))
    except (ValueError, msgspec.DecodeError):
        return None


def governed_as_seen(services: Services, seen: Seen, *, channel: int, at: datetime) -> Governed:
    """The rules for the rating of what the page carries. Raises DirectoryNotRead."""
    return governed_by(services, seen.facts, served=seen.served, channel=channel, at=at)
