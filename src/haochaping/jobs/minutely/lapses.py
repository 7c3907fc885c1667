"""What follows by itself when a limit of a work order has passed: silence about a request, a step that was not done."""

from datetime import datetime

from haochaping.rectification.operations import lapse

# Few orders wait for this, and each is looked at for itself; a longer backlog is worked off in the next minutes.
LIMIT = 500


def run(*, now: datetime) -> int:
    """How many orders moved on."""
    return lapse(now=now, limit=LIMIT)
