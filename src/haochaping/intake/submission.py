"""A rating on its way to the writer, and what became of it."""

import uuid
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from haochaping.ratings.receipt import Receipt
from haochaping.ratings.rules import RatingContent
from haochaping.ratings.states import Origin


class Submission(Struct, frozen=True, gc=False):
    """One rating as it came in. `received_at` is taken at the door, before anything waits: it decides whether
    it was in time.

    `profile` names the rules by which the content was judged (`Profile.label`): they are stored with it. `channel` is `pf`
    of the national convention. `address` and `device` are keyed hashes (never the values
    themselves) and `elapsed_ms` the time spent on the page, each empty when not known; they go to the trace,
    apart from the rating.

    `seen`: the version of the occasion's row by whose facts it was judged, where that was read for the page and not for this
    rating; it is stored only while the row is of that version.
    """

    occasion_id: uuid.UUID
    content: RatingContent
    profile: str
    channel: int
    received_at: datetime
    origin: Origin = Origin.CITIZEN
    address: bytes | None = None
    device: bytes | None = None
    elapsed_ms: int | None = None
    seen: int | None = None


class Kind(Enum):
    """CREATED: stored now. SAME: this very submission had been stored. GONE: used, expired, closed: all look
    alike. CHANGED: judged by what was seen and is no more so; told only of a submission with `seen`.
    """

    CREATED = "created"
    SAME = "same"
    GONE = "gone"
    CHANGED = "changed"


class Outcome(NamedTuple):
    """What became of a submission; a receipt for CREATED and SAME, none for GONE and CHANGED."""

    kind: Kind
    receipt: Receipt | None


class NotStored(Exception):
    """Nobody may be told that the rating was stored. Sending the same submission again is always safe."""


class QueueFull(NotStored):
    """More is coming in than can be stored: try again in a moment."""


class DatabaseAway(NotStored):
    """The database did not confirm within the time that a person waits. It may have been stored: the same
    submission sent again then gets its receipt."""


class RowRefused(NotStored):
    """The database refused this one rating; what else was stored with it is not touched. An error of ours,
    not the citizen's.
    """
