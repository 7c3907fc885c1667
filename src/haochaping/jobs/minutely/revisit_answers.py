"""What raters answered to revisits by their receipts reaches whoever waits for it."""

from datetime import datetime

from haochaping.oversight.operations.online import take_in_answers


def run(*, now: datetime) -> int:
    """How many revisits ended by it."""
    return take_in_answers(now=now)
