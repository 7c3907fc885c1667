"""The figures of the day by channel and tag are frozen in its first minute, or the first after a standstill."""

from datetime import datetime

from haochaping.publication.operations.breakdowns import freeze_breakdown


def run(*, now: datetime) -> int:
    """1 when they were frozen; 0 when today's stand already, or the tallies are not filled yet."""
    return int(freeze_breakdown(now=now))
