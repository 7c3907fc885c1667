"""What becomes of a record that was kept aside (quarantine), and what a person may answer for."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """How a kept record ended; OPEN until somebody decides or the sender corrects it."""

    OPEN = ""
    CORRECTED = "corrected"
    RELEASED = "released"
    REFUSED = "refused"


class Step(StrEnum):
    """One line in the history of a kept record. HELD: a release was decided, but the record still cannot be placed."""

    ASKED = "asked"
    WISHED = "wished"
    HELD = "held"
    RELEASED = "released"
    REFUSED = "refused"


# Doubts that a person can settle by knowing better. What the registry does not know on that day has no place to go, and
# what lies in the future has not happened: these are cured in the registry or by time, never by a click.
ANSWERED_FOR: Final = frozenset({"dummy", "before_acceptance", "item_name", "other_item"})


def in_the_way(codes: Iterable[str]) -> frozenset[str]:
    """The doubts that a release does not settle."""
    return frozenset(codes) - ANSWERED_FOR
