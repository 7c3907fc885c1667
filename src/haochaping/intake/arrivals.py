"""When ratings first came in that could not be stored then. Whoever is asked to send the same submission again is judged by
when it was received, not by when the database came back: else a window that closes meanwhile would shut out who was in time.
"""

import uuid
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from haochaping.ratings.rules import SUBMISSION_LENGTH

# Less than the sweep leaves to those on their way (ratings.operations.GRACE).
KEPT: Final = timedelta(minutes=45)
MOST: Final = 20_000

Key = tuple[uuid.UUID, object]


class Arrivals:
    """The instants of this process, of at most MOST submissions; the oldest make room."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._first: OrderedDict[Key, datetime] = OrderedDict()

    def received(self, occasion_id: uuid.UUID, submission: object, at: datetime) -> datetime:
        """The instant of the first attempt that was not stored, where there was one, else `at`; `submission` as sent."""
        if not self._first or not _plausible(submission):
            return at
        first = self._first.get((occasion_id, submission))
        return at if first is None or at - first > KEPT else first

    def not_stored(self, occasion_id: uuid.UUID, submission: object, at: datetime) -> None:
        """Remembers an attempt that is to be made again. What is no submission id is not worth its memory."""
        if not _plausible(submission):
            return
        self._first.setdefault((occasion_id, submission), at)
        while len(self._first) > self._most or at - next(iter(self._first.values())) > KEPT:
            self._first.popitem(last=False)


def _plausible(submission: object) -> bool:
    return isinstance(submission, str) and len(submission) == SUBMISSION_LENGTH
