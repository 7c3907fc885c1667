"""What was released of an order whose answer is told no more is withdrawn."""

from datetime import datetime

from haochaping.publication.operations.answers import withdraw_unanswered


def run(*, now: datetime) -> int:
    """How many were withdrawn."""
    return withdraw_unanswered(now=now)
