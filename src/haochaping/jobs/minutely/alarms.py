"""Alarms that went on or off are told by webhook, again and again until they arrive."""

from datetime import datetime

from haochaping.exchange.webhook import tell_alarms


def run(*, now: datetime) -> int:
    """How many notices arrived."""
    return tell_alarms(now=now)
