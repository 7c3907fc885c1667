"""When ratings first came in that could not be stored then. Whoever is asked to send the same submission again is judged by
when it was received, not by when the database came back: else a window that closes meanwhile would shut out who was in time.

The answer that asks for it carries a mark of that instant, which comes back with the second attempt: so any door knows it,
one that was started since then too. For who sends no mark back the process remembers.
"""

import re
import uuid
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, TypeGuard

from haochaping.foundation.clock import at_microsecond, microseconds
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3, same
from haochaping.ratings.rules import SUBMISSION_LENGTH

# Less than the sweep leaves to those on their way (ratings.operations.GRACE).
KEPT: Final = timedelta(minutes=45)
MOST: Final = 20_000
# In which a mark travels by interface, in the answer and with the next attempt; a form has a hidden field.
HEADER: Final = "X-HCP-Received"
MARK: Final = r"[0-9]{16}\.[0-9a-f]{32}"
_MARK: Final = re.compile(MARK)
_SEAL_SIZE: Final = 16

Key = tuple[uuid.UUID, object]


class Arrivals:
    """The instants of this process, of at most MOST submissions; the oldest make room. A `subject` is what is rated, a
    `submission` its id as sent."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._first: OrderedDict[Key, datetime] = OrderedDict()

    def received(self, subject: uuid.UUID, submission: object, at: datetime, mark: str = "") -> datetime:
        """The instant of the first attempt that was not stored, where this process or `mark` knows of one, else `at`."""
        marked = marked_instant(subject, submission, at, mark) if mark else at
        if not self._first or not _plausible(submission):
            return marked
        first = self._first.get((subject, submission))
        return marked if first is None or at - first > KEPT else min(first, marked)

    def not_stored(self, subject: uuid.UUID, submission: object, at: datetime) -> str:
        """Remembers an attempt that is to be made again, and gives the mark for it. What is no submission id is not worth
        its memory."""
        if not _plausible(submission):
            return ""
        self._first.setdefault((subject, submission), at)
        while len(self._first) > self._most or at - next(iter(self._first.values())) > KEPT:
            self._first.popitem(last=False)
        return mark_of(subject, submission, at)


def mark_of(subject: uuid.UUID, submission: object, at: datetime) -> str:
    """What an answer says of when an attempt was received, bound to subject and submission: nobody but its sender can use
    it, and it tells nothing but an instant. "" for what is no submission id."""
    return _sealed(subject, submission, str(microseconds(at))) if _plausible(submission) else ""


def marked_instant(subject: uuid.UUID, submission: object, at: datetime, mark: str) -> datetime:
    """The instant of a mark; `at` where it is none of ours, of another subject or submission, or older than KEPT."""
    if not _plausible(submission) or not _MARK.fullmatch(mark):
        return at
    stamp, _, _ = mark.partition(".")
    if not same(_sealed(subject, submission, stamp).encode(), mark.encode()):
        return at
    # The clocks of two machines may differ: nobody is judged by an instant after his own.
    first = min(at_microsecond(int(stamp)), at)
    return at if at - first > KEPT else first


def _sealed(subject: uuid.UUID, submission: str, stamp: str) -> str:
    said = subject.bytes + submission.encode() + stamp.encode()
    return f"{stamp}.{hmac_sm3(key_for('first attempt'), said)[:_SEAL_SIZE].hex()}"


def _plausible(submission: object) -> TypeGuard[str]:
    return isinstance(submission, str) and len(submission) == SUBMISSION_LENGTH and submission.isascii()
